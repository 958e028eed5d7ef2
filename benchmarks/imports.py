"""How long imports take and how much memory, each in a process of its own. Prints a table in Markdown.

    python -m benchmarks.imports [FOLDER] [--rows 100000 300000] [--processes 2]

FOLDER holds ``open-apparel-registry-lists/``, ``wikirate-modern-slavery-statements/`` and
``us-dol-ilab-child-forced-labor/``, which are not part of this repository: fourteen lists of factories, the answers on
garments and the goods are imported one after the other, matched with what is there by then, and checked. ``--rows`` are
the incidents of sheets that are made up. Memory is the greatest resident set of the process and that of its largest
child together, so that what the two share counts twice; the processor's seconds are those of all of them.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.run import run_import
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parent.parent
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_HEADER = ("Incident ID", "What happened", "Description", "Status", "Rights", "Topics", "Start", "Country",
           "People affected", "How many", "Part in it", "If no remedy")  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What was imported, and what it took: rows, links, statements, seconds, the processors' seconds, and MiB."""

    what: str
    rows: int
    refused: int
    linked: int
    to_decide: int
    statements: int
    seconds: float
    of_processors: float
    mib: float


def incidents(path: Path, rows: int) -> None:
    """A sheet of incidents: each row an abuse with a right, a topic, a country, a group and a silence on remedy."""
    states, rights, countries = ("Reported", "Alleged", "Documented"), ("UDHR 24", "UDHR 23(3)", "UDHR 4"), ("NA", "IN")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADER)
        for number in range(rows):
            label = f"Night shifts of more than twelve hours at mill number {number}"
            text = "Workers say that night shifts before shipment last longer than twelve hours."
            day = f"20{10 + number % 15}-{1 + number % 12:02}"
            people = f"Night-shift workers of mill {number % 500}"
            writer.writerow((f"I{number}", label, text, states[number % 3], rights[number % 3], "Working hours", day,
                             countries[number % 2], people, "about 60", "", "the evidence is silent"))  # fmt: skip


def imported(files: list[tuple[str, Path]], processes: int) -> tuple[int, int, int, int, int]:
    """Import files, each with its profile, into a folder that is thrown away; rows, refused, links, statements."""
    rows = refused = linked = waiting = statements = 0
    with tempfile.TemporaryDirectory() as folder:
        resources = Resources(ROOT, Path(folder))
        for name, path in files:
            profile = read_profile(resources, name)
            about = {"title": path.name, "issued": "2025", "licence": LICENCE} if not profile.licence else {}
            result = run_import(profile, path, resources, about=about, processes=processes)
            rows += len(result.outcomes)
            refused += result.counts["refused"]
            linked += sum(link.is_linked for link in result.links)
            waiting += sum(link.is_open for link in result.links)
            statements += result.statements
    return rows, refused, linked, waiting, statements


def measured(what: str, work: Callable[[], tuple[int, int, int, int, int]]) -> Measured:
    """The work in a process of its own."""
    receiving, sending = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        begun = time.perf_counter()
        found = work()
        seconds = time.perf_counter() - begun
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        worked, memory = sum(u.ru_utime + u.ru_stime for u in used), sum(u.ru_maxrss for u in used)
        sending.send((*found, seconds, worked, memory / 1024))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{what}: the process ended with {process.exitcode}")
    return Measured(what, *receiving.recv())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000])
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    found: list[Measured] = []
    if chosen.folder:
        lists = [
            ("open-apparel-registry", chosen.folder / f"open-apparel-registry-lists/lists/{n}.csv")
            for n in range(2, 16)
        ]
        answers = [("wikirate-modern-slavery", chosen.folder / "wikirate-modern-slavery-statements/msa_garment.csv")]
        goods = [("us-dol-ilab", chosen.folder / "us-dol-ilab-child-forced-labor/goods_list_2022.xml")]
        files = lists + answers + goods
        found.append(measured("lists of factories, answers and goods", lambda: imported(files, chosen.processes)))
    for rows in chosen.rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "incidents.csv"
            incidents(path, rows)
            work = partial(imported, [("spreadsheet", path)], chosen.processes)
            found.append(measured("a sheet of incidents", work))
    heads = ("imported, matched and checked", "rows", "refused", "linked", "to decide", "statements", "seconds",
             "of processors", "MiB")  # fmt: skip
    print(f"| {' | '.join(heads)} |")
    print("|---|---|---|---|---|---|---|---|---|")
    for each in found:
        print(f"| {each.what} | {each.rows} | {each.refused} | {each.linked} | {each.to_decide} | {each.statements} "
              f"| {each.seconds:.1f} | {each.of_processors:.1f} | {each.mib:.0f} |")  # fmt: skip
    print(f"\n{chosen.processes} processes, load {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
