"""Rights that a form suggests for what is written in it, and those that a person took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hrdd_api.knowledge import Knowledge
from hrdd_graph.errors import UnusableInput
from hrdd_graph.suggestions.document import suggestions_document
from hrdd_graph.suggestions.suggester import MOST_CHARACTERS

TAKE = "take-"  # begins the name of a box: take-udhr:23
_SHOWN = 6
_LOOKED_AT = 50  # a suggestion further down is none that a person took from a list


def taken_of(fields: Mapping[str, str], begins: str = TAKE) -> list[str]:
    """The rights whose boxes are ticked, by id."""
    return [name.removeprefix(begins) for name, value in fields.items() if name.startswith(begins) and value]


def suggested(knowledge: Knowledge, text: str, limit: int = _SHOWN) -> dict[str, Any]:
    """What the text suggests, as ``POST /suggestions/rights`` answers."""
    text = text[:MOST_CHARACTERS]
    if not text:
        return {"suggestions": [], "note": "", "language": ""}
    return suggestions_document(knowledge.suggester(knowledge.view()).suggest(text, limit=limit))


def reasons(knowledge: Knowledge, text: str, taken: list[str], where: str = "rights") -> dict[str, str]:
    """The words that led to each right that was taken.

    Raises ``UnusableInput`` about the field ``where`` for one that the text does not suggest.
    """
    found = {s["id"]: s for s in suggested(knowledge, text, _LOOKED_AT)["suggestions"]} if taken else {}
    if strange := [right for right in taken if right not in found]:
        raise UnusableInput.one(
            where, f"{strange[0]} is not suggested by these words.", fix="Ask for suggestions again, or write it."
        )
    told = {}
    for right in taken:
        words = dict.fromkeys(word["text"] for reason in found[right]["reasons"] for word in reason["words"])
        told[right] = f"suggested by the words: {', '.join(list(words)[:10])}, accepted by the submitter"
    return told
