"""What was refused, to be mended: a table is written again with each bad cell marked, and the reason in a note on it
and at the end of its row; of a file that is no table, the refused records with their reasons are listed.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.outcome import Outcome, Result
from hrdd_graph.intake.profile import Profile
from hrdd_graph.intake.readers import reader_of
from hrdd_graph.intake.reading import parts_of
from hrdd_graph.intake.tables import SEVERAL, Row, heading, lines_of, open_table, sheet_names
from hrdd_graph.report._spreadsheet import harmless
from hrdd_graph.retelling import ENGLISH, Retelling

REASONS = "What is wrong"


def check_repair(path: Path, out: Path) -> None:
    """Raises ``UnusableInput`` where ``out`` has not the ending of what is written for such a file."""
    ending = ".csv" if reader_of(path) else ".xlsx"
    if out.suffix.lower() != ending:
        what = "lists refused records of a file that is no table" if ending == ".csv" else "is a table written again"
        raise UnusableInput.one("--repair", f"{out}: {what}, as {ending}.", fix=f"Name a file that ends in {ending}.")
    if path.exists() and out.exists() and out.samefile(path):
        raise UnusableInput.one("--repair", f"{out} is the file that is read.", fix="Name another file.")


def write_repair(
    path: Path,
    profile: Profile,
    result: Result,
    out: Path,
    encoding: str | None = None,
    retelling: Retelling = ENGLISH,
) -> None:
    """Write the workbook, which can be mended and imported as it is, or the list (CSV). Cells are never formulas.

    The reasons are in the language of the ``retelling``.
    """
    check_repair(path, out)
    if reader_of(path):
        _write_list(path, profile, result, out, retelling)
    else:
        _write_table(path, profile, result, out, encoding, retelling)


def _write_list(path: Path, profile: Profile, result: Result, out: Path, retelling: Retelling) -> None:
    part = out.with_name(out.name + ".part")
    shown = [c for sheet in profile.sheets for c in sheet.columns.values() if c.headers]
    headers = list({heading(column.headers[0]): column.headers[0] for column in shown}.items())
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as stream:  # with which spreadsheet programs know UTF-8
            write = csv.writer(stream).writerow
            write(["Record", "Place", "Key", retelling.retold(REASONS).text, *(title for _, title in headers)])
            for row, outcome in zip(_rows(path, profile), result.outcomes, strict=True):
                if outcome.state == "refused":
                    reasons = "\n".join(str(reason.retold(retelling)) for reason in outcome.reasons)
                    cells = (row.cells.get(name, "").replace(SEVERAL, "; ") for name, _ in headers)
                    write(map(harmless, (str(row.number), row.locator(path.name), outcome.key, reasons, *cells)))
        part.replace(out)
    except OSError as error:
        raise UnusableInput.one(out, f"cannot be written: {error.strerror}.", fix="Name another file.") from error
    finally:
        part.unlink(missing_ok=True)


def _rows(path: Path, profile: Profile) -> Iterator[Row]:
    for part in parts_of(profile, path):
        yield from part.rows


def _write_table(
    path: Path, profile: Profile, result: Result, out: Path, encoding: str | None, retelling: Retelling
) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    bad: dict[tuple[str, int], Outcome] = {(o.sheet, o.row): o for o in result.outcomes if o.state == "refused"}
    headers = [header for sheet in profile.sheets for header in sheet.headers]
    part = out.with_name(out.name + ".part")
    book = xlsxwriter.Workbook(str(part), options)
    marked = book.add_format({"bg_color": "#FFC7CE", "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for name in sheet_names(path):
        page = book.add_worksheet(name or "Table")
        table = open_table(path, name, headers, encoding)
        header_row = table.header_row if table else 0
        columns = {header: place for place, header in table.headers.items()} if table else {}
        last = max(columns.values(), default=0) + 1
        page.set_column(0, last - 1, 20)
        page.set_column(last, last, 80)
        for number, values in lines_of(path, name, headers, encoding):
            outcome = bad.get((name, number))
            reasons: dict[int, list[str]] = defaultdict(list)
            told = [reason.retold(retelling) for reason in outcome.reasons] if outcome else []
            for reason in told:
                reasons[columns.get(heading(reason.column), last)].append(f"{reason.what} {reason.fix}".strip())
            values = values + [""] * (last - len(values))  # noqa: PLW2901 - the row up to its last column
            for place, value in enumerate(values):
                form = marked if reasons.get(place) else bold if number == header_row else plain
                page.write_string(number - 1, place, value, form)
                if place in reasons and place != last:
                    page.write_comment(number - 1, place, "\n".join(reasons[place]), {"x_scale": 2.5, "y_scale": 1.5})
            if number == header_row:
                page.write_string(number - 1, last, retelling.retold(REASONS).text, bold)
            elif outcome:
                page.write_string(number - 1, last, "\n".join(map(str, told)), marked)
        page.freeze_panes(header_row, 1)
    try:
        book.close()
        part.replace(out)
    except (FileCreateError, OSError) as error:
        raise UnusableInput.one(out, f"cannot be written: {error}.", fix="Name another file.") from error
    finally:
        part.unlink(missing_ok=True)
