"""An answer's rows as cells of a sheet, with addresses and names side by side."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.answers._answer import EMPTY, TemplateAnswer
from hrdd_graph.terms import Iri


def columns(answer: TemplateAnswer) -> list[str]:
    """The header of a sheet: each variable, and behind one that holds addresses its ``Label``."""
    found: list[str] = []
    for name in answer.shown_variables:
        place = answer.rows.variables.index(name)
        found.append(name)
        named = f"{name}Label" in answer.rows.variables
        if named or any(isinstance(row[place], Iri) for row in answer.rows.rows):
            found.append(f"{name}Label")
    return found


def cells(answer: TemplateAnswer) -> Iterator[list[str]]:
    """The rows of a sheet under ``columns``: addresses in full, with their names in the reader's language."""
    header = columns(answer)
    places = {name: number for number, name in enumerate(answer.rows.variables)}
    for row in answer.rows.rows:
        cell: list[str] = []
        for name in header:
            subject = name.removesuffix("Label") if name not in places or name.endswith("Label") else name
            is_label = subject != name and subject in places
            term = row[places[subject if is_label else name]]
            if term is None:
                cell.append("")
            elif is_label:
                cell.append(answer.labels(term) if isinstance(term, Iri) else "")
            else:
                cell.append(term.value)
        yield cell


def remarks(answer: TemplateAnswer) -> list[str]:
    """The lines that a sheet ends with: what was asked, the day, the licences, and the receipt."""
    receipt = answer.receipt
    known = f", as known on {receipt.known_on}" if receipt.known_on else ""
    return [
        *([EMPTY] if answer.is_empty else []),
        *(["truncated: there are more rows"] if answer.more else []),
        f"{answer.template.summary} As of {receipt.as_of}{known}. {receipt.rows} rows.",
        f"licence: {' '.join(receipt.licences)}",
        f"receipt: {receipt.token}",
    ]
