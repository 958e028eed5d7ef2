"""Pages of a template's rows: each row once, in one order, with an honest end."""

from __future__ import annotations

import re

import httpx
import pytest

WHOLE = "/queries/silences"


def pages(program: httpx.Client, size: int) -> list[list[dict[str, object]]]:
    found = []
    address = f"{WHOLE}.json?page_size={size}"
    while address:
        answer = program.get(address)
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["rows"])
        link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        assert bool(link) == answer.json()["meta"]["truncated"]
        address = link[1] if link else ""
    return found


def test_following_the_links_gives_each_row_once_and_in_order(program: httpx.Client) -> None:
    found = pages(program, 100)
    assert len(found) > 2
    assert all(len(page) == 100 for page in found[:-1])
    rows = [row for page in found for row in page]
    assert rows == [row for page in pages(program, 1000) for row in page]
    assert len({str(row) for row in rows}) == len(rows)


def test_json_comes_in_pages_and_csv_whole(program: httpx.Client) -> None:
    assert len(program.get(f"{WHOLE}.json").json()["rows"]) == 100
    assert len(program.get(f"{WHOLE}.csv").text.splitlines()) > 300
    assert "# truncated" in program.get(f"{WHOLE}.csv?page_size=10").text


def test_a_reader_is_led_to_the_next_page(browser: httpx.Client) -> None:
    first = browser.get(f"{WHOLE}?page_size=50").text
    link = re.search(r'href="([^"]+)" rel="next"', first)
    assert link
    assert browser.get(link[1].replace("&amp;", "&")).status_code == 200


def test_every_answer_has_a_receipt_in_its_header(program: httpx.Client) -> None:
    answer = program.get(f"{WHOLE}.json")
    assert answer.headers["Receipt"] == answer.json()["meta"]["receipt"]
    unchanged = program.get(f"{WHOLE}.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("page_size=0", 422, "bad-parameter"),
        ("page_size=many", 422, "bad-parameter"),
        ("page_size=1000000", 422, "bad-parameter"),
        ("cursor=nonsense", 422, "bad-parameter"),
        ("cursor=WzEwLCJ4IiwieSJd", 409, "stale-cursor"),
        ("cursor=Wy01LCJ4IiwieSJd", 422, "bad-parameter"),
    ],
)
def test_what_is_no_page_is_refused(program: httpx.Client, query: str, status: int, kind: str) -> None:
    refused = program.get(f"{WHOLE}.json?{query}")
    assert refused.status_code == status
    assert refused.json()["type"].endswith(f"/problem/{kind}")
    assert refused.json()["fix"]
