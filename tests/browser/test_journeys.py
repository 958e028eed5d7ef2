"""What an auditor does in a browser, from the start page to what she takes away."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader


def test_the_yanacocha_finding_is_found_from_the_start_page_and_its_report_taken_away(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("Yanacocha")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Minería Yanacocha", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minería Yanacocha")
    page.get_by_role("article").filter(has_text="Certified, with an open abuse").get_by_role(
        "link", name=re.compile("Why, and what to do")
    ).first.click()
    expect(page.get_by_role("heading", name="What the party replied")).to_be_visible()
    expect(page.get_by_role("group", name="Timeline")).to_contain_text("ISO 14001 certificate of Minería Yanacocha")
    page.get_by_role("link", name="Report on Minería Yanacocha").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit file: Minería Yanacocha")
    told = {form: said_in(form, taken(page, form.upper())) for form in ("html", "docx", "xlsx", "pdf")}
    for form, said in told.items():
        assert "Minería Yanacocha" in said, form
        assert "Certified, with an open abuse" in said, form
        assert "hrdd-graph" in said, form
        assert "Take it away as" not in said, form


def taken(page: Page, name: str) -> bytes:
    """The file that a link of the page downloads."""
    with page.expect_download(timeout=120_000) as started:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(started.value.path()).read_bytes()


def said_in(form: str, data: bytes) -> str:
    """All text of a file, which has to open as what it is called."""
    if form == "html":
        return data.decode()
    if form == "docx":
        paper = docx.Document(BytesIO(data))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(each.text for each in paper.paragraphs), *cells])
    if form == "xlsx":
        book = openpyxl.load_workbook(BytesIO(data))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def test_a_report_is_narrowed_down_and_widened_again_by_clicks(page: Page) -> None:
    page.goto("/reports/firm/mineria-yanacocha")
    page.get_by_text("Narrow down", exact=True).click()
    page.get_by_role("combobox", name="Severity").select_option("high")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("are left out. They are not thereby settled.")
    assert "severity=high" in page.url
    page.get_by_role("link", name="The whole report").click()
    expect(page.locator("main")).not_to_contain_text("They are not thereby settled.")


def test_the_auditor_filters_by_one_click_and_exports_what_is_on_screen(page: Page) -> None:
    page.goto("/gaps")
    facets = page.get_by_role("complementary", name="Narrow down")
    facets.get_by_role("link", name="Peru", exact=True).click()
    shown = int(re.match(r"\d+", page.locator("main .lead").inner_text())[0])  # type: ignore[index]
    assert "country=PE" in page.url  # an address that can be kept and sent
    with page.expect_download() as started:
        page.get_by_role("link", name="xlsx").click()
    sheet = openpyxl.load_workbook(BytesIO(Path(started.value.path()).read_bytes())).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in ("high", "medium", "low")]
    assert len(rows) == shown
    page.get_by_role("link", name=re.compile("Country Peru")).click()
    expect(page).to_have_url(re.compile(r"/gaps$"))


def test_everything_but_the_copy_button_works_without_scripts(page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto("/id/organisation/mineria-yanacocha")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.get_by_role("searchbox").fill("Sialkot")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Sialkot football cluster").first.click()
    expect(page.get_by_role("group", name="Value chain", exact=True)).to_be_visible()


def test_the_address_of_a_thing_is_copied_by_a_button(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/id/organisation/newmont")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="✓ Copy")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://w3id.org/hrdd-graph/id/organisation/newmont"


def test_a_picture_on_its_own_has_its_style_under_a_policy_without_unsafe_inline(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    answer = page.goto("/rights.svg")
    assert answer is not None
    assert "unsafe" not in answer.headers["content-security-policy"]
    fill = page.evaluate("getComputedStyle(document.querySelector('.step4')).fill")
    assert fill == "rgb(142, 26, 34)"
    assert complaints == []


@pytest.mark.parametrize("path", ["/gaps/certified-open-abuse/fc31565f507d0dea"])
def test_a_finding_prints_without_what_is_only_for_the_screen(page: Page, path: str) -> None:
    page.goto(path)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()


def test_a_finding_fits_on_one_sheet_of_paper_with_what_an_auditor_files(page: Page) -> None:
    page.goto("/gaps/certified-open-abuse/fc31565f507d0dea")
    sheets = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
    assert len(sheets) == 1
    told = unicodedata.normalize("NFKC", " ".join(sheets[0].extract_text().split()))  # ligatures as letters
    for said in (
        "What was known, and what was done",
        "Weakest evidence first",
        "Box 2, line 199",
        "What would settle it",
    ):
        assert said in told
    assert "The statements behind each condition are not printed" in told


def test_a_picture_that_is_cut_says_so_and_the_page_itself_stays(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for path in ("/pictures/map", "/pictures/timeline/cluster/yanacocha-mining"):
        page.goto(path)
        hint = page.evaluate("getComputedStyle(document.querySelector('figure.picture'), '::before').content")
        assert "Move it sideways" in hint
        assert page.evaluate("document.documentElement.scrollWidth") == 360
