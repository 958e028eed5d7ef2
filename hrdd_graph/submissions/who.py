"""Who is who in a table that is sent in: what a person decides on pairs of parties that may be one.

The pairs are those of the preview of the table, so the ids of its own parties begin as that gives them. The same table
as a submission has another name, and the decisions are told to it under that.
"""

from __future__ import annotations

from collections.abc import Mapping

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.links import Decisions
from hrdd_graph.intake.review import WORDS

BEGINS = "who:"  # how the field of a form begins
PREVIEWED = "submission-preview"  # what a table is called before it is sent
LATER = "later"
_BETWEEN = "|"


def field_of(party: str, candidate: str) -> str:
    """The field of a form that decides on a pair: ``who:organisation/submission-preview-p1|organisation/example``."""
    return f"{BEGINS}{party}{_BETWEEN}{candidate}"


def decisions_in(fields: Mapping[str, str]) -> Decisions:
    """The decisions among the fields of a form. Raises ``UnusableInput`` where a word is none."""
    found: dict[tuple[str, str], str] = {}
    problems = []
    for name, word in fields.items():
        if not name.startswith(BEGINS) or word in ("", LATER):
            continue
        party, _, candidate = name.removeprefix(BEGINS).partition(_BETWEEN)
        found[party, candidate] = word
        if word not in WORDS:
            fix = f"Write {', '.join(WORDS)} or {LATER}."
            problems.append(Problem(name, 0, "", f'"{word}" is no decision.', fix))
    if problems:
        raise UnusableInput(problems)
    return found


def named(decisions: Decisions, called: str) -> Decisions:
    """The same, for the table under another name."""

    def other(identifier: str) -> str:
        return identifier.replace(f"/{PREVIEWED}-", f"/{called}-", 1)

    return {(other(party), other(candidate)): word for (party, candidate), word in decisions.items()}


def check_known(decisions: Decisions, pairs: set[tuple[str, str]]) -> None:
    """Raises ``UnusableInput`` where a decision is on a pair that nobody asked about, so that none is lost silently."""
    if strange := sorted(decisions.keys() - pairs):
        party, candidate = strange[0]
        what = f"{party} and {candidate} are no pair that may be one."
        raise UnusableInput.one("who", what, fix="Look at the rows again, and decide on what is shown.")
