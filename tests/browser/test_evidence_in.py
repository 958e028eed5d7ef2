"""Evidence in, in a browser: from what an NGO writes to what an auditor takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from playwright.sync_api import Browser, Page, expect

from hrdd_graph.access import TokenFile
from hrdd_graph.opening import build_folder
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import serving
from tests.api.submissions.world import small_root
from tests.api.test_leaks import PUBLIC_SHEET
from tests.conftest import ROOT

MORE = """\
- {id: cluster/river, type: IndustrialCluster, label: River dye cluster, locatedIn: country:TH, locator: "p. 5"}
- {id: commitment/mill, type: Certification, label: ISO 14001 certificate of Mill, madeBy: organisation/mill, commitsTo: std:iso-14001, start: "2015", locator: "p. 6"}
"""  # noqa: E501 - a record on a line
QUESTIONS = "".join(
    f'- {{id: question/nieri-{n:02}, type: Question, label: Question {n}, questionNumber: "{n}", locator: "p. 7"}}\n'
    for n in range(1, 13)
)
INCIDENT = "Night shifts of fourteen hours at the mill"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A server over a small graph in a folder, and the secrets of an NGO's and a curator's token."""
    folder = tmp_path_factory.mktemp("evidence-in")
    small_root(folder / "root")
    (folder / "root" / "data" / "cases" / "tiny.yaml").write_text(PUBLIC_SHEET + MORE + QUESTIONS)
    resources = open_resources(folder / "root")
    build_folder(resources, folder / "store")
    tokens = TokenFile(folder / "tokens.json")
    secrets = {name: tokens.create(name, [scope])[1] for name, scope in {"ngo": "submit", "curator": "decide"}.items()}
    settings = Settings(
        tokens=tokens.path, submissions=folder / "store.submissions", rate_address="", rate_token="", query_workers=1
    )
    with serving(create_app(resources, EmbeddedStore.open(folder / "store"), settings)) as address:
        yield address, secrets


@pytest.fixture
def tab(chromium: Browser, desk: tuple[str, dict[str, str]]) -> Iterator[Page]:
    context = chromium.new_context(base_url=desk[0], locale="en-GB", viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_tab(chromium: Browser, desk: tuple[str, dict[str, str]]) -> Iterator[Page]:
    """A tab without scripts."""
    context = chromium.new_context(base_url=desk[0], locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def fill(page: Page, what: str, token: str) -> None:
    page.get_by_label("In a few words").fill(what)
    page.get_by_label("More about it").fill("Workers say that night shifts last fourteen hours, without a day of rest.")
    page.get_by_label("When it began").fill("2019")
    page.get_by_label("Industrial cluster").select_option(label="River dye cluster")
    page.get_by_label("A group, never a name").fill("Night-shift workers of the mill")
    page.get_by_label("A firm, an authority or another body").fill("Mill")
    page.get_by_label("Its part in it").select_option("Caused")
    page.get_by_label("Title of the source").fill("Example Labour Rights, 2020: Night shifts")
    page.get_by_label("The place in it").fill("p. 12")
    page.get_by_label("What kind of evidence it is").select_option("OrganisationReport")
    page.get_by_label("What those concerned agreed to").select_option("published")
    page.get_by_label("Reprisals").select_option("none-known")
    page.get_by_label("Your token").fill(token)


def test_an_incident_becomes_a_gap_that_an_auditor_takes_away(tab: Page, desk: tuple[str, dict[str, str]]) -> None:
    page, (_, secrets) = tab, desk
    page.goto("/")
    page.get_by_role("link", name="Send evidence in").click()
    page.get_by_role("link", name="One incident").click()
    fill(page, INCIDENT, secrets["ngo"])
    rest = page.get_by_role("checkbox", name=re.compile("UDHR 24"))
    expect(rest).to_be_visible()  # it came as she typed
    rest.check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main .lead")).to_contain_text("In quarantine")
    told = page.get_by_role("article", name=INCIDENT).first  # what was done stands before its source
    expect(told).to_contain_text("accepted by the submitter")
    expect(told).to_contain_text("River dye cluster")
    page.goto("/gaps")
    expect(page.locator("main")).not_to_contain_text(INCIDENT)

    page.goto("/submissions")
    page.get_by_role("group", name="See what was sent, or review it").get_by_label("Your token").fill(
        secrets["curator"]
    )
    page.get_by_role("button", name="List").click()
    page.get_by_role("button", name=f"Open {INCIDENT}").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("main .lead")).to_contain_text("Accepted")

    for _ in range(100):  # until a build has brought it into the graph
        page.goto("/gaps")
        if INCIDENT in page.locator("main").inner_text():
            break
        page.wait_for_timeout(250)
    page.get_by_role("complementary", name="Narrow down").get_by_role(
        "link", name="Certified, with an open abuse", exact=True
    ).click()
    expect(page.locator("main")).to_contain_text(INCIDENT)
    with page.expect_download() as started:
        page.get_by_role("link", name="xlsx").click()
    book = openpyxl.load_workbook(BytesIO(Path(started.value.path()).read_bytes()))
    assert any(INCIDENT in str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)


def test_without_scripts_a_button_suggests_and_what_was_written_stays(
    plain_tab: Page, desk: tuple[str, dict[str, str]]
) -> None:
    page = plain_tab
    page.goto("/submissions/incident")
    fill(page, "Wages below the minimum at the mill", desk[1]["ngo"])
    page.get_by_role("button", name="Suggest rights").click()
    expect(page.get_by_label("In a few words")).to_have_value("Wages below the minimum at the mill")
    page.get_by_role("checkbox", name=re.compile("UDHR 23")).first.check()
    page.get_by_label("The place in it").fill("")
    page.get_by_label("The place in it").evaluate("(field) => field.removeAttribute('required')")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("The place in it")
    page.get_by_label("The place in it").fill("p. 3")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main .lead")).to_contain_text("In quarantine")


def test_a_workbook_is_looked_at_mended_and_sent(
    plain_tab: Page, desk: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(ROOT / "data" / "profiles" / "spreadsheet" / "example.xlsx")
    sheet = book["Incidents"]
    column = next(cell.column for cell in sheet[1] if str(cell.value).startswith("Status"))
    good = sheet.cell(3, column).value
    sheet.cell(3, column, "Proven")
    book.save(tmp_path / "bad.xlsx")
    page = plain_tab
    page.goto("/submissions")
    page.get_by_role("link", name="A workbook").click()
    page.get_by_label("The file").set_input_files(tmp_path / "bad.xlsx")
    page.get_by_label("Your token").fill(desk[1]["ngo"])
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.get_by_role("region", name="Rows that would be refused")).to_contain_text("Proven")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download it with the bad cells marked").click()
    mended = openpyxl.load_workbook(BytesIO(Path(started.value.path()).read_bytes()))
    assert "Proven" in str(mended["Incidents"].cell(3, column).comment)
    mended["Incidents"].cell(3, column, good)
    mended.save(tmp_path / "good.xlsx")
    page.get_by_label("The file").set_input_files(tmp_path / "good.xlsx")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.get_by_role("list", name="Rows")).to_have_text(re.compile(r"^\s*9\s+new\s*$"))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("main .lead")).to_contain_text("In quarantine")


def test_an_interview_is_sent_without_scripts_and_keeps_the_informant_out(
    plain_tab: Page, desk: tuple[str, dict[str, str]]
) -> None:
    page = plain_tab
    page.goto("/submissions")
    page.get_by_role("link", name="An interview", exact=True).click()
    page.get_by_label("Title of the talk").fill("Talk with a researcher on the river cluster")
    page.get_by_label("Day of the talk").fill("2026-11-20")
    page.get_by_label("Could the talk be recorded?").select_option("no")
    page.get_by_label("What the informant may be called in public").fill("A researcher")
    page.get_by_label("Names that must not appear").fill("Example Person")
    page.get_by_label("A cluster that the graph knows").select_option(label="River dye cluster")
    page.get_by_label(re.compile("^8. In which clusters")).fill(
        "Example Person saw twelve hours a day in most of them."
    )
    page.get_by_label("In one line, what happened").first.fill("Working days of twelve hours before shipment")
    page.get_by_label("The question that it stands in").first.select_option("8")
    page.get_by_label("Who was affected").first.fill("Workers of the river cluster")
    page.get_by_label("Type of conduct").select_option(label="Window dressing")
    page.get_by_label("Why", exact=True).fill("Codes are signed, and days are as long as before.")
    page.get_by_label("Your token").fill(desk[1]["ngo"])
    page.get_by_role("button", name="Suggest rights").first.click()
    page.get_by_role("checkbox", name=re.compile("UDHR 24")).first.check()
    page.get_by_role("button", name="Send").click()
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("listitem")).to_have_count(2)
    alert.get_by_role("link", name="Question 8").click()
    expect(page).to_have_url(re.compile("#f-answer-8$"))
    page.get_by_label(re.compile("^8. In which clusters")).fill("Twelve hours a day in most of them.")
    page.get_by_role("checkbox", name="The informant agreed").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main .lead")).to_contain_text("In quarantine")
    expect(page.get_by_role("article", name="Working days of twelve hours before shipment").first).to_contain_text(
        "River dye cluster"
    )
    expect(page.locator("main")).not_to_contain_text("Example Person")
