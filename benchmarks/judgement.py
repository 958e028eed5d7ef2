"""How good the gap rules are on the real graph: precision by rule, and recall of what a reader marked in the sources.

    python benchmarks/judgement.py

Prints two Markdown tables, from a fresh run as of 20 November 2026 and the verdicts beside the fixtures of the rules
(``tests/gaps/judged.yaml``, ``tests/gaps/recall.yaml``). Precision is right / (right + wrong); debatable findings are
shown apart, and so are findings that nobody has read yet. Recall is the share of situations that at least one finding
of the run answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hrdd_graph.build import build
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.resources import open_resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import open_view

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 20)
WORDS = ("right", "debatable", "wrong", "unread")
Found = dict[str, set[str]]


def found_now() -> Found:
    """For each rule the last parts of the addresses of its findings."""
    resources = open_resources(ROOT)
    store = EmbeddedStore.in_memory()
    build(resources, store)
    rules = read_rules(resources)
    found: Found = {rule.name: set() for rule in rules}
    for finding in run_rules(open_view(store, as_of=DAY), rules).findings:
        found[finding.rule.name].add(finding.iri.rsplit("/", 1)[1])
    return found


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / "tests" / "gaps" / name).read_text(encoding="utf-8"))


def tallies(found: Found, judged: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[tuple[str, Counter[str]]]:
    """For each rule that found something, how many of its findings have which verdict."""
    for rule, numbers in sorted(found.items()):
        verdicts = {str(number): verdict["verdict"] for number, verdict in judged.get(rule, {}).items()}
        if numbers:
            yield rule, Counter(verdicts.get(number, "unread") for number in numbers)


def row(name: str, tally: Counter[str]) -> str:
    decided = tally["right"] + tally["wrong"]
    precision = f"{tally['right'] / decided:.2f}" if decided else "-"
    return f"| {name} | {tally.total()} | {' | '.join(str(tally[word]) for word in WORDS)} | {precision} |"


def state(situation: Mapping[str, Any], found: Found) -> str:
    """Whether a situation is answered by a finding of this run, waits for a rule, or is missed."""
    answers = situation.get("answered", {})
    if any(str(number) in found.get(rule, ()) for rule, numbers in answers.items() for number in _listed(numbers)):
        return "answered"
    return "pending" if "pending" in answers.values() else "missed"


def _listed(numbers: list[str] | str) -> list[str]:
    return [] if isinstance(numbers, str) else numbers


def main() -> None:
    found = found_now()
    silent = sum(1 for numbers in found.values() if not numbers)
    by_rule = list(tallies(found, read("judged.yaml")))
    print(f"| rule | findings | {' | '.join(WORDS)} | precision |\n|---|---|---|---|---|---|---|")
    for name, tally in by_rule:
        print(row(name, tally))
    print(row("**all**", sum((tally for _, tally in by_rule), Counter())))
    print(f"\n{len(found)} rules, of which {silent} find nothing in the five sources.\n")
    print("| source | situations | answered | waiting for a rule | missed | recall |\n|---|---|---|---|---|---|")
    in_all: Counter[str] = Counter()
    for source, situations in read("recall.yaml").items():
        states = Counter(state(situation, found) for situation in situations.values())
        in_all += states
        print(recall_row(source, states))
    print(recall_row("**all**", in_all))


def recall_row(name: str, states: Counter[str]) -> str:
    counts = " | ".join(str(states[word]) for word in ("answered", "pending", "missed"))
    return f"| {name} | {states.total()} | {counts} | {states['answered'] / states.total():.2f} |"


if __name__ == "__main__":
    main()
