"""A workbook filled in from a form: rows for the sheets of a profile, as a person would have written them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from hrdd_graph.intake.profile import Profile
from hrdd_graph.submissions.letter import Letter

Rows = Mapping[str, Sequence[Mapping[str, str]]]
_SAVED = datetime(2000, 1, 1)  # what a workbook tells of when it was saved, so that the same form is the same bytes


def filled(rows: Rows, letter: Letter, profile: Profile) -> bytes:
    """The workbook. ``rows`` are by sheet, their cells by the profile's names of columns; each row has the same ones.

    Sheets come in the profile's order, and cells are text. The same rows give the same bytes.
    """
    import xlsxwriter

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(made, options)
    book.set_properties({"created": _SAVED})
    about = {"title": letter.title, "issued": letter.issued, "licence": letter.licence}
    sheets: dict[str, list[tuple[str, ...]]] = {"About": [("About", "Value"), *about.items()]}
    for sheet in profile.sheets:
        if found := rows.get(sheet.name):
            headers = tuple(sheet.columns[name].headers[0] for name in found[0])
            sheets[sheet.name] = [headers, *(tuple(cells.values()) for cells in found)]
    for name, lines in sheets.items():
        page = book.add_worksheet(name)
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                page.write_string(number, place, text)
    book.close()
    return made.getvalue()


def reasoned(accepted: Sequence[tuple[str, str]]) -> str:
    """Accepted suggestions as a cell has them: each id with its reason."""
    return "; ".join(f"{right} = {why}" for right, why in accepted)


def reasons_of(accepted: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Reasons by id, without the signs that part them in a cell."""
    return tuple((right, " ".join(why.translate({59: ",", 61: ":"}).split())) for right, why in accepted.items())
