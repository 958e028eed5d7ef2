"""Files that are broken, or made to do harm: a clear error, and never anything else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.profile import read_profile
from hrdd_graph.intake.readers import reader_of
from hrdd_graph.intake.reading import parts_of
from hrdd_graph.intake.tables import MOST_IN_A_CELL, Row, open_table, sheet_names
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
