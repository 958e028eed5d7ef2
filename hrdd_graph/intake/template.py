"""An empty workbook for a profile: a sheet for each of its sheets, with help, an example row, and drop-downs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hrdd_graph.build import read_graph
from hrdd_graph.catalog import read_catalog
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.choices import Lists
from hrdd_graph.intake.profile import Column, Profile
from hrdd_graph.intake.tables import heading
from hrdd_graph.matching.names import folded
from hrdd_graph.ontology import read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import ENGLISH, Retelling

ROWS_WITH_LISTS = 2000
_ABOUT = (
    ("title", "", "What this workbook is: organisation, year, subject."),
    ("publisher", "", "The organisation that stands behind it."),
    ("issued", "", "The day by which its content was public, as 2026-11-20."),
    (
        "licence",
        "https://creativecommons.org/licenses/by/4.0/",
        "The address of the licence under which it may be used.",
    ),
)
NEEDED, FROM_THE_LIST, SEVERAL = "Needed.", "Take a word from the list.", "Several go apart by semicolons."
HELP = (*(text for _, _, text in _ABOUT), NEEDED, FROM_THE_LIST, SEVERAL)  # what is said beside the profile's own


def vocabulary_lists(resources: Resources) -> Lists:
    """The choices that every graph has, whatever cases are in it."""
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    quads = [q for e in read_catalog(resources) if e.is_vocabulary for q in read_graph(e, vocabulary).quads]
    return Lists(quads, vocabulary)


def write_template(profile: Profile, lists: Lists, path: Path, retelling: Retelling = ENGLISH) -> None:
    """Write the workbook, or a copy of the example of a profile that reads no tables.

    Help and the words of drop-downs are in the language of the ``retelling``; names of sheets and columns stay.

    Raises ``UnusableInput`` where the file is there already, cannot be written, or has another ending.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    if path.exists():
        raise UnusableInput.one(path, "is there already.", fix="Name another file; nothing is overwritten.")
    tables = [sheet for sheet in profile.sheets if not sheet.rows]
    if not tables:
        _copy_example(profile, path)
        return
    if path.suffix.lower() != ".xlsx":
        raise UnusableInput.one(path, "is no name of a workbook.", fix=f"Name it {path.stem}.xlsx.")
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    styles = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EEF4"}),
        "example": book.add_format({"italic": True, "font_color": "#777777", "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
    }
    _about(book, styles, retelling)
    words = book.add_worksheet("Lists")
    used: dict[tuple[str, ...], str] = {}
    for sheet in tables:
        page = book.add_worksheet(sheet.name)
        shown = list({heading(c.headers[0]): c for c in reversed(sheet.columns.values()) if c.headers}.values())[::-1]
        for place, column in enumerate(shown):
            title = column.headers[0] + (" *" if column.required else "")
            page.set_column(place, place, max(16, min(36, len(column.example) + 2)), styles["text"])
            page.write_string(0, place, title, styles["head"])
            if note := _note(column, sheet.help if place == 0 else "", retelling):
                page.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.5})
            page.write_string(1, place, column.example, styles["example"])
            if place_of_words := _words(column, lists, words, used, retelling.language):
                advice = f"{FROM_THE_LIST} {SEVERAL}" if column.split else FROM_THE_LIST
                rule = {
                    "validate": "list",
                    "source": place_of_words,
                    "error_type": "warning" if column.split else "stop",
                    "error_title": column.headers[0],
                    "error_message": retelling.retold(advice).text,
                }
                page.data_validation(1, place, ROWS_WITH_LISTS, place, rule)
        page.freeze_panes(1, 1)
    words.hide()
    try:
        book.close()
    except (FileCreateError, OSError) as error:
        raise UnusableInput.one(path, f"cannot be written: {error}.", fix="Name another file.") from error


def _copy_example(profile: Profile, path: Path) -> None:
    example = profile.example
    ending = example.suffix if example else ""
    if example is None or path.suffix.lower() != ending:
        what = f"cannot be a workbook: {profile.name} reads {ending.removeprefix('.').upper()} as it is published."
        fix = f"`hrdd template {path.stem}{ending} --profile {profile.name}` writes an example of such a file."
        raise UnusableInput.one(path, what, fix=fix)
    try:
        shutil.copyfile(example, path)
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be written: {error.strerror}.", fix="Name another file.") from error


def _about(book: Any, styles: dict[str, Any], retelling: Retelling) -> None:
    page = book.add_worksheet("About")
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 60)
    page.set_column(2, 2, 70)
    for place, title in enumerate(("About", "Value", "Help")):
        page.write_string(0, place, title, styles["head"])
    for number, row in enumerate(_ABOUT, start=1):
        for place, text in enumerate((*row[:2], retelling.retold(row[2]).text)):
            page.write_string(number, place, text, styles["example"] if place == 2 else styles["text"])


def _note(column: Column, sheet_help: str, retelling: Retelling) -> str:
    parts = (sheet_help, column.help, NEEDED if column.required else "")
    return " ".join(retelling.retold(part).text for part in parts if part)


def _words(column: Column, lists: Lists, page: Any, used: dict[tuple[str, ...], str], language: str) -> str:
    """Where the words of a drop-down stand: a range of a sheet; empty where the column has none."""
    if column.listed_in:
        return f"='{column.listed_in}'!$A$2:$A${ROWS_WITH_LISTS}"
    if column.kind != "choice":
        return ""
    found = [word for word, _ in column.aliases]
    if column.of:
        found = sorted(lists.of(column.of, language).labels.values(), key=folded)
    if not found:  # things of cases, which the lists do not have; an empty list would let nothing in
        return ""
    key = (*column.of, *(word for word, _ in column.aliases))
    if key not in used:
        place = len(used)
        for number, word in enumerate(found):
            page.write_string(number, place, word)
        from xlsxwriter.utility import xl_col_to_name

        letter = xl_col_to_name(place)
        used[key] = f"=Lists!${letter}$1:${letter}${max(len(found), 1)}"
    return used[key]
