"""What is measured on: a data file, a file of shapes, the results that are expected, and one small change.

A result is a triple of names: shape, focus node, value (empty where there is none). ``reference`` is a small vocabulary
with five core shapes and five gap shapes, read from a folder beside the repository; ``world`` is this project's own
catalogue of gap rules on the graph of ``generate.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks.gaps.generate import generate
from hrdd_graph.namespaces import PREFIXES

Outcome: TypeAlias = tuple[str, str, str]

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("HRDD_REFERENCE_BENCH", ROOT.parent / "shared" / "reference-bench"))
SUITES = ("reference", "world")
_BLOCK = 20_000  # lines about one value chain, at most; they stand together
_REFERENCE_NAMES = ("https://example.org/id/", "https://example.org/hrdd/shapes#")


@dataclass(frozen=True)
class Case:
    """A suite at a size. ``judged`` are the shapes whose results are known; the others run unjudged.

    ``change`` is one abuse more, in N-Triples, after which the result ``come`` is found too.
    """

    suite: str
    size: int
    data: Path
    shapes: Path
    expected: frozenset[Outcome]
    judged: frozenset[str]
    change: str
    come: Outcome

    def tells(self, found: Collection[Outcome]) -> bool:
        """Whether what was found after the change tells of it."""
        return self.come in found


def short(value: str) -> str:
    """A node's name without the address before it; other values as they are."""
    for start in (PREFIXES["id"], PREFIXES["gap"], *_REFERENCE_NAMES):
        value = value.removeprefix(start)
    return value.replace("https://example.org/hrdd#", "hr:")


def why_not(suite: str) -> str:
    """Why a suite cannot be measured here; empty where it can."""
    if suite == "reference" and not (REFERENCE / "gen.py").is_file():
        return f"no {REFERENCE}; set HRDD_REFERENCE_BENCH to a folder with gen.py and shapes.ttl"
    return ""


def prepare(suite: str, size: int, folder: Path) -> Case:
    """The case, generated where its files are missing."""
    return _reference(size, folder) if suite == "reference" else _world(size, folder)


def _world(size: int, folder: Path) -> Case:
    data, truth = folder / f"world-{size}.nt", folder / f"world-{size}.truth.tsv"
    if not truth.is_file():
        generate(size, folder)
    shapes = folder / "gaps.ttl"
    files = [ROOT / "shapes" / "prefixes.ttl", *sorted((ROOT / "shapes" / "gaps").glob("*.ttl"))]
    shapes.write_text("\n".join(path.read_text(encoding="utf-8") for path in files), encoding="utf-8")
    written = {path.stem for path in files}
    rows = (line.split("\t") for line in truth.read_text(encoding="utf-8").splitlines())
    expected = frozenset((rule, focus, value) for rule, focus, value in rows if rule in written)
    rule, holder, abuse = min(outcome for outcome in expected if outcome[0] == "certified-open-abuse")
    change = "".join(_another(data, PREFIXES["id"] + abuse))
    come = (rule, holder, f"{abuse}-another")
    return Case("world", size, data, shapes, expected, frozenset(o[0] for o in expected), change, come)


def _another(data: Path, abuse: str) -> Iterator[str]:
    """The statements about an open abuse, and its mapping nodes, again under another name."""
    own = (f"<{abuse}>", f"<{abuse}-severity>", f"<{abuse}-evidence>", f"<{abuse}-party-")
    behind = 0
    with data.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(own):
                yield line.replace(abuse, f"{abuse}-another")
                behind = 1
            elif behind:
                behind += 1
                if behind > _BLOCK:
                    return


def _reference(size: int, folder: Path) -> Case:
    data, truth = folder / f"d{size}.nt", folder / f"d{size}.truth.json"
    if not truth.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(REFERENCE / "gen.py"), str(size), str(folder)]
        subprocess.run(command, check=True, capture_output=True)
    known = json.loads(truth.read_text(encoding="utf-8"))["truth"]
    expected = frozenset((shape, focus, value.strip('"')) for shape, rows in known.items() for focus, value in rows)
    rule, holder, abuse = min(outcome for outcome in expected if outcome[0] == "G1")
    change = "".join(_another(data, _REFERENCE_NAMES[0] + abuse))
    come = (rule, holder, f"{abuse}-another")
    return Case("reference", size, data, REFERENCE / "shapes.ttl", expected, frozenset(known), change, come)
