"""The SPARQL editor: it asks this server and no other, knows the ontology, and begins with prepared questions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AXE


def test_a_query_is_asked_and_its_answer_shown_by_this_server_alone(page: Page, server: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/sparql")
    page.locator(".yasqe_queryButton").click()
    expect(page.locator(".yasr table tbody tr")).to_have_count(20, timeout=30_000)
    assert [address for address in asked if not address.startswith(server + "/")] == []
    assert f"{server}/ontology" in asked
    assert complaints == []


def test_a_prepared_question_comes_with_its_prefixes(page: Page) -> None:
    page.goto("/sparql")
    page.locator("#example").select_option("abuses-by-topic")
    expect(page.locator(".CodeMirror")).to_contain_text("PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#>")
    expect(page.locator(".CodeMirror")).to_contain_text("?abuse")


def test_terms_of_the_ontology_complete_a_word(page: Page) -> None:
    page.goto("/sparql")
    page.evaluate("""document.querySelector('.CodeMirror').CodeMirror.setValue(
      'PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#>\\nSELECT * WHERE { ?x a hrdd:GrievanceM')""")
    page.evaluate("const cm = document.querySelector('.CodeMirror').CodeMirror; cm.focus(); cm.execCommand('goDocEnd')")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="hrdd:GrievanceMechanism")).to_be_visible(timeout=30_000)


def test_without_scripts_a_plain_form_asks(page_without_scripts: Page) -> None:
    page_without_scripts.goto("/sparql")
    page_without_scripts.locator("#asking button").click()
    expect(page_without_scripts.locator("main table tbody tr")).to_have_count(20, timeout=30_000)


def ask(page: Page, query: str) -> None:
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)
    page.locator(".yasqe_queryButton").click()


@pytest.mark.parametrize(
    ("kind", "query", "seen"),
    [
        ("Graph", "DESCRIBE <https://w3id.org/hrdd-graph/id/abuse/yanacocha-mercury-spill>", "Water pollution"),
        ("Chart", "SELECT ?kind (COUNT(*) AS ?things) { ?thing a ?kind } GROUP BY ?kind", "Standing record"),
        ("Map", "SELECT ?abuse { ?abuse a <https://w3id.org/hrdd-graph/ontology#Abuse> }", "Peru: abuse"),
    ],
)
def test_an_answer_is_shown_as_a_picture_that_leads_on(
    page: Page, server: str, kind: str, query: str, seen: str
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/sparql")
    ask(page, query)
    page.get_by_role("button", name=f"Shows {kind} view").click()
    figure = page.get_by_role("group", name=kind, exact=True)
    expect(figure).to_contain_text(seen, timeout=30_000)
    expect(figure.get_by_role("link").first).to_have_attribute("href", re.compile("^/"))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run('#editor .yasr', {resultTypes: ['violations']}).then(r => r.violations)")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert [address for address in asked if not address.startswith((f"{server}/", "data:"))] == []
    assert complaints == []


def test_an_answer_that_is_no_picture_says_what_to_ask_for(page: Page) -> None:
    page.goto("/sparql")
    page.locator(".yasqe_queryButton").click()
    page.get_by_role("button", name="Shows Chart view").click()
    expect(page.get_by_role("status")).to_contain_text("Ask for one, such as", timeout=30_000)
