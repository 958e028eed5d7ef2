"""Measure the gap engine and others side by side, in one run on one machine.

    python -m benchmarks.gaps [--sizes 10000 100000] [--suites reference world] [--engines NAME ...] [--limit 300]
                              [--write]

Each engine runs in a process of its own: load, full run, one change and a run after it, peak memory. What it finds is
compared with what is known. ``--engines`` takes the beginnings of names.

What was measured is kept beside the data, a measurement for each suite, size and engine, so that long runs can be made
one by one; ``--write`` puts all of it into docs/reference/benchmarks.md, ``--fresh`` forgets it first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.gaps.engines import GAPS_OF_REFERENCE, Engine, engines
from benchmarks.gaps.suites import ROOT, SUITES, Outcome, prepare, why_not

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
BEGIN, END = "<!-- gaps: begin -->", "<!-- gaps: end -->"
AGAIN, MOST = 2.0, 7  # a full run is repeated for so many seconds, so many times at most; the median counts
REFERENCE = "pySHACL on rdflib"
_AN_ERROR = re.compile(r"[\w.]+(Error|Exception): ")  # as a traceback ends; some go on over several lines


@dataclass(frozen=True)
class Measured:
    """One engine on one case, in seconds and MiB; ``None`` where it was not measured.

    ``full_worked`` and ``changed_worked`` are seconds of the processor, of all threads together, where ``full`` and
    ``changed`` are those of the clock. ``verdict`` says how its results compare with what is known, or why there are
    none.
    """

    suite: str
    size: int
    engine: str
    load: float | None = None
    full: float | None = None
    changed: float | None = None
    full_worked: float | None = None
    changed_worked: float | None = None
    memory: float | None = None
    verdict: str = ""
    day: str = ""


def work(suite: str, size: int, name: str, folder: Path, limit: float) -> None:
    """In a process of its own: measure one engine and print what was measured as one line of JSON."""
    case = prepare(suite, size, folder)
    kind = next(kind for kind in engines() if kind.name == name)
    import_module(kind.package)
    engine = kind()
    judged = case.judged & engine.only if engine.only else case.judged
    expected = {outcome for outcome in case.expected if outcome[0] in judged}

    begun = time.perf_counter()
    engine.load(case)
    load = time.perf_counter() - begun
    runs: list[float] = []
    worked: list[float] = []
    found: set[Outcome] = set()
    while not runs or (sum(runs) < AGAIN and len(runs) < MOST):
        begun, at_work = time.perf_counter(), time.process_time()
        results = engine.run()
        runs.append(time.perf_counter() - begun)
        worked.append(time.process_time() - at_work)
        found = set(results)
    found = {outcome for outcome in found if outcome[0] in judged}
    verdict = "right" if found == expected else f"WRONG: {len(expected - found)} missing, {len(found - expected)} extra"
    changed = changed_worked = None
    if sum(runs) + load < limit / 2:  # else there is no time for the change
        engine.change(case.change)
        begun, at_work = time.perf_counter(), time.process_time()
        after = engine.again()
        changed, changed_worked = time.perf_counter() - begun, time.process_time() - at_work
        if not case.tells(set(after)):
            verdict += "; WRONG after the change"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        **{"load": load, "full": statistics.median(runs), "full_worked": statistics.median(worked)},
        **{"changed": changed, "changed_worked": changed_worked, "memory": memory, "verdict": verdict},
    }
    print(json.dumps(told))


def measure(suite: str, size: int, engine: type[Engine], folder: Path, limit: float) -> Measured:
    """Run one engine on one case in another process, for ``limit`` seconds at most."""
    day = datetime.now(UTC).date().isoformat()
    if find_spec(engine.package) is None:
        return Measured(suite, size, engine.name, verdict=f"skipped: {engine.package} is not installed", day=day)
    command = [sys.executable, "-m", "benchmarks.gaps", "--limit", str(limit)]
    command += ["--work", suite, str(size), engine.name, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, cwd=ROOT)
    except subprocess.TimeoutExpired:
        return Measured(suite, size, engine.name, verdict=f"stopped after {limit:.0f} s", day=day)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["killed"]
        error = next((line for line in reversed(lines) if _AN_ERROR.match(line)), lines[-1])
        return Measured(suite, size, engine.name, verdict=f"failed: {error[:120]}".replace("|", "/"), day=day)
    return Measured(suite, size, engine.name, **json.loads(done.stdout.splitlines()[-1]), day=day)


class Kept:
    """What was measured so far, in a file beside the data."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "measured.json"

    def __call__(self) -> list[Measured]:
        """Every measurement, by suite and size, engines in the order of the table."""
        if not self._path.is_file():
            return []
        order = [kind.name for kind in engines()]
        found = [Measured(**each) for each in json.loads(self._path.read_text(encoding="utf-8"))]
        return sorted(
            (one for one in found if one.engine in order),
            key=lambda one: (SUITES.index(one.suite), one.size, order.index(one.engine)),
        )

    def add(self, new: Measured) -> None:
        """Keep a measurement in place of an older one of the same."""
        key = (new.suite, new.size, new.engine)
        others = [old for old in self() if (old.suite, old.size, old.engine) != key]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps([asdict(one) for one in (*others, new)], indent=1), encoding="utf-8")

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


def table(measured: Iterable[Measured]) -> str:
    """A table for each suite and size."""
    every = list(measured)
    parts = []
    for suite, size in dict.fromkeys((m.suite, m.size) for m in every):
        rows = [m for m in every if (m.suite, m.size) == (suite, size)]
        slowest = next((m.full for m in rows if m.engine == REFERENCE), None)
        whole = {kind.name for kind in engines() if not kind.only}
        parts.append(f"### {suite}, {size:,} statements\n")
        parts.append(
            "| engine | load, s | full run, s | of the processor, s | times as fast as pySHACL | after one change, s "
            "| of the processor, s | its part of a full run's | peak memory, MiB | results |"
        )
        parts.append("|---|---|---|---|---|---|---|---|---|---|")
        for one in rows:
            ratio = slowest / one.full if slowest and one.full and one.engine in whole else None
            part = f"{one.changed_worked / one.full_worked:.2%}" if one.changed_worked and one.full_worked else "-"
            numbers = (one.load, one.full, one.full_worked, ratio, one.changed, one.changed_worked)
            cells = (one.engine, *map(_number, numbers), part, _number(one.memory), one.verdict)
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def page(measured: list[Measured]) -> str:
    """The tables, and under which conditions they were made."""
    days = " and ".join(sorted({m.day for m in measured})) or "no day"
    return (
        f"{table(measured)}\nMachine: {machine()}; on {days}. A full run is the median of as many as fit in "
        f"{AGAIN:.0f} s, {MOST} at most; the change is one abuse more. Seconds of the processor are those of all "
        "threads together, and change less than those of the clock where other programs are at work. The "
        f"floor and the line above it are of {len(GAPS_OF_REFERENCE)} rules alone.\n"
    )


def write(text: str) -> None:
    """Put the tables between their marks in the page of measurements."""
    whole = PAGE.read_text(encoding="utf-8")
    before, _, rest = whole.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000], help="statements, at least")
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=list(SUITES))
    parser.add_argument("--engines", nargs="+", default=[""], help="beginnings of names (default: all)")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one engine at one size (default: 300)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where the data is kept")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/reference/benchmarks.md")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        suite, size, name, folder = arguments.work
        work(suite, int(size), name, Path(folder), arguments.limit)
        return
    chosen = [kind for kind in engines() if any(kind.name.startswith(name) for name in arguments.engines)]
    kept = Kept(arguments.folder)
    if arguments.fresh:
        kept.forget()
    for suite in arguments.suites:
        if reason := why_not(suite):
            print(f"{suite}: skipped, {reason}", file=sys.stderr)
            continue
        for size in arguments.sizes:
            prepare(suite, size, arguments.folder)
            for engine in chosen:
                if suite in engine.suites:
                    one = measure(suite, size, engine, arguments.folder, arguments.limit)
                    kept.add(one)
                    print(table([one]).splitlines()[-1] or one.verdict, suite, size, file=sys.stderr, flush=True)
    text = page(kept())
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
