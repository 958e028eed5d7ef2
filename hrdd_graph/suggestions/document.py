"""Suggestions as plain data, and as lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hrdd_graph.namespaces import compact
from hrdd_graph.suggestions.suggester import Reason, Suggestion, Suggestions

EMPTY = (
    "Nothing in this text led to a provision. That says nothing of whether a right is touched: "
    "describe what was done to whom in other words, or look through the topics."
)
ADVICE = (
    "Suggestions, not findings: a person decides. What is accepted goes on record with the basis "
    "hrdd:SuggestedAccepted and a rationale of one's own."
)
_SAID = {"topic": "topic", "wording": "wording of the provision", "record": "like the abuse on record"}
_SHOWN = 3


def suggestions_document(found: Suggestions) -> dict[str, Any]:
    """Suggestions as JSON takes them; places count characters from 0 in the text as NFC."""
    return {
        "language": found.language,
        "suggestions": [_suggestion(rank, one) for rank, one in enumerate(found.found, 1)],
        "note": ADVICE if found.found else EMPTY,
    }


def lines(found: Suggestions) -> Iterator[str]:
    """Suggestions for a terminal: a provision to a line, its strongest reasons below it."""
    for rank, one in enumerate(found.found, 1):
        yield f"{rank}. {one.label} ({compact(one.provision)}), {one.score:.2f}"
        for reason in one.reasons[:_SHOWN]:
            yield f"   {said(reason)}"
        if len(one.reasons) > _SHOWN:
            yield f"   and {len(one.reasons) - _SHOWN} weaker reasons"


def said(reason: Reason) -> str:
    """A reason as a sentence says it: the words, and what they led to."""
    words = ", ".join(f"“{span.text}”" for span in reason.words)
    return f"{words}: {_SAID[reason.kind]} {reason.label}"


def _suggestion(rank: int, one: Suggestion) -> dict[str, Any]:
    return {
        "rank": rank,
        "id": compact(one.provision),
        "iri": one.provision,
        "label": one.label,
        "article": compact(one.article),
        "score": one.score,
        "reasons": [
            {
                "kind": reason.kind,
                "iri": reason.iri,
                "label": reason.label,
                "strength": reason.strength,
                "words": [{"text": span.text, "start": span.start, "end": span.end} for span in reason.words],
                "said": said(reason),
            }
            for reason in one.reasons
        ],
    }
