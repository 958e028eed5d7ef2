"""What an import would do or has done, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from hrdd_graph.retelling import Retelling

STATES = ("new", "changed", "unchanged", "repeated", "refused")


@dataclass(frozen=True)
class Reason:
    """Why a row is refused, or what a good row would have: ``column`` is a header, empty for the row as a whole."""

    column: str
    what: str
    fix: str = ""
    shape: str = ""

    def retold(self, retelling: Retelling) -> Reason:
        """The reason in another language; what that does not know stays English."""
        return replace(self, what=retelling.retold(self.what).text, fix=retelling.retold(self.fix).text)

    def __str__(self) -> str:
        return (f"{self.column}: " if self.column else "") + self.what + (f" {self.fix}" if self.fix else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row. ``state`` is one of ``STATES``; ``main`` is the address of its first record."""

    sheet: str
    row: int
    key: str
    state: str
    main: str = ""
    reasons: tuple[Reason, ...] = ()
    advice: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Link:
    """Two parties that may be one: a row's ``party``, and a ``candidate`` of the graph or an earlier row, by their ids.

    ``why`` are the features that the score is made of. ``sure`` ones are linked, others wait for a person, whose
    ``decision`` is ``same`` or ``different``; a decision counts more than a score.
    """

    sheet: str
    row: int
    party: str
    name: str
    candidate: str
    label: str
    score: float
    why: str
    sure: bool
    decision: str = ""

    @property
    def is_linked(self) -> bool:
        """Whether the two are taken for one."""
        return self.decision == "same" or (self.sure and not self.decision)

    @property
    def is_open(self) -> bool:
        """Whether a person has to decide."""
        return not self.sure and not self.decision


@dataclass(frozen=True)
class Result:
    """An import: its graph, what became of each row, what was matched, and where it was saved (``None``: nowhere)."""

    graph: str
    outcomes: Collection[Outcome]
    kept: int  # records of an earlier import that the file says nothing of
    statements: int
    unused: tuple[str, ...] = ()  # headers that the profile does not know
    links: tuple[Link, ...] = field(default=())
    saved: Path | None = None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        counted = Counter(outcome.state for outcome in self.outcomes)
        return {state: counted[state] for state in STATES}


def document(result: Result) -> dict[str, Any]:
    """The result as JSON."""

    def reason(each: Reason) -> dict[str, str]:
        return {key: value for key, value in vars(each).items() if value}

    return {
        "graph": result.graph,
        "saved": result.saved is not None,
        "counts": result.counts,
        "kept": result.kept,
        "statements": result.statements,
        "unusedColumns": list(result.unused),
        "rows": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "key": each.key,
                "state": each.state,
                "iri": each.main,
                "reasons": [reason(r) for r in each.reasons],
                "advice": [reason(r) for r in each.advice],
            }
            for each in result.outcomes
        ],
        "links": [{**vars(link), "linked": link.is_linked} for link in result.links],
    }


def text(result: Result, most: int = 50) -> str:
    """The result for a person: refused rows first with their reasons, then the others; at most ``most`` of a state."""
    lines = []
    shown: dict[str, list[Outcome]] = {state: [] for state in STATES}
    advice: Counter[str] = Counter()
    for outcome in result.outcomes:
        if len(shown[outcome.state]) < most:
            shown[outcome.state].append(outcome)
        advice.update(map(str, outcome.advice))
    for state in reversed(STATES):
        if state in ("unchanged", "repeated"):
            continue
        for outcome in shown[state]:
            place = f"{outcome.sheet} row {outcome.row}".strip()
            lines.append(f"{state:9}  {place}  {outcome.key}")
            lines += [f"           {reason}" for reason in outcome.reasons]
        if (left := result.counts[state] - len(shown[state])) > 0:
            lines.append(f"{state:9}  ... and {left} more")
    if advice:
        lines.append("A good sheet would also have:")
        lines += [f"  {count} x {what}" for what, count in advice.most_common(10)]
    linked = [link for link in result.links if link.is_linked]
    waiting = [link for link in result.links if link.is_open]
    for word, links in (("linked", linked), ("to decide", waiting)):
        for link in links[:most]:
            place = f"{link.sheet} row {link.row}".strip()
            lines.append(f"{word:9}  {place}  {link.name}: {link.label} ({link.candidate}), {link.score:.2f}")
            lines.append(f"           {link.why}")
        if len(links) > most:
            lines.append(f"{word:9}  ... and {len(links) - most} more")
    if result.unused:
        lines.append(f"Columns that are not used: {', '.join(result.unused)}.")
    return "\n".join([*lines, summary(result)])


def summary(result: Result) -> str:
    """One line: the counts."""
    counted = ", ".join(f"{count} {state}" for state, count in result.counts.items() if count)
    kept = f"; {result.kept} records of earlier imports kept" if result.kept else ""
    linked, waiting = (sum(map(test, result.links)) for test in (lambda k: k.is_linked, lambda k: k.is_open))
    links = f"; {linked} parties linked, {waiting} to decide" if linked or waiting else ""
    return f"{counted or 'no rows'}{kept}{links}."
