"""Which records a second reader compares with the text: a random sample of the case sheets, the same for the same seed.

    python benchmarks/audit_sample.py [--seed N] [--size 60] [--texts FOLDER]

Every sheet gives the same number of records. Within a sheet the kinds take turns, so that impacts, responses,
commitments, relationships, figures, absences, mentions and the rest all occur. Prints for each record its kind, its
classes, the line in the sheet and its locator. ``--texts`` names a folder with one text for each source, called
``<source>.txt``, and prints the lines there that the locator names.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import secrets
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from hrdd_graph.evidence.sheet import absolute, read_sheet
from hrdd_graph.ontology import Vocabulary, read_vocabulary
from hrdd_graph.resources import Resources, open_resources

# The kinds in the order in which they take turns, each with the class at its head. A record is of the first that fits.
KINDS = {
    "impact": ("Impact", "ImpactPattern"),
    "response": ("Response",),
    "relationship": ("Relationship",),
    "commitment": ("Commitment",),
    "figure": ("Figure",),
    "absence": ("AbsenceRecord",),
    "mention": ("Mention",),
    "other": ("Record", "Source"),
}


@dataclass(frozen=True)
class Drawn:
    """A record that was drawn: where it is described and which place of its source it names."""

    sheet: Path
    line: int
    identifier: str
    kind: str
    classes: tuple[str, ...]
    locator: str


def records_of(sheet: Path, vocabulary: Vocabulary) -> list[Drawn]:
    """Every record of a sheet that can be compared with a text, in the order of the sheet."""
    read = read_sheet(sheet, vocabulary)
    found = []
    for node in read.document["@graph"]:
        classes = tuple([node["type"]] if isinstance(node["type"], str) else node["type"])
        kind = next((k for k, heads in KINDS.items() if any(vocabulary.is_a(classes, h) for h in heads)), "")
        if kind and node.get("locator"):
            line = read.lines[absolute(node["id"])]
            found.append(Drawn(sheet, line, node["id"], kind, classes, str(node["locator"])))
    return found


def draw(records: list[Drawn], size: int, seed: int) -> list[Drawn]:
    """Up to ``size`` records, one kind after another in turn until the number is reached.

    The lot of a record hangs on the seed and its identifier alone, so that later additions hardly change the sample.
    """
    waiting = defaultdict(list)
    for record in sorted(records, key=lambda r: hashlib.sha256(f"{seed} {r.identifier}".encode()).digest()):
        waiting[record.kind].append(record)
    drawn: list[Drawn] = []
    while len(drawn) < size and any(waiting.values()):
        for kind in KINDS:
            if waiting[kind] and len(drawn) < size:
                drawn.append(waiting[kind].pop(0))
    return sorted(drawn, key=lambda record: record.line)


def sample(resources: Resources, seed: int, size: int) -> list[Drawn]:
    """The sample of all sheets. A remainder goes to the first sheets by name."""
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    sheets = sorted((resources.data / "cases").glob("*.yaml"))
    share, remainder = divmod(size, len(sheets))
    drawn: list[Drawn] = []
    for number, sheet in enumerate(sheets):
        drawn += draw(records_of(sheet, vocabulary), share + (number < remainder), seed)
    return drawn


def lines_named(locator: str) -> list[int]:
    """The line numbers in a locator such as ``Box 1, lines 165-177`` or ``Table 2, L1529-1805; L12``."""
    numbers: list[int] = []
    for match in re.finditer(r"(?:lines?|and|,|L)\s*(\d+)(?:-(\d+))?", locator):
        first = int(match[1])
        numbers += range(first, int(match[2] or first) + 1)
    return numbers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, help="draw the sample of this number again (default: a new one)")
    parser.add_argument("--size", type=int, default=60, help="how many records (default: 60)")
    parser.add_argument("--texts", type=Path, help="a folder with <source>.txt, to print the lines named")
    arguments = parser.parse_args()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    resources = open_resources()
    drawn = sample(resources, seed, arguments.size)
    print(f"seed {seed}, {len(drawn)} records")
    for number, record in enumerate(drawn, start=1):
        place = f"{resources.shown(record.sheet)}:{record.line}"
        print(f"\n{number:3} {record.identifier}  ({record.kind}: {', '.join(record.classes)})")
        print(f"    {place}\n    {record.sheet.stem}: {record.locator}")
        if arguments.texts:
            text = (arguments.texts / f"{record.sheet.stem}.txt").read_text(encoding="utf-8").split("\n")
            for line in sorted(set(lines_named(record.locator))):
                if 0 < line <= len(text) and text[line - 1].strip():
                    print(f"    | {line}: {text[line - 1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
