"""The table again, to be mended: each bad cell marked, and the reason in a note on it and at the end of its row."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.outcome import Outcome, Result
from hrdd_graph.intake.profile import Profile
from hrdd_graph.intake.readers import reader_of
from hrdd_graph.intake.tables import heading, lines_of, open_table, sheet_names

REASONS = "What is wrong"


def write_repair(path: Path, profile: Profile, result: Result, out: Path, encoding: str | None = None) -> None:
    """Write the workbook; cells are text and never formulas. It can be mended and imported as it is."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    if reader_of(path):
        raise UnusableInput.one(path, "is no table, and cannot be written as one.", fix="Leave --repair out.")
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
            for reason in outcome.reasons if outcome else ():
                reasons[columns.get(heading(reason.column), last)].append(f"{reason.what} {reason.fix}".strip())
            values = values + [""] * (last - len(values))  # noqa: PLW2901 - the row up to its last column
            for place, value in enumerate(values):
                form = marked if reasons.get(place) else bold if number == header_row else plain
                page.write_string(number - 1, place, value, form)
                if place in reasons and place != last:
                    page.write_comment(number - 1, place, "\n".join(reasons[place]), {"x_scale": 2.5, "y_scale": 1.5})
            if number == header_row:
                page.write_string(number - 1, last, REASONS, bold)
            elif outcome:
                page.write_string(number - 1, last, "\n".join(map(str, outcome.reasons)), marked)
        page.freeze_panes(header_row, 1)
    try:
        book.close()
        part.replace(out)
    except (FileCreateError, OSError) as error:
        raise UnusableInput.one(out, f"cannot be written: {error}.", fix="Name another file.") from error
    finally:
        part.unlink(missing_ok=True)
