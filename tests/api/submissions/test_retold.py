"""What is wrong with what was sent, in the reader's language; programs are told in English."""

from __future__ import annotations

import io

import httpx
import openpyxl
import pytest

from tests.api.submissions.world import BROWSER, LETTER, World
from tests.conftest import ROOT

EXAMPLE = ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx"
NO_STATUS = "<b>Proven</b>. Elija de la lista."


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


@pytest.mark.parametrize(
    ("tongue", "told"),
    [
        ("es", "no es un RecordStatus conocido. Escriba uno de estos: Adjudicated"),
        ("pt", "não é um RecordStatus conhecido. Escreva um destes: Adjudicated"),
        ("fr", "n&#39;est pas un RecordStatus connu. Écrivez l&#39;un de ceux-ci\u00a0: Adjudicated"),
        ("en", "is no RecordStatus that is known. Write one of Adjudicated"),
    ],
)
def test_a_bad_cell_is_told_in_the_readers_language(world: World, tongue: str, told: str) -> None:
    page = looked_at(world, changed("Status", NO_STATUS), tongue)
    assert page.status_code == 200
    assert told in page.text
    assert "&lt;b&gt;Proven&lt;/b&gt;. Elija de la lista." in page.text  # the cell as it was written
    assert "<b>Proven" not in page.text


def test_the_workbook_to_mend_is_marked_in_the_readers_language(world: World) -> None:
    sent = looked_at(world, changed("Status", "Proven"), "es", "mend", "text/html,*/*")
    page = openpyxl.load_workbook(io.BytesIO(sent.content))["Incidents"]
    assert '"Proven" no es un RecordStatus conocido.' in page.cell(3, page.max_column).value
    assert page.cell(1, page.max_column).value == "Qué está mal"
    assert any("no es un RecordStatus" in cell.comment.text for cell in page[3] if cell.comment)


def test_a_program_is_told_in_english(world: World) -> None:
    found = looked_at(world, changed("Status", "Proven"), "es", accept="application/json").json()
    (row,) = [row for row in found["rows"] if row["state"] == "refused"]
    assert row["reasons"][0]["what"].startswith('"Proven" is no RecordStatus that is known.')


def test_a_problem_page_marks_as_english_only_what_is(world: World) -> None:
    def page(path: str) -> str:
        return world.client.get(path, headers=BROWSER | {"Accept-Language": "es"}).text

    assert "Nada en esta vista se conoce como https://w3id.org/hrdd-graph/id/place/nowhere." in page(
        "/id/place/nowhere"
    )
    assert 'lang="en"' not in page("/id/place/x").partition("<main")[2].partition("</main")[0]
    assert "<code>as_of</code> no es un día: &#34;x&#34;. Escríbalo como 2026-11-20." in page("/gaps?as_of=x")
    assert '<span lang="en">This address needs a token.</span>' in page("/submissions/nothing")
