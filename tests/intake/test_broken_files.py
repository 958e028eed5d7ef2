"""Files that are broken, or made to do harm: a clear error, and never anything else."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import openpyxl.utils.datetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.outcome import Result
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.intake.readers import reader_of
from hrdd_graph.intake.reading import parts_of
from hrdd_graph.intake.run import run_import
from hrdd_graph.intake.tables import MOST_IN_A_CELL, MOST_SHARED, Row, open_table, sheet_names
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parents[2]
GOODS = ROOT / "data" / "profiles" / "us-dol-ilab" / "example.xml"
BOOK = ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx"
LIST = ROOT / "data" / "profiles" / "open-apparel-registry" / "example.csv"
AT = "Goods/Good/Countries/Country"
BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]>'

XML = {
    "entities that grow": f"{BOMB}<Goods><Good>&y;</Good></Goods>".encode(),
    "an entity that leads elsewhere": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Goods>&x;</Goods>',
    "a giant text": b"<Goods><Good>" + b"x" * (MOST_IN_A_CELL + 1) + b"</Good></Goods>",
    "a wrong encoding": "<Goods><Good>Mühle</Good></Goods>".encode("cp1252"),
    "no XML": b"Party ID,Name\n",
    "empty": b"",
    "zeros": b"\0" * 100,
}


def rows_of(path: Path) -> list[Row]:
    reader = reader_of(path)
    assert reader
    return list(reader.rows(path, AT))


@pytest.mark.parametrize("content", XML.values(), ids=XML)
def test_xml_that_is_broken_or_made_to_do_harm_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(content)
    with pytest.raises(UnusableInput) as caught:
        rows_of(tmp_path / "bad.xml")
    assert caught.value.problems[0].fix


def test_a_row_of_xml_knows_what_stands_around_it_and_where_it_is() -> None:
    first, second, *_ = rows_of(GOODS)
    assert (first.cells["good name"], first.cells["country name"]) == ("Bricks", "Afghanistan")
    assert (second.cells["good name"], second.cells["country name"]) == ("Bricks", "Burma")
    assert second.locator("goods.xml") == "goods.xml#xpointer(/Goods/Good[1]/Countries[1]/Country[2])"


def test_an_element_that_stands_twice_gives_both_of_its_texts(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<R><X><C>Yes</C><C>No</C><D><E>1</E></D></X></R>", encoding="utf-8")
    reader = reader_of(tmp_path / "a.xml")
    assert reader
    assert [row.cells for row in reader.rows(tmp_path / "a.xml", "R/X")] == [{"c": "Yes; No", "d/e": "1"}]


@given(st.sampled_from([GOODS, BOOK, LIST]), st.data())
def test_a_file_that_is_cut_off_anywhere_gives_rows_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, whole: Path, data: st.DataObject
) -> None:
    content = whole.read_bytes()
    path = tmp_path_factory.getbasetemp() / f"cut{whole.suffix}"
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    read(path)


@given(st.sampled_from([GOODS, BOOK, LIST]), st.data())
def test_a_file_with_a_wrong_byte_anywhere_gives_rows_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, whole: Path, data: st.DataObject
) -> None:
    content = bytearray(whole.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / f"wrong{whole.suffix}"
    path.write_bytes(content)
    read(path)


def read_all(path: Path) -> None:
    """Read everything that can be read."""
    if reader := reader_of(path):
        list(reader.rows(path, AT))
        return
    for name in sheet_names(path):
        table = open_table(path, name, ("country", "name", "address", "Party ID", "Incident ID", "About", "Value"))
        list(table.rows() if table else ())


def read(path: Path) -> None:
    """Read everything; nothing but ``UnusableInput`` may come of it."""
    try:
        read_all(path)
    except UnusableInput as error:
        assert error.problems[0].fix  # noqa: PT017 - either outcome is right


def test_a_workbook_that_lies_about_its_size_is_refused_where_it_says_that_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lies.xlsx"
    with zipfile.ZipFile(BOOK) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for item in whole.infolist():
            padding = b" " * 64 * 2**20 if item.filename.endswith("sheet1.xml") else b""
            out.writestr(item.filename, whole.read(item) + padding)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as written:
        sizes = [item.file_size for item in written.infolist() if item.filename.endswith("sheet1.xml")]
    small = (1000).to_bytes(4, "little")
    path.write_bytes(content.replace(sizes[0].to_bytes(4, "little"), small))
    with pytest.raises(UnusableInput, match="Bad CRC"):
        read_all(path)


def test_a_cell_that_looks_like_a_formula_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('country,name,address\nPK,"=HYPERLINK(""https://example.org"")",@x\n', encoding="utf-8")
    (part,) = parts_of(read_profile(Resources(ROOT), "open-apparel-registry"), path)
    assert [row.cells["name"] for row in part.rows] == ['=HYPERLINK("https://example.org")']


# -- tables as people spoil them ---------------------------------------------------------------------------------------

HEADER = "Party ID,Name,Kind,Named,Country\n"
ABOUT = {"title": "Parties", "issued": "2025", "licence": "https://creativecommons.org/licenses/by/4.0/"}
SPOILT = {
    "a letter in another encoding": (
        (HEADER + "P1,Mill,Firm,yes,NA\n").encode() + b"P2,M\xfchle,Firm,yes,NA\n",
        3,
        "is not UTF-8",
    ),
    "a header twice": (b"Party ID,Name,Name,Kind,Named\nP1,Mill,Mills,Firm,yes\n", 1, 'has the header "name" twice'),
    "UTF-16 without its mark": (HEADER.encode("utf-16-le"), 1, "holds bytes that are no text"),
    "a mark of UTF-8 and nothing else": (b"\xef\xbb\xbf", 0, "is empty"),
    "a workbook under another name": (BOOK.read_bytes(), 0, "is a workbook"),
    "a workbook of the old kind": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, r"old kind \(.xls\)"),
    "a quote that is never closed": ((HEADER + 'P1,"Mill,Firm,yes,NA\n').encode(), 2, "is not a table"),
    "a cell of 10 MB": ((HEADER + f"P1,{'x' * 10_000_000},Firm,yes,NA\n").encode(), 2, "is not a table"),
    "other columns": (b"a,b\n1,2\n", 0, "has no table that spreadsheet knows"),
}


def imported(path: Path, folder: Path) -> Result:
    mine = Resources(ROOT, folder)
    return run_import(read_profile(mine, "spreadsheet"), path, mine, about=ABOUT, dry_run=True)


@pytest.mark.parametrize(("content", "line", "what"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_table_says_where_and_what(content: bytes, line: int, what: str, tmp_path: Path) -> None:
    path = tmp_path / "parties.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableInput, match=what) as refused:
        [part for part in parts_of(read_profile(Resources(ROOT), "spreadsheet"), path) if list(part.rows)]
    assert refused.value.problems[0].line == line
    assert refused.value.problems[0].fix


def test_a_row_with_more_cells_than_the_header_is_refused_and_the_others_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "parties.csv"
    path.write_text(HEADER + "P1,Mill, Ltd,Firm,yes,NA\nP2,Mill,Firm,yes,IN\nP3,Mill,Firm,yes,IN,,\n", encoding="utf-8")
    result = imported(path, tmp_path / "imports")
    assert [outcome.state for outcome in result.outcomes] == ["refused", "new", "new"]
    (refused,) = (outcome for outcome in result.outcomes if outcome.state == "refused")
    assert any("more cells than the header: NA" in reason.what for reason in refused.reasons)


def test_what_a_spreadsheet_program_says_of_its_own_errors_is_no_name_and_control_characters_are_no_text(
    tmp_path: Path,
) -> None:
    path = tmp_path / "parties.csv"
    rows = ("P1,#N/A,Firm,yes,NA", "P2,Mi\x07ll,Firm,yes,NA", f"P3,Mill,Firm,yes,{'N' * 30_000}", "P4,Mill,Firm,yes,NA")
    path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    result = imported(path, tmp_path / "imports")
    assert [outcome.state for outcome in result.outcomes] == ["refused", "refused", "refused", "new"]
    told = [reason.what for outcome in result.outcomes for reason in outcome.reasons]
    assert "is an error of the spreadsheet program" in told[0]
    assert "holds a control character" in told[1]
    assert len(told[2]) < 300, "what is said of a giant cell is short"


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_a_day_is_the_same_in_both_calendars_of_workbooks_and_with_an_hour(epoch: datetime, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch
    page = book.active
    assert page
    page.title = "My list"  # the only sheet may have any name
    for row in (
        ("Evidence ID", "Title", "Published"),
        ("E1", "Report", date(2024, 5, 1)),
        ("E2", "Report", datetime(2024, 5, 1, 13, 30)),
        ("E3", "Report", 45413),
    ):
        page.append(row)
    book.save(tmp_path / "evidence.xlsx")
    result = imported(tmp_path / "evidence.xlsx", tmp_path / "imports")
    assert [outcome.state for outcome in result.outcomes] == ["new", "new", "refused"]
    assert "day number of a spreadsheet" in next(r.what for o in result.outcomes for r in o.reasons)


def test_a_workbook_with_more_texts_than_memory_should_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        out.writestr("xl/sharedStrings.xml", b" " * (MOST_SHARED + 1))
    with pytest.raises(UnusableInput, match="of texts"):
        sheet_names(path)
