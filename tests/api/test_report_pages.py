"""Reports as pages: how they are taken away, and how they are narrowed down without claiming more than is left."""

from __future__ import annotations

import io
import re

import httpx
import openpyxl
import pytest

from hrdd_graph.receipts import read_receipt

FIRM = "/reports/firm/mineria-yanacocha"
DAY: dict[str, str | list[str]] = {"as_of": "2026-11-20"}


def test_the_page_of_a_report_offers_the_file_in_each_format(browser: httpx.Client) -> None:
    page = browser.get(FIRM, params=DAY).text
    bar = page.partition('<aside class="bar"')[2].partition("</aside>")[0]
    links = {re.search(r"[a-z]+(?=$)", to.partition("?")[0].rpartition(".")[2])[0]: to.replace("&amp;", "&")  # type: ignore[index]
             for to in re.findall(r'<a href="(/reports/firm/[^"]+)"', bar)}  # fmt: skip
    assert {"pdf", "docx", "xlsx", "jsonld"} <= set(links)
    assert all("as_of=2026-11-20" in to for to in links.values())
    assert browser.get(links["docx"]).content.startswith(b"PK")


def test_the_file_that_is_taken_away_is_without_what_stands_above_the_page(browser: httpx.Client) -> None:
    page, file = browser.get(FIRM, params=DAY), browser.get(FIRM, params=DAY | {"format": "html"})
    assert '<aside class="bar"' in page.text
    assert "<aside" not in file.text
    assert "<form" not in file.text
    assert page.headers["etag"] != file.headers["etag"]
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "form-action 'none'" in file.headers["content-security-policy"]


@pytest.mark.parametrize(
    "only", [{"severity": "high"}, {"principle": "22"}, {"right": "25"}, {"topic": "labour"}, {"right": ["3", "25"]}]
)
def test_a_report_is_narrowed_down_as_the_list_of_gaps_is(
    program: httpx.Client, only: dict[str, str | list[str]]
) -> None:
    whole = program.get(FIRM, params=DAY).json()
    narrow = program.get(FIRM, params=DAY | only).json()
    listed = program.get("/gaps", params=DAY | only | {"party": "mineria-yanacocha"}).json()
    assert {entry["iri"] for entry in narrow["entries"]} == {finding["finding"] for finding in listed["findings"]}
    assert 0 < len(narrow["entries"]) < len(whole["entries"])
    assert narrow["left_out"]["count"] == len(whole["entries"]) - len(narrow["entries"])


def test_a_narrowed_report_says_so_in_every_format(program: httpx.Client, browser: httpx.Client) -> None:
    only = DAY | {"severity": "medium", "right": "25"}
    count = program.get(FIRM, params=only).json()["left_out"]["count"]
    told = f"{count} findings about the same are left out. They are not thereby settled."
    page = browser.get(FIRM, params=only).text
    assert "Severity: medium and above" in page
    assert told in page
    assert told in program.get(f"{FIRM}.jsonld", params=only).text
    sheet = openpyxl.load_workbook(io.BytesIO(program.get(f"{FIRM}.xlsx", params=only).content)).worksheets[0]
    assert any(told in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "Narrowed down to" not in browser.get(FIRM, params=DAY).text


def test_the_receipt_of_a_narrowed_report_asks_for_the_same_again(program: httpx.Client) -> None:
    receipt = read_receipt(program.get(FIRM, params=DAY | {"severity": "high", "right": "25"}).headers["receipt"])
    assert receipt.parameters["severity"] == ("high",)
    assert receipt.parameters["right"] == ("udhr:25",)


def test_what_a_report_cannot_be_narrowed_down_by_is_refused(program: httpx.Client) -> None:
    for only, said in (
        ({"severity": "grave"}, "severity"),
        ({"right": "99"}, "right"),
        ({"sector": "mining"}, "sector"),
    ):
        answer = program.get(FIRM, params=only)
        assert answer.status_code == 422, answer.text
        assert said in answer.text


def test_the_page_of_a_finding_leads_to_the_report_on_its_firm(browser: httpx.Client, finding_path: str) -> None:
    page = browser.get(finding_path, params=DAY).text
    assert 'href="/reports/firm/mineria-yanacocha?as_of=2026-11-20">Report on Minería Yanacocha</a>' in page
