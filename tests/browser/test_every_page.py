"""Each kind of page in a browser: nobody is shut out, nothing comes from elsewhere, nothing is too heavy or wide."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.api.test_pages import PAGES
from tests.browser.conftest import AXE

# Pages of other norms and terms are made as that of an ILO convention is.
_ALIKE = (
    "/iccpr/",
    "/icescr/",
    "/ungc/",
    "/oecd/",
    "/topic/",
    "/dataset/",
    "/ontology/reference/",
    "/udhr/article/23.4",
)
# What only a browser is answered for, and a report, which has a style sheet of its own.
_FOR_PEOPLE = ["/submissions", "/suggestions/rights", "/reports/firm/mineria-yanacocha?severity=high"]
KINDS = [path for path in PAGES if not path.startswith(_ALIKE)] + _FOR_PEOPLE
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
    broader: list[str] = field(default_factory=list)


Visits = Callable[[str], Visit]


@pytest.fixture(scope="module")
def visits(chromium: Browser, server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """Opens a kind of page, once for all tests and for all workers of a run: whoever comes first writes what came of it
    into a folder that they share.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "visits"
    folder.mkdir(exist_ok=True)
    context = chromium.new_context(base_url=server, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(120_000)

    def visit(path: str) -> Visit:
        kept = folder / f"{sha256(path.encode()).hexdigest()}.json"
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(json.dumps(asdict(_opened(page, path, server))))
        return Visit(**json.loads(kept.read_text()))

    yield visit
    context.close()


def _opened(page: Page, path: str, server: str) -> Visit:
    """What comes of opening a page in light and dark, wide and narrow. Addresses of the server are without its name."""
    visit = Visit()
    answers: list[Response] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(message.text)

    def sent(request: Request) -> None:
        visit.asked.append(request.url.removeprefix(server))

    def came(response: Response) -> None:
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
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            visit.broader.append(f"{found} pixels on a screen of {width}")
    page.set_viewport_size({"width": 1440, "height": 900})
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return visit


@pytest.mark.parametrize("path", KINDS)
def test_no_page_has_a_barrier_that_axe_knows(visits: Visits, path: str) -> None:
    visit = visits(path)
    assert visit.status == 200
    assert visit.barriers == []


@pytest.mark.parametrize("path", KINDS)
def test_no_request_leaves_the_server_and_the_browser_has_nothing_to_complain_of(visits: Visits, path: str) -> None:
    visit = visits(path)
    assert [url for url in visit.asked if not url.startswith(("/", "data:"))] == []
    assert visit.complaints == []


@pytest.mark.parametrize("path", [path for path in KINDS if path.partition("?")[0] not in LARGE])
def test_no_page_is_heavy(visits: Visits, path: str) -> None:
    assert 0 < visits(path).weight < HEAVIEST


@pytest.mark.parametrize("path", KINDS)
def test_no_page_is_wider_than_the_screen(visits: Visits, path: str) -> None:
    assert visits(path).broader == []
