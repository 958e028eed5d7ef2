"""Each kind of page in a browser: nobody is shut out, nothing comes from elsewhere, nothing is too heavy or wide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, Response

from tests.api.test_pages import PAGES
from tests.browser.conftest import AXE

# Pages of other norms and terms are made as that of an ILO convention is.
_ALIKE = ("/iccpr/", "/icescr/", "/ungc/", "/oecd/", "/topic/", "/dataset/", "/ontology/", "/udhr/article/23.4")
KINDS = [path for path in PAGES if not path.startswith(_ALIKE)]
HEAVIEST = 300_000
LARGE = {"/sparql"}  # an editor has its own size
_AXE = """(only) => axe.run(document, only ? {runOnly: {type: 'rule', values: only}, resultTypes: ['violations']}
  : {resultTypes: ['violations']}).then(r => r.violations.flatMap(v => v.nodes.map(n =>
  v.id + ': ' + n.target.join(' ') + ' — ' + n.failureSummary.replace(/\\s+/g, ' '))))"""


@dataclass
class Visit:
    """What came of opening a page."""

    status: int = 0
    asked: list[str] = field(default_factory=list)
    weight: int = 0
    complaints: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def visits(chromium: Browser, server: str) -> dict[str, Visit]:
    """Every kind of page, opened once: in light and dark, wide and narrow."""
    context = chromium.new_context(base_url=server, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    found: dict[str, Visit] = {}
    for path in KINDS:
        visit = found[path] = Visit()

        def heard(message: ConsoleMessage, visit: Visit = visit) -> None:
            if message.type in ("error", "warning"):
                visit.complaints.append(message.text)

        def sent(request: Request, visit: Visit = visit) -> None:
            visit.asked.append(request.url)

        answers: list[Response] = []

        def came(response: Response, answers: list[Response] = answers) -> None:
            answers.append(response)

        listeners: dict[Any, Any] = {"console": heard, "request": sent, "response": came}
        for event, listener in listeners.items():
            page.on(event, listener)
        answer = page.goto(path)
        visit.status = answer.status if answer else 0
        page.wait_for_load_state("networkidle") if path in LARGE else None
        visit.weight = sum(len(each.body()) for each in answers if each.status == 200)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        visit.barriers = page.evaluate(_AXE)
        page.emulate_media(color_scheme="dark")
        visit.barriers += [f"dark: {one}" for one in page.evaluate(_AXE, ["color-contrast"])]
        page.emulate_media(color_scheme="light")
        for width in (360, 768):
            page.set_viewport_size({"width": width, "height": 900})
            visit.widths[width] = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size({"width": 1440, "height": 900})
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    context.close()
    return found


@pytest.mark.parametrize("path", KINDS)
def test_no_page_has_a_barrier_that_axe_knows(visits: dict[str, Visit], path: str) -> None:
    assert visits[path].status == 200
    assert visits[path].barriers == []


@pytest.mark.parametrize("path", KINDS)
def test_no_request_leaves_the_server_and_the_browser_has_nothing_to_complain_of(
    visits: dict[str, Visit], path: str, server: str
) -> None:
    assert [url for url in visits[path].asked if not url.startswith((f"{server}/", "data:"))] == []
    assert visits[path].complaints == []


@pytest.mark.parametrize("path", [path for path in KINDS if path.partition("?")[0] not in LARGE])
def test_no_page_is_heavy(visits: dict[str, Visit], path: str) -> None:
    assert 0 < visits[path].weight < HEAVIEST


@pytest.mark.parametrize("path", KINDS)
def test_no_page_is_wider_than_the_screen(visits: dict[str, Visit], path: str) -> None:
    assert {width: found for width, found in visits[path].widths.items() if found > width} == {}
