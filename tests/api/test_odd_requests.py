"""Requests that no honest client sends are answered like any other mistake: with what is wrong, and never with 500."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.api.test_crowds import sent

NINES = "9" * 5000  # more digits than Python turns into a number
ABUSES = "/queries/abuses-by-right?right=udhr:23"
TIMELINE = "/pictures/timeline/organisation/mineria-yanacocha"


@pytest.mark.parametrize(
    "path",
    [f"{ABUSES}&page_size={NINES}", f"{ABUSES}&page_size=%D9%A1", f"/search?q=a&page_size={NINES}",
     f"/gaps?page={NINES}",
     f"/queries/figures?about={'x' * 20_000}%3C"],
)  # fmt: skip
def test_a_number_that_is_none_is_a_mistake(program: httpx.Client, path: str) -> None:
    assert program.get(path).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/gaps/diff?until=0001-01-01", "/gaps/diff?until=9999-12-31", f"{TIMELINE}.svg?as_of=0001-01-01",
     f"{TIMELINE}.svg?as_of=9999-12-31", "/pictures/timeline/organisation/ikea.svg?as_of=1904-02-29"],
)  # fmt: skip
def test_the_first_and_the_last_day_that_can_be_written_are_days(program: httpx.Client, path: str) -> None:
    assert program.get(path).status_code in (200, 404)


@pytest.mark.parametrize("words", ["qqxxzzyy vvkkjjww", "%FF%FE", "%ED%A0%80", "%E2%80%AE"])
def test_words_that_nothing_is_like_find_nothing(browser: httpx.Client, words: str) -> None:
    answer = browser.get(f"/search?q={words}")
    assert answer.status_code == 200
    assert "no clearance" in answer.text


@pytest.mark.parametrize("limit", ["²", NINES, "-1", "1e3", [1], None, True])
def test_a_setting_of_a_column_that_is_no_number_asks_for_every_value(program: httpx.Client, limit: object) -> None:
    wanted = {"ids": ["id/organisation/newmont"], "properties": [{"id": "rdfs:label", "settings": {"limit": limit}}]}
    answer = program.post("/reconcile", data={"extend": json.dumps(wanted)})
    assert answer.status_code == 200
    assert answer.json()["rows"]["id/organisation/newmont"]["rdfs:label"]


@pytest.mark.parametrize("path", ["/submissions/incident", "/submissions/interview", "/submissions/statements"])
@pytest.mark.parametrize(
    "body",
    [rb'{"\ud800": "x"}', rb'{"title": "\ud800"}', b'{"title": NaN}', b"[" * 100_000, b'{"a":' * 100_000,
     b'{"title": ' + NINES.encode() + b"}", b'{"title": "\xe9"}', b"", b"\xef\xbb\xbf"],
)  # fmt: skip
def test_a_body_that_is_no_json_is_a_mistake(program: httpx.Client, path: str, body: bytes) -> None:
    answer = program.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


# -- methods -----------------------------------------------------------------------------------------------------------

TAKES = [
    ("/gaps", {"GET", "HEAD"}),
    ("/sparql", {"GET", "HEAD", "POST"}),
    ("/submissions", {"GET", "HEAD", "POST"}),
    ("/submissions/queue", {"POST"}),
    ("/submissions/0123456789abcdef/decision", {"POST"}),
    ("/submissions/0123456789abcdef/rights", {"GET", "HEAD", "POST"}),
    ("/reports/portfolio", {"POST"}),
    ("/reports/firm/newmont", {"GET", "HEAD"}),
    ("/mcp", {"GET", "HEAD", "POST"}),
    ("/queries/parties.csv", {"GET", "HEAD"}),
    ("/udhr/article/23", {"GET", "HEAD"}),
    ("/nowhere/at/all", {"GET", "HEAD"}),
    ("/openapi.json", {"GET", "HEAD"}),
]


@pytest.mark.parametrize(("path", "methods"), TAKES)
def test_whoever_asks_by_another_method_is_told_all_that_there_are(
    program: httpx.Client, path: str, methods: set[str]
) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
        answer = program.request(method, path)
        assert answer.status_code == 405, method
        assert set(answer.headers["Allow"].split(", ")) == methods | {"OPTIONS"}
        assert answer.headers["content-type"] == "application/problem+json"
    told = program.options(path)
    assert (told.status_code, told.content) == (204, b"")
    assert set(told.headers["Allow"].split(", ")) == methods | {"OPTIONS"}


# -- parts of a dump ---------------------------------------------------------------------------------------------------


def test_a_part_is_sent_and_what_is_no_part_is_the_whole(program: httpx.Client) -> None:
    path = "/dumps/ontology.nq"
    whole = program.get(path)
    assert whole.headers["Content-Digest"] == whole.headers["Repr-Digest"]
    part = program.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert "Content-Digest" not in part.headers
    for ranges in ("pages=1", "bytes=5-2", "bytes=a-b", "bytes=", "x"):
        answer = program.get(path, headers={"Range": ranges})
        assert (answer.status_code, answer.content) == (200, whole.content), ranges
        assert answer.headers["Content-Digest"] == whole.headers["Content-Digest"]
    beyond = program.get(path, headers={"Range": "bytes=99999999999-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.content)}"
    assert beyond.headers["content-type"] == "application/problem+json"


# -- fields ------------------------------------------------------------------------------------------------------------


def test_two_names_of_the_server_are_refused(server: str) -> None:
    with sent(server, "GET /catalog.ttl HTTP/1.1\nHost: one.example\nHost: two.example\n\n") as twice:
        told = twice.recv(4096)
    assert b" 400 " in told.partition(b"\r\n")[0]
    assert b"Host" in told.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("path", ["/sparql", "/submissions", "/mcp"])
def test_a_packed_body_is_refused_and_not_read_as_it_is(program: httpx.Client, path: str) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    answer = program.post(path, content=b"ASK {}", headers=headers)
    assert answer.status_code == 415
    assert answer.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("charset", "status"), [("utf-8", 200), ('"UTF-8"', 200), ("us-ascii", 200), ("iso-8859-1", 415), ("utf-16", 415)]
)
def test_a_query_is_in_utf_8(program: httpx.Client, charset: str, status: int) -> None:
    for media_type, body in (
        ("application/sparql-query", "ASK {}"),
        ("application/x-www-form-urlencoded", "query=ASK+{}"),
    ):
        answer = program.post(
            "/sparql", content=body.encode(), headers={"Content-Type": f"{media_type}; charset={charset}"}
        )
        assert answer.status_code == status
