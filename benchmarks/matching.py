"""How well names are matched, on two sets of pairs that others made. Prints a table in Markdown.

    python benchmarks/matching.py FOLDER

FOLDER holds ``wikirate-company-identifiers/`` and ``open-apparel-registry-lists/``, which are not part of this
repository. The first asks for each company by the title of its Wikipedia article among some 5,000 companies; the second
are factories that people judged to be the same or not.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from pathlib import Path
from urllib.parse import unquote

from hrdd_graph.matching.directory import Directory, Entry
from hrdd_graph.matching.names import LegalForms, folded, legal_forms
from hrdd_graph.matching.score import Profile, Weights, compare
from hrdd_graph.resources import open_resources

SAME = 0.7


def factory(forms: LegalForms, facts: dict[str, str]) -> Profile:
    return Profile((forms.name(facts["name"]),), facts["country"], folded(facts["address"]))


def main(folder: Path) -> None:
    forms = legal_forms(open_resources(Path(__file__).resolve().parent.parent).data)
    path = folder / "wikirate-company-identifiers" / "wikirate_to_wikipedia.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    directory = Directory(
        (Entry(r["wikirate_id"], r["wikirate_name"], (), Profile((forms.name(r["wikirate_name"]),))) for r in rows),
        forms,
    )
    twins: dict[str, set[str]] = {}
    for row in rows:
        twins.setdefault(row["wikipedia_url"], set()).add(row["wikirate_id"])
    first = five = told = right = 0
    begun = time.perf_counter()
    for row in rows:
        title = re.sub(r"\s*\(.*?\)$", "", unquote(row["wikipedia_url"].partition("/wiki/")[2]).replace("_", " "))
        found = directory.find(Profile((forms.name(title),)))
        wanted = twins[row["wikipedia_url"]]
        hits = [candidate.entry.iri in wanted for candidate in found]
        first += bool(hits) and hits[0]
        five += any(hits)
        if found and found[0].match:
            told += 1
            right += hits[0]
    seconds = (time.perf_counter() - begun) / len(rows)
    print("| companies by the title of their article | |\n|---|---|")
    print(f"| companies asked for, among as many | {len(rows)} |")
    print(f"| the right one first | {first / len(rows):.3f} |\n| among the first five | {five / len(rows):.3f} |")
    print(f"| precision of what is called a match | {right / told:.3f} |\n| recall of it | {right / len(rows):.3f} |")
    print(f"| milliseconds a name | {1000 * seconds:.1f} |\n")

    labelled = json.loads((folder / "open-apparel-registry-lists" / "dedupe_training_pairs.json").read_text("utf-8"))
    pairs = [
        (factory(forms, pair["__value__"][0]), factory(forms, pair["__value__"][1]), same)
        for same, key in ((True, "match"), (False, "distinct"))
        for pair in labelled[key]
    ]
    weights = Weights.of(p for one, other, _ in pairs for p in (one, other))
    judged = [(compare(one, other, weights).score >= SAME, same) for one, other, same in pairs]
    hits, called, true = (sum(test) for test in zip(*((c and s, c, s) for c, s in judged), strict=True))
    print("| factories, the same or not | |\n|---|---|")
    print(f"| pairs judged the same, and not | {true}, {len(pairs) - true} |")
    print(f"| precision at {SAME} | {hits / called:.3f} |\n| recall | {hits / true:.3f} |")
    print(f"| F1 | {2 * hits / (called + true):.3f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
