"""Every address answers a browser with a page that is whole, safe, and asks nothing of any other server."""

from __future__ import annotations

from collections import deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import hrdd_api
import httpx
import pytest

PAGES = [
    "/", "/gaps", "/gaps?country=PE&sort=salience", "/gaps/diff?since=2007-12-31",
    "/gaps/certified-open-abuse/fc31565f507d0dea",
    "/rights?by=country", "/pictures", "/pictures/gaps-by-principle", "/pictures/commitments-and-deeds",
    "/pictures/map", "/pictures/timeline/cluster/yanacocha-mining", "/search?q=yanacocha", "/udhr/article/23",
    "/rules", "/rules/certified-open-abuse", "/queries", "/queries/figures", "/queries/abuses-by-right",
    "/queries/abuses-by-right?right=udhr:23", "/sparql",
    "/sparql?query=SELECT%20*%20%7B%20%3Fx%20a%20hrdd%3AAbuse%20%7D", "/catalog", "/ontology", "/health", "/docs",
    "/id", "/id/organisation", "/id/organisation/newmont", "/id/cluster/sialkot-football",
    "/id/abuse/yanacocha-totoracocha-force",
    "/udhr/article/23.4", "/ungp/principle/22", "/ilo/C169", "/iccpr/article/22", "/icescr/article/8",
    "/ungc/principle/1", "/oecd/step/1", "/standard/iso-14001", "/topic/wages", "/graph/nieri-2016",
    "/ontology/reference/udhr", "/id/country/PE", "/problem/not-found", "/dataset/nieri-2016",
    "/guide", "/guide/explanation/safety", "/ontology/part/impacts", "/dumps/", "/changes", "/mcp",
    "/reports", "/submissions/incident", "/submissions/interview", "/submissions/workbook",
]  # fmt: skip


STATIC = Path(hrdd_api.__file__).parent / "static"
OURS = {f"/static/{path.relative_to(STATIC).as_posix()}" for path in STATIC.rglob("*.*")} | {"/pictures/style.css"}


class Page(HTMLParser):
    """What a page's markup holds: its tags, its addresses, and the fragments that it defines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.controls: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.attributes |= set(given)
        if identifier := given.get("id"):
            self.ids.append(identifier)
        if tag == "a" and "nofollow" in (given.get("rel") or ""):
            return  # a filter chosen or let go of: there is no end of them
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "form" and given.get("method") == "post":
            return  # what answers it is tested where it is sent
        elif tag in ("form",):
            self.links.append(given.get("action") or "")
        elif tag not in ("svg", "g", "path", "rect"):
            self.fetched += [value for name in ("src", "href", "srcset", "data") if (value := given.get(name))]


@pytest.mark.parametrize("path", PAGES)
def test_each_address_answers_browsers_with_a_page_and_programs_with_data(
    browser: httpx.Client, program: httpx.Client, path: str
) -> None:
    page = browser.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    parsed = Page(page.text)
    assert parsed.tags.count("h1") == 1
    assert parsed.tags.count("main") == 1
    if path != "/docs":  # a page about what /openapi.json says
        data = program.get(path)
        missing = path == "/queries/abuses-by-right"  # without its parameter there is a form, and no data
        assert data.status_code == (422 if missing else 200)
        assert "html" not in data.headers["content-type"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fetches_only_style_sheets_and_scripts_of_ours_and_runs_nothing_inline(
    browser: httpx.Client, path: str
) -> None:
    page = browser.get(path)
    parsed = Page(page.text)
    assert set(parsed.fetched) <= OURS
    assert parsed.tags.count("script") == sum(each.endswith(".js") for each in parsed.fetched)
    assert not {"style", "iframe", "img", "object", "embed"} & set(parsed.tags)
    assert not {name for name in parsed.attributes if name == "style" or name.startswith("on")}
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_no_fragment_is_defined_twice(browser: httpx.Client, path: str) -> None:
    ids = Page(browser.get(path).text).ids
    assert len(ids) == len(set(ids))


def test_no_link_of_ours_is_dead(browser: httpx.Client, server: str) -> None:
    """Follow every link that robots may follow from the start page, breadth first, as far as 500 pages."""
    todo, seen = deque(["/"]), {"/"}
    dead: list[tuple[str, object]] = []
    while todo and len(seen) < 500:
        path = todo.popleft()
        answer = browser.get(path)
        if answer.status_code != 200:
            dead.append((path, answer.status_code))
            continue
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        parsed = Page(answer.text)
        dead += [(path, link) for link in parsed.links if link.startswith("#") and link[1:] not in parsed.ids]
        for link in parsed.links:
            target = urlsplit(urljoin(server + path, link))
            place = target.path + (f"?{target.query}" if target.query else "")
            if f"{target.scheme}://{target.netloc}" == server and place not in seen:
                seen.add(place)
                todo.append(place)
    assert dead == []
    assert len(seen) > 200


def test_addresses_of_ours_are_links_to_this_server_and_those_of_others_leave_no_trace(browser: httpx.Client) -> None:
    page = browser.get("/id/organisation/newmont").text
    assert 'href="https://w3id.org/hrdd-graph/' not in page
    assert 'href="/ontology#Firm"' in page
    outside = [line for line in page.splitlines() if 'href="http' in line]
    assert all("noreferrer" in line for line in outside)


def test_pages_stay_small(browser: httpx.Client) -> None:
    """Nobody waits for a page in a place with a slow line."""
    assert len(browser.get("/static/hrdd.css").content) < 16_000
    for path in ("/", "/gaps?rule=certified-open-abuse", "/rules", "/queries", "/id/organisation/newmont"):
        assert len(browser.get(path).content) < 80_000


def test_an_empty_view_says_what_to_do(browser: httpx.Client) -> None:
    page = browser.get("/?known_on=1990-01-01").text
    assert "No data set is visible on this day" in page
    assert "Ask without a day" in page
    nothing = browser.get("/gaps?known_on=1990-01-01").text
    assert "That is no clearance" in nothing
    assert "clear of" not in nothing
