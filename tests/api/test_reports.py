"""Reports over HTTP: in the caller's view, in every format, with a receipt; nothing of a list is kept."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import httpx
import openpyxl
import pytest

from hrdd_graph.receipts import read_receipt

DAY = {"as_of": "2026-11-20"}
FIRM = "/reports/firm/mineria-yanacocha"
LIST = "Supplier;Country\nNike Inc.;US\nAdidas Traders Sialkot;PK\nHangzhou Silk Works;CN\n"


def test_a_program_gets_data_and_a_browser_the_page(program: httpx.Client, browser: httpx.Client) -> None:
    data = program.get(FIRM, params=DAY)
    assert data.headers["content-type"] == "application/json"
    assert data.json()["title"] == "Minería Yanacocha"
    page = browser.get(FIRM, params=DAY)
    assert page.headers["content-type"].startswith("text/html")
    assert "Audit file: Minería Yanacocha" in page.text


def test_the_page_may_use_its_own_style_sheet_and_nothing_else(browser: httpx.Client) -> None:
    import base64
    import hashlib

    page = browser.get(FIRM, params=DAY)
    (sheet,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert " style=" not in page.text


@pytest.mark.parametrize(
    ("suffix", "begins", "attached"),
    [("docx", b"PK", True), ("xlsx", b"PK", True), ("jsonld", b"[", False), ("html", b"", False)],
)
def test_a_suffix_chooses_the_format(program: httpx.Client, suffix: str, begins: bytes, attached: bool) -> None:
    answer = program.get(f"{FIRM}.{suffix}", params=DAY)
    assert answer.status_code == 200, answer.text
    assert answer.content.lstrip().startswith(begins)
    shown = answer.headers.get("content-disposition", "")
    assert (f'filename="audit-file-mineria-yanacocha-2026-11-20.{suffix}"' in shown) == attached


def test_a_pdf_is_printed_apart(program: httpx.Client) -> None:
    answer = program.get("/reports/firm/ifc.pdf", params=DAY)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-")


def test_what_the_caller_has_is_not_sent_again(program: httpx.Client) -> None:
    first = program.get(FIRM, params=DAY)
    again = program.get(FIRM, params=DAY, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert program.get(FIRM, params=DAY | {"language": "fr"}).headers["etag"] != first.headers["etag"]
    assert program.get(FIRM, params=DAY).content == first.content


def test_the_receipt_names_the_party_and_the_day(program: httpx.Client) -> None:
    receipt = read_receipt(program.get(FIRM, params=DAY).headers["receipt"])
    assert receipt.parameters["party"] == ("id:organisation/mineria-yanacocha",)
    assert receipt.as_of == "2026-11-20"


@pytest.mark.parametrize("path", ["cluster/sialkot-football", "country/PE", "regime/norway-transparency-act"])
def test_there_are_reports_of_other_kinds(program: httpx.Client, path: str) -> None:
    document = program.get(f"/reports/{path}", params=DAY).json()
    assert document["kind"] == path.partition("/")[0]
    assert document["entries"]


def test_what_there_is_no_report_of_is_told_with_what_may_be_meant(program: httpx.Client) -> None:
    answer = program.get("/reports/firm/newmontt")
    assert answer.status_code == 404
    assert "id:organisation/newmont" in answer.json()["fix"]
    assert program.get("/reports/planet/mars").status_code == 422
    assert program.get(FIRM, params={"weights": "x"}).status_code == 422


def test_the_list_of_reports_leads_to_reports(program: httpx.Client, browser: httpx.Client) -> None:
    document = program.get("/reports").json()
    for kind in ("cluster", "country", "regime"):
        assert program.head(document[kind][0]["report"]).status_code == 200
    assert {one["report"] for one in document["regime"]} >= {"/reports/regime/eu-csddd"}
    countries = {one["report"] for one in document["country"]}
    assert "/reports/country/PE" in countries
    assert "/reports/country/AQ" not in countries  # nothing is on record there
    assert 'enctype="multipart/form-data"' in browser.get("/reports").text


def test_a_list_is_matched_and_nothing_of_it_is_kept(program: httpx.Client, tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("hrdd-list-*"))
    answer = program.post("/reports/portfolio", content=LIST, headers={"Content-Type": "text/csv"}, params=DAY)
    assert answer.status_code == 200, answer.text
    assert [s["state"] for s in answer.json()["suppliers"]] == ["sure", "unsure", "unmatched"]
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert set(Path(tempfile.gettempdir()).glob("hrdd-list-*")) <= before


def test_a_form_sends_a_workbook(browser: httpx.Client) -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "country"])
    book.active.append(["Nike", "US"])
    stream = io.BytesIO()
    book.save(stream)
    answer = browser.post("/reports/portfolio", files={"list": ("ours.xlsx", stream.getvalue())}, params=DAY)
    assert answer.status_code == 200, answer.text
    assert "Audit file of a list of 1 supplier" in answer.text


@pytest.mark.parametrize(
    ("content", "media_type", "status", "said"),
    [
        (b"product\nshoe\n", "text/csv", 422, "no column of names"),
        (b"name\n,\n", "text/csv", 422, "no lines"),
        (b"name\n" + b"Nike\n" * 1_001, "text/csv", 422, "more than 1000 lines"),
        (b"name\n" + b"N" * 1_000_001, "text/csv", 413, "larger"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 422, "no workbook"),
        (b"{}", "application/json", 415, "not understood"),
        (b"--x\r\n\r\nno form", "multipart/form-data; boundary=x", 400, "form"),
        (b"name\nNi\xedke\n", "text/csv", 422, "is not UTF-8"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(
    program: httpx.Client, content: bytes, media_type: str, status: int, said: str
) -> None:
    answer = program.post("/reports/portfolio", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status, answer.text
    assert said in answer.text
    assert tempfile.gettempdir() not in answer.text  # where it lay for a moment is nobody's business
