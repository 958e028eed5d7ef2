"""What an import would do or has done, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATES = ("new", "changed", "unchanged", "repeated", "refused")


@dataclass(frozen=True)
class Reason:
    """Why a row is refused, or what a good row would have: ``column`` is a header, empty for the row as a whole."""

    column: str
    what: str
    fix: str = ""
    shape: str = ""

    def __str__(self) -> str:
        return (f"{self.column}: " if self.column else "") + self.what + (f" {self.fix}" if self.fix else "")


@dataclass(frozen=True)
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
    """A row and the party on record that its name is like; ``sure`` ones are linked, others wait for a person."""

    sheet: str
    row: int
    name: str
    candidate: str
    label: str
    score: float
    sure: bool


@dataclass(frozen=True)
class Result:
    """An import: its graph, what became of each row, what was matched, and where it was saved (``None``: nowhere)."""

    graph: str
    outcomes: tuple[Outcome, ...]
    kept: int  # records of an earlier import that the file says nothing of
    statements: int
    unused: tuple[str, ...] = ()  # headers that the profile does not know
    links: tuple[Link, ...] = field(default=())
    saved: Path | None = None

    @property
    def counts(self) -> dict[str, int]:
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
        "links": [vars(link) for link in result.links],
    }


def text(result: Result, most: int = 50) -> str:
    """The result for a person: refused rows first with their reasons, then the others; at most ``most`` of a state."""
    lines = []
    for state in reversed(STATES):
        rows = [outcome for outcome in result.outcomes if outcome.state == state]
        if state in ("unchanged", "repeated"):
            continue
        for outcome in rows[:most]:
            place = f"{outcome.sheet} row {outcome.row}".strip()
            lines.append(f"{state:9}  {place}  {outcome.key}")
            lines += [f"           {reason}" for reason in outcome.reasons]
        if len(rows) > most:
            lines.append(f"{state:9}  ... and {len(rows) - most} more")
    advice = Counter(str(a) for outcome in result.outcomes for a in outcome.advice)
    if advice:
        lines.append("A good sheet would also have:")
        lines += [f"  {count} x {what}" for what, count in advice.most_common(10)]
    waiting = [link for link in result.links if not link.sure]
    sure = [link for link in result.links if link.sure]
    lines += [f"matched    row {k.row}  {k.name} is {k.label} ({k.candidate}, {k.score:.2f})" for k in sure[:most]]
    lines += [
        f"to decide  row {k.row}  {k.name} may be {k.label} ({k.candidate}, {k.score:.2f})" for k in waiting[:most]
    ]
    if result.unused:
        lines.append(f"Columns that are not used: {', '.join(result.unused)}.")
    return "\n".join([*lines, summary(result)])


def summary(result: Result) -> str:
    """One line: the counts."""
    counted = ", ".join(f"{count} {state}" for state, count in result.counts.items() if count)
    kept = f"; {result.kept} records of earlier imports kept" if result.kept else ""
    return f"{counted or 'no rows'}{kept}."


def refused(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The refused rows."""
    return [outcome for outcome in outcomes if outcome.state == "refused"]
