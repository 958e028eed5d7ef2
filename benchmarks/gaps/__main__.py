"""Measure the gap engine and others side by side, in one run on one machine.

    python -m benchmarks.gaps [--sizes 10000 100000] [--suites reference world] [--engines NAME ...] [--limit 300]
                              [--write]

Each engine runs in a process of its own: load, full run, one change and a run after it, peak memory. What it finds is
compared with what is known. ``--write`` puts the table into docs/reference/benchmarks.md. ``--engines`` takes the
beginnings of names.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from benchmarks.gaps.engines import Engine, engines
from benchmarks.gaps.suites import ROOT, SUITES, Outcome, prepare, why_not

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
BEGIN, END = "<!-- gaps: begin -->", "<!-- gaps: end -->"


@dataclass(frozen=True)
class Measured:
    """One engine on one case. ``verdict`` says how its results compare with what is known, or why there are none."""

    suite: str
    size: int
    engine: str
    load: str = "-"
    full: str = "-"
    changed: str = "-"
    memory: str = "-"
    verdict: str = ""

    def row(self) -> str:
        return f"| {self.engine} | {self.load} | {self.full} | {self.changed} | {self.memory} | {self.verdict} |"


def work(suite: str, size: int, name: str, folder: Path) -> None:
    """In a process of its own: measure one engine and print what was measured as one line of JSON."""
    case = prepare(suite, size, folder)
    engine = next(kind for kind in engines() if kind.name == name)()
    judged = case.judged & engine.only if engine.only else case.judged
    expected = {outcome for outcome in case.expected if outcome[0] in judged}

    def run() -> tuple[float, set[Outcome]]:
        begun = time.perf_counter()
        found = engine.run()
        return time.perf_counter() - begun, {outcome for outcome in found if outcome[0] in judged}

    begun = time.perf_counter()
    engine.load(case)
    load = time.perf_counter() - begun
    full, found = run()
    verdict = "right" if found == expected else f"WRONG: {len(expected - found)} missing, {len(found - expected)} extra"
    engine.change(case.change)
    changed, after = run()
    if case.gone in after:
        verdict += "; WRONG after the change"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"load": load, "full": full, "changed": changed, "memory": memory, "verdict": verdict}))


def measure(suite: str, size: int, engine: type[Engine], folder: Path, limit: float) -> Measured:
    """Run one engine on one case in another process, for ``limit`` seconds at most."""
    if find_spec(engine.package) is None:
        return Measured(suite, size, engine.name, verdict=f"skipped: {engine.package} is not installed")
    command = [sys.executable, "-m", "benchmarks.gaps", "--work", suite, str(size), engine.name, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, cwd=ROOT)
    except subprocess.TimeoutExpired:
        return Measured(suite, size, engine.name, full=f"> {limit:.0f} s", verdict="stopped")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return Measured(suite, size, engine.name, verdict=f"failed: {last[:120]}".replace("|", "/"))
    told = json.loads(done.stdout.splitlines()[-1])
    load, full, changed = (f"{told[step]:.3g}" for step in ("load", "full", "changed"))
    return Measured(suite, size, engine.name, load, full, changed, f"{told['memory']:.0f}", told["verdict"])


def table(measured: list[Measured]) -> str:
    """A table for each suite and size."""
    parts = []
    for suite, size in dict.fromkeys((m.suite, m.size) for m in measured):
        parts.append(f"### {suite}, {size:,} statements\n")
        parts.append("| engine | load, s | full run, s | after one change, s | peak memory, MiB | results |")
        parts.append("|---|---|---|---|---|---|")
        parts += [m.row() for m in measured if (m.suite, m.size) == (suite, size)]
        parts.append("")
    return "\n".join(parts)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    day = datetime.now(UTC).strftime("%-d %B %Y")
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {day}"


def write(text: str) -> None:
    """Put the tables between their marks in the page of measurements."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="statements, at least")
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=list(SUITES))
    parser.add_argument("--engines", nargs="+", default=[""], help="beginnings of names (default: all)")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one engine at one size (default: 300)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where the data is kept")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/reference/benchmarks.md")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        suite, size, name, folder = arguments.work
        work(suite, int(size), name, Path(folder))
        return
    chosen = [kind for kind in engines() if any(kind.name.startswith(name) for name in arguments.engines)]
    measured = []
    for suite in arguments.suites:
        if reason := why_not(suite):
            print(f"{suite}: skipped, {reason}", file=sys.stderr)
            continue
        for size in arguments.sizes:
            prepare(suite, size, arguments.folder)
            for engine in chosen:
                if suite in engine.suites:
                    measured.append(measure(suite, size, engine, arguments.folder, arguments.limit))
                    print(suite, size, measured[-1].row(), file=sys.stderr, flush=True)
    text = f"{table(measured)}\nMachine: {machine()}; at most {arguments.limit:.0f} s for each engine and size.\n"
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
