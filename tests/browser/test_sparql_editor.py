"""The SPARQL editor: it asks this server and no other, knows the ontology, and begins with prepared questions."""

from __future__ import annotations

from playwright.sync_api import Page, expect


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
