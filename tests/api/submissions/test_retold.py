"""What is wrong with what was sent, in the reader's language; programs are told in English."""

from __future__ import annotations

import io

import httpx
import openpyxl
import pytest
from hrdd_api.retelling import FOLDER as OF_THE_PAGES
from hrdd_api.retelling import retelling, shown
from markupsafe import escape

from hrdd_graph.intake.repair import REASONS
from hrdd_graph.retelling import FOLDER as OF_THE_LIBRARY
from hrdd_graph.speech import pairs
from tests.api.submissions.world import BROWSER, LETTER, World
from tests.conftest import ROOT

EXAMPLE = ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx"
NO_STATUS = "<b>Proven</b>. Elija de la lista."
STATUS = {
    "en": "RecordStatus",
    "fr": "statut de l'enregistrement",
    "es": "estado del registro",
    "pt": "estado do registro",
}


def changed(header: str, value: str) -> bytes:
    """The example's workbook with something else in a cell of the first incident."""
    book = openpyxl.load_workbook(EXAMPLE)
    page = book["Incidents"]
    column = next(cell.column for cell in page[1] if str(cell.value).startswith(header))
    page.cell(3, column).value = value
    book.save(out := io.BytesIO())
    return out.getvalue()


def looked_at(
    world: World, workbook: bytes, tongue: str, do: str = "look", accept: str = "text/html"
) -> httpx.Response:
    files = {"data": ("incidents.xlsx", workbook, "application/octet-stream")}
    fields = LETTER | {"token": world.secrets["ngo"], "do": do}
    headers = {"Accept": accept, "Accept-Language": tongue}
    return world.client.post("/submissions/workbook", data=fields, files=files, headers=headers)


def said(tongue: str, message: str, **values: str) -> str:
    """A message of the library's or the pages' in a language, with its values put in; English has no catalogue."""
    told = pairs(tongue, OF_THE_LIBRARY) | pairs(tongue, OF_THE_PAGES) if tongue != "en" else {message: message}
    assert tongue == "en" or told[message] != message
    return told[message] % values


@pytest.mark.parametrize("tongue", ["en", "es", "fr", "pt"])
def test_a_bad_cell_is_told_in_the_readers_language(world: World, tongue: str) -> None:
    page = looked_at(world, changed("Status", NO_STATUS), tongue)
    assert page.status_code == 200
    told = said(tongue, '"%(text)s" is no %(kind)s that is known.', text=NO_STATUS, kind=STATUS[tongue])
    assert str(escape(told)) in page.text  # with the cell as it was written
    assert str(escape(said(tongue, "Write one of %(labels)s.", labels="Adjudicated")))[:-1] in page.text
    assert "<b>Proven" not in page.text


@pytest.mark.parametrize("sheet", ["Evidence", "Parties", "Sites", "Incidents", "Supply", "Certificates", "Remedies"])
def test_whatever_is_wrong_in_a_sheet_is_told(world: World, sheet: str) -> None:
    """Each cell of a row is bad in a row of its own; some have no advice beside what is wrong, some no column."""
    book = openpyxl.load_workbook(EXAMPLE)
    page = book[sheet]
    good = [cell.value for cell in page[3]]
    for number in range(len(good)):
        page.append([*good[:number], "??", *good[number + 1 :]])
        page.append([*good[:number], None, *good[number + 1 :]])
    book.save(out := io.BytesIO())
    answer = looked_at(world, out.getvalue(), "es")
    assert answer.status_code == 200
    assert f"{sheet} " in answer.text


def test_the_workbook_to_mend_is_marked_in_the_readers_language(world: World) -> None:
    sent = looked_at(world, changed("Status", "Proven"), "es", "mend", "text/html,*/*")
    page = openpyxl.load_workbook(io.BytesIO(sent.content))["Incidents"]
    told = said("es", '"%(text)s" is no %(kind)s that is known.', text="Proven", kind=STATUS["es"])
    assert told in page.cell(3, page.max_column).value
    assert page.cell(1, page.max_column).value == said("es", REASONS)
    assert any(told in cell.comment.text for cell in page[3] if cell.comment)


@pytest.mark.parametrize(
    ("tongue", "kind", "near"),
    [("es", "disposición", "DUDH 23(4): sindicatos"), ("pt", "disposição", "DUDH 23(4): sindicatos")],
)
def test_what_was_perhaps_meant_is_named_in_the_readers_language(
    world: World, tongue: str, kind: str, near: str
) -> None:
    page = looked_at(world, changed("Rights", "DUDH 23(9)"), tongue).text
    assert str(escape(f'"{near}"')) in page
    assert str(escape(said(tongue, '"%(text)s" is no %(kind)s that is known.', text="DUDH 23(9)", kind=kind))) in page


def test_a_program_is_told_in_english(world: World) -> None:
    found = looked_at(world, changed("Status", "Proven"), "es", accept="application/json").json()
    (row,) = [row for row in found["rows"] if row["state"] == "refused"]
    assert row["reasons"][0]["what"].startswith('"Proven" is no RecordStatus that is known.')


def test_a_problem_page_marks_as_english_only_what_is(world: World) -> None:
    def page(path: str) -> str:
        return world.client.get(path, headers=BROWSER | {"Accept-Language": "es"}).text

    nowhere = said("es", "Nothing in this view is known as %(iri)s.", iri="https://w3id.org/hrdd-graph/id/place/x")
    assert nowhere in page("/id/place/x")
    assert 'lang="en"' not in page("/id/place/x").partition("<main")[2].partition("</main")[0]
    day = said("es", 'is not a day: "%(value)s".', value="x")
    assert f"<code>as_of</code> {escape(day)} {said('es', 'Write it as 2026-11-20.')}" in page("/gaps?as_of=x")


def test_what_is_not_known_is_marked_as_english_and_escaped(world: World) -> None:
    spanish = retelling("es", world.resources.shapes)
    assert shown("Nobody knows <this>.", spanish) == '<span lang="en">Nobody knows &lt;this&gt;.</span>'
    assert shown("", spanish) == ""
