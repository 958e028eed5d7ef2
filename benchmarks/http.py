"""How fast the server answers: requests a second, latencies, and how a long answer begins.

    python -m benchmarks.http [--seconds 5] [--callers 4] [--workers 1] [--soak 20] [--triples 100000]

Starts the real server in a process of its own, over the real graph and over a made-up one, and drives it from this one
over loopback. Prints Markdown. The soak asks many different questions at 80 % of the highest rate for so many seconds
(600 for a real one, 0 for none), and tells errors, requests without an answer, and growth of memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

EMPTY = "/health/live"
TEMPLATE = "/queries/abuses-of-organisation.json?organisation="
# Each statement so many times: a million rows, the first of which a store knows at once.
QUERY = f"SELECT ?s ?p ?o ?n WHERE {{ ?s ?p ?o VALUES ?n {{ {' '.join(map(str, range(13)))} }} }}"


@dataclass
class Load:
    """What came back: a latency in seconds for each answer, and how many were errors, or never came."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    lost: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """A quantile of the latencies in milliseconds."""
        return sorted(self.latencies)[min(int(share * len(self.latencies)), len(self.latencies) - 1)] * 1000


async def load(port: int, paths: Iterable[str], callers: int, seconds: float, rate: float = 0.0) -> Load:
    """Ask for the paths in turn, over one connection for each caller; at a rate where one is given."""
    found, end = Load(), time.perf_counter() + seconds
    turn = cycle(paths) if isinstance(paths, list) else iter(paths)
    pause = callers / rate if rate else 0.0

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = time.perf_counter()
        while (begun := time.perf_counter()) < end:
            if pause:
                due += pause
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                begun = time.perf_counter()
            writer.write(f"GET {next(turn)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode())
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
            except (OSError, EOFError, ValueError):
                found.lost += 1
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                continue
            found.latencies.append(time.perf_counter() - begun)
            found.errors += not head.startswith(b"http/1.1 200")
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    found.seconds = time.perf_counter() - begun
    return found


@contextmanager
def serving(store: Path, workers: int) -> Iterator[tuple[int, int]]:
    """The real server over a store; gives its port and the id of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "hrdd_graph.cli", "serve", "--store", str(store), "--port", str(port)]
    settings = {**os.environ, "HRDD_QUERY_SECONDS": "600"}  # so that a long answer comes to its end on a busy machine
    process = subprocess.Popen([*command, "--workers", str(workers)], env=settings, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def resident(pid: int) -> int:
    """The bytes that a process and its children hold."""
    held = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if str(pid) in (facts["Pid"].strip(), facts["PPid"].strip()) and "VmRSS" in facts:
            held += int(facts["VmRSS"].split()[0]) << 10
    return held


def organisations(store: Path, most: int = 20) -> tuple[list[str], list[str]]:
    """Organisations about which the template has 1 to 20 rows, and others that were never asked about."""
    from hrdd_graph.store.embedded import EmbeddedStore
    from hrdd_graph.view import open_view

    view = open_view(EmbeddedStore.open(store))
    rows = view.select(
        "PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#> SELECT ?o (COUNT(DISTINCT ?a) AS ?n) WHERE "
        "{ ?a a hrdd:Abuse ; hrdd:hasInvolvement/hrdd:ofParty ?o } GROUP BY ?o ORDER BY DESC(?n) ?o"
    )
    fitting = [row[0].value for row in rows.rows if row[0] and row[1] and 1 <= int(row[1].value) <= most]
    return fitting[:1], fitting[1:2000]


def rdflib_rate(store: Path, organisation: str, seconds: float) -> float:
    """The same template's rows through rdflib, called in this process and not served: queries a second."""
    import rdflib

    from hrdd_graph.resources import open_resources
    from hrdd_graph.store.embedded import EmbeddedStore
    from hrdd_graph.templates import read_templates
    from hrdd_graph.view import open_view

    view = open_view(EmbeddedStore.open(store))
    template = next(t for t in read_templates(open_resources()) if t.name == "abuses-of-organisation")
    text = template.bind({"organisation": [organisation]}, today=view.as_of, limit=101)
    graph = rdflib.Graph()
    lines = "".join(f"{t} .\n" for t in view.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))  # type: ignore[union-attr]  # no boolean
    graph.parse(data=lines, format="nt")
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        list(graph.query(text))
        count += 1
    return count / (time.perf_counter() - begun)


def long_answer(port: int, pid: int) -> str:
    """The first byte, the whole, and the highest memory of a CSV of a million rows."""
    with socket.create_connection(("127.0.0.1", port), timeout=300) as line:
        path = f"/sparql?query={quote(QUERY)}"
        before, begun = resident(pid), time.perf_counter()
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n".encode())
        rows, first, highest, looked = 0, 0.0, before, begun
        while piece := line.recv(1 << 20):
            first = first or time.perf_counter() - begun
            rows += piece.count(b"\r\n")
            if time.perf_counter() - looked > 0.5:
                highest, looked = max(highest, resident(pid)), time.perf_counter()
        whole = time.perf_counter() - begun
    grown = (highest - before) >> 20
    return f"CSV of {rows:,} lines: first byte after {first:.2f} s, the whole {whole:.1f} s, memory +{grown} MiB."


def soak(port: int, pid: int, questions: list[str], options: argparse.Namespace) -> str:
    """What becomes of questions of many kinds at 80 % of the highest rate."""
    sizes = iter(range(20_000_000))
    rest = [EMPTY, "/", "/catalog.json", "/gaps.json", "/search?q=child+labour", "/id/organisation"]
    # Every tenth question is of another kind, and every other of the rest is one that nobody has asked.
    mixed = (
        rest[n // 10 % len(rest)]
        if n % 10 == 0
        else questions[n % len(questions)] + f"&page_size={1 + n % 5000}" * (n % 2)
        for n in sizes
    )
    for path in rest:  # what is worked out once for each state of the graph
        asyncio.run(load(port, [path], 1, 0.01))
    settled = asyncio.run(load(port, mixed, options.callers, max(options.seconds, 10)))
    held = resident(pid)
    found = asyncio.run(load(port, mixed, options.callers, options.soak, 0.8 * settled.rate))
    grown = (resident(pid) - held) / (1 << 20)
    failed = f"{found.errors} errors, {found.lost} without an answer, p99 {found.quantile(0.99):.1f} ms"
    asked = f"{len(found.latencies):,} requests, {found.rate:.0f}/s"
    return f"Soak of {options.soak:g} s at 80 %: {asked}, {failed}, memory {grown:+.1f} MiB of {held >> 20} MiB."


def report(title: str, store: Path, options: argparse.Namespace) -> None:
    """Measure over one store and print the table."""

    def run(port: int, paths: Iterable[str], rate: float = 0.0, seconds: float = 0.0) -> Load:
        return asyncio.run(load(port, paths, options.callers, seconds or options.seconds, rate))

    def row(name: str, found: Load) -> None:
        failed = found.errors + found.lost
        print(f"| {name} | {found.rate:.0f} | {found.quantile(0.5):.1f} | {found.quantile(0.99):.1f} | {failed} |")

    asked, others = organisations(store)
    address: Callable[[str], str] = lambda iri: TEMPLATE + quote(iri)  # noqa: E731
    print(f"\n{title}\n\n| what | requests/s | p50 ms | p99 ms | errors |\n|---|---|---|---|---|")
    with serving(store, options.workers) as (port, pid):
        run(port, [EMPTY, address(asked[0])], seconds=1)
        row("empty route", empty := run(port, [EMPTY]))
        row("a template, the same question", same := run(port, [address(asked[0])]))
        row("the same at half of that rate", run(port, [address(asked[0])], same.rate / 2))
        # A size of the page that nobody has asked for makes a question new, and its answer no other.
        sizes = iter(range(1000, 10_000))
        new = (f"{address(iri)}&page_size={size}" for size in sizes for iri in others[:100])
        row("a template, every question a new one", fresh := run(port, new))
        row("the same at half of that rate", run(port, new, fresh.rate / 2))
        by_rdflib = rdflib_rate(store, asked[0], options.seconds)
        print(f"| its query through rdflib, in process | {by_rdflib:.1f} | | | |")
        shares = (
            f"{same.rate / empty.rate:.2f} of the empty route's requests, new questions {fresh.rate / empty.rate:.2f}"
        )
        print(f"\nThe template serves {shares}; {fresh.rate / by_rdflib:.0f} times rdflib's.", flush=True)
        if options.long:
            print(f"\n{long_answer(port, pid)}", flush=True)
        if options.soak:
            print(f"\n{soak(port, pid, [address(iri) for iri in (asked + others)], options)}", flush=True)


def made_up(folder: Path, triples: int) -> Path:
    """The made-up graph as a store: the generated statements in one public graph, and a catalogue of it."""
    from hrdd_graph.catalog import CATALOG_GRAPH
    from hrdd_graph.namespaces import DCTERMS, HOME, HRDD
    from hrdd_graph.store.embedded import EmbeddedStore, replace_generation
    from hrdd_graph.terms import Iri, Literal, Quad, RdfFormat, Term, parse

    subprocess.run(
        [sys.executable, "-m", "benchmarks.gaps.generate", str(triples), str(folder)], check=True, capture_output=True
    )
    world, derived, catalog = Iri(f"{HOME}graph/world"), Iri(f"{HOME}graph/world/derived"), Iri(CATALOG_GRAPH)
    facts: dict[Iri, Term] = {
        HRDD.describesGraph: world,
        HRDD.hasAccess: HRDD.PublicAccess,
        HRDD.graphDigest: Literal("sha256:made-up"),
        DCTERMS.title: Literal("A made-up world"),
        DCTERMS.license: Iri("https://creativecommons.org/publicdomain/zero/1.0/"),
        DCTERMS.issued: Literal("2016"),
    }

    def fill(store: EmbeddedStore) -> dict[str, str]:
        found = parse(path=str(folder / f"world-{triples}.nt"), format=RdfFormat.N_TRIPLES)
        quads = [Quad(q.subject, q.predicate, q.object, world) for q in found]
        quads += [Quad(Iri(f"{HOME}dataset/world"), name, value, catalog) for name, value in facts.items()]
        store.load(quads, [catalog.value, world.value, derived.value])
        return {}

    replace_generation(folder / "store", fill)
    return folder / "store"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--callers", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--soak", type=float, default=20.0)
    parser.add_argument("--triples", type=int, default=100_000, help="of the made-up graph; 0 to leave it out")
    parser.add_argument("--long", action=argparse.BooleanOptionalAction, default=True, help="the CSV of a million rows")
    options = parser.parse_args()
    from hrdd_graph.opening import build_folder
    from hrdd_graph.resources import open_resources

    cores, busy = os.cpu_count() or 1, os.getloadavg()[0]
    print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}; load before: {busy:.1f}")
    print(f"{options.workers} workers, {options.callers} callers, {options.seconds:g} s each")
    folder = Path(tempfile.mkdtemp(prefix="hrdd-bench-"))
    try:
        build_folder(open_resources(), folder / "real")
        report("The real graph:", folder / "real", options)
        if options.triples:
            (folder / "made").mkdir()
            report(
                f"A made-up graph of {options.triples:,} statements:",
                made_up(folder / "made", options.triples),
                options,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
