"""The rows of a file that a profile knows: sheet by sheet, without the examples of a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.profile import Profile, SheetMap
from hrdd_graph.intake.readers import reader_of
from hrdd_graph.intake.tables import Row, heading, open_table, sheet_names

# The facts about a table that its source is described with.
FACTS = ("title", "publisher", "issued", "licence")
FILE = "{file}"  # the header that stands for the name of the file
_ABOUT = "about"
_EXAMPLE = "example"  # a row whose key begins so is there to be read by a person


@dataclass(frozen=True)
class Part:
    """A part of a file that a sheet of the profile is for: its headers, as far as a file tells them, and its rows."""

    sheet: SheetMap
    headers: tuple[str, ...]
    rows: Iterator[Row]


def about_sheet(path: Path) -> dict[str, str]:
    """What a workbook's About sheet says in its first two columns: title, publisher, issued, licence."""
    if reader_of(path):
        return {}
    name = next((name for name in sheet_names(path) if heading(name) == _ABOUT), None)
    table = open_table(path, name, ("about", "value")) if name else None
    if table is None:
        return {}
    pairs = ((heading(row.cells.get("about", "")), row.cells.get("value", "")) for row in table.rows())
    return {key: value for key, value in pairs if key in FACTS and value}


def parts_of(profile: Profile, path: Path, encoding: str | None = None) -> Iterator[Part]:
    """The parts of the file that the profile knows, in the profile's order. Raises ``UnusableInput``."""
    if reader := reader_of(path):
        for sheet in profile.sheets:
            if sheet.rows:
                rows = reader.rows(path, sheet.rows, sheet.headers)
                yield Part(sheet, (), _with_versions(_with_file(rows, sheet, path), sheet))
        return
    names = sheet_names(path)
    meant = {heading(sheet.name) for sheet in profile.sheets}
    has_one_table = len(names) == 1 and heading(names[0]) not in meant
    found = False
    for sheet in profile.sheets:
        fitting = [name for name in names if heading(name) == heading(sheet.name)]
        if len(profile.sheets) == 1 and not fitting:
            fitting = names[:1]
        if has_one_table:
            fitting = names if sheet is _best(profile, path, names[0], encoding) else []
        for name in fitting:
            table = open_table(path, name, sheet.headers, encoding)
            if table is None:
                continue
            if table.repeated:
                what = f'has the header "{table.repeated}" twice.'
                raise UnusableInput.one(path, what, line=table.header_row, fix="Rename one of them.")
            have = set(table.headers.values())
            lacking = [
                column.title
                for column in sheet.columns.values()
                if column.required and column.headers and not have & {heading(header) for header in column.headers}
            ]
            if lacking:
                columns = ", ".join(lacking)
                what = f"{sheet.name}: has no column {columns}." if name else f"has no column {columns}."
                fix = f"The columns are {_titles(sheet)}."
                raise UnusableInput.one(path, what, line=table.header_row, fix=fix)
            found = True
            rows = (row for row in table.rows() if not _is_example(row, sheet))
            rows = _with_versions(_with_file(rows, sheet, path), sheet)
            yield Part(sheet, tuple(table.headers.values()), rows)
    if not found:
        sheets = "; ".join(f"{s.name}: {_titles(s)}" for s in profile.sheets if not s.rows)
        inside = f" (its sheets: {', '.join(names)})" if any(names) else ""
        what = f"has no table that {profile.name} knows{inside}."
        made = f"`hrdd template mine.xlsx --profile {profile.name}` makes a workbook to copy rows into."
        fix = f"{made} Sheets and columns are {sheets}." if sheets else "See the example in docs/reference/profiles."
        raise UnusableInput.one(path, what, fix=fix)


def _titles(sheet: SheetMap) -> str:
    """The headers that a person writes."""
    return ", ".join(dict.fromkeys(column.headers[0] for column in sheet.columns.values() if column.headers))


def _with_file(rows: Iterator[Row], sheet: SheetMap, path: Path) -> Iterator[Row]:
    """The rows with the name of their file as a cell, where the sheet has a column for it."""
    if FILE not in sheet.headers:
        return rows
    return (replace(row, cells={**row.cells, FILE: path.stem}) for row in rows)


def _with_versions(rows: Iterator[Row], sheet: SheetMap) -> Iterator[Row]:
    """The rows, told which versions of a thing they are; where there are versions, all rows are in memory at once."""
    if not sheet.versions:
        yield from rows
        return
    thing, order = map(heading, sheet.versions)
    key = heading(sheet.columns[sheet.key].headers[0])
    found = list(rows)
    before: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: row.cells.get(order, "")):
        name = row.cells.get(thing, "")
        if name and name in before:
            before[name].cells["latest"] = "no"
            row.cells["earlier"] = before[name].cells.get(key, "")
        row.cells["latest"] = "yes"
        before[name] = row
    yield from found


def _best(profile: Profile, path: Path, name: str, encoding: str | None) -> SheetMap:
    """The sheet of the profile that a file with one table comes nearest to."""

    def known(sheet: SheetMap) -> int:
        try:
            table = open_table(path, name, sheet.headers, encoding)
        except UnusableInput:  # with the delimiter that headers of another sheet make likely; if all fail, it comes up
            return 0
        return len(set(table.headers.values()) & {heading(h) for h in sheet.headers}) if table else 0

    return max(profile.sheets, key=known)


def _is_example(row: Row, sheet: SheetMap) -> bool:
    headers = sheet.columns[sheet.key].headers
    return any(row.cells.get(heading(header), "").casefold().startswith(_EXAMPLE) for header in headers)
