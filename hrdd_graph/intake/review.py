"""The list of links as a workbook for the person who decides, and its decisions when it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.links import Decisions
from hrdd_graph.intake.outcome import Link
from hrdd_graph.intake.tables import open_table, sheet_names

WORDS = ("same", "different")
_HEADERS = ("Decision", "Name", "May be", "Score", "Why", "Taken as", "Sheet", "Row", "Party ID", "Candidate ID")
_WIDTHS = (12, 36, 36, 8, 60, 12, 14, 8, 44, 44)


def read_decisions(path: Path) -> Decisions:
    """The decisions in a list that ``write_links`` wrote. Raises ``UnusableInput`` where a word is none."""
    table = open_table(path, sheet_names(path)[0], _HEADERS)
    if table is None:
        raise UnusableInput.one(path, "is no list of links.", fix="Let `hrdd import ... --links FILE` write one.")
    found: dict[tuple[str, str], str] = {}
    for row in table.rows():
        word = row.cells.get("decision", "").casefold()
        if word and word not in WORDS:
            what = f'says "{word}", which is no decision.'
            raise UnusableInput.one(path, what, line=row.number, fix=f"Write {' or '.join(WORDS)}, or nothing.")
        if word:
            found[row.cells.get("party id", ""), row.cells.get("candidate id", "")] = word
    return found


def write_links(path: Path, links: Iterable[Link]) -> None:
    """Write the list, what is to be decided first; cells are text and never formulas."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    listed = sorted(links, key=lambda link: (not link.is_open, link.sheet, link.row))
    part = path.with_name(path.name + ".part")
    book = xlsxwriter.Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("Links")
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, header, bold)
    for number, link in enumerate(listed, start=1):
        taken = "one" if link.is_linked else "to decide" if link.is_open else "two"
        values = (link.decision, link.name, link.label, f"{link.score:.2f}", link.why, taken, link.sheet, str(link.row),
                  link.party, link.candidate)  # fmt: skip
        for place, value in enumerate(values):
            page.write_string(number, place, value, text)
    if listed:
        page.data_validation(1, 0, len(listed), 0, {"validate": "list", "source": list(WORDS)})
    page.freeze_panes(1, 0)
    try:
        book.close()
        part.replace(path)
    except (FileCreateError, OSError) as error:
        raise UnusableInput.one(path, f"cannot be written: {error}.", fix="Name another file.") from error
    finally:
        part.unlink(missing_ok=True)
