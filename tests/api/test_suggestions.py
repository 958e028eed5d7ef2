"""POST /suggestions/rights: text in, ranked provisions out, with the words that led there."""

from __future__ import annotations

import json

import httpx
import pytest

from hrdd_graph.suggestions.suggester import MOST_CHARACTERS

ADDRESS = "/suggestions/rights"
TEXT = "Workers are paid less than the minimum wage, and the union is banned."
PLAIN = {"Content-Type": "text/plain"}


def test_json_and_plain_text_get_the_same_answer(program: httpx.Client) -> None:
    found = program.post(ADDRESS, json={"text": TEXT, "language": "en"})
    assert found.status_code == 200, found.text
    document = found.json()
    assert document["language"] == "en"
    assert "udhr:23.3" in [one["id"] for one in document["suggestions"]]
    first = document["suggestions"][0]
    assert first["rank"] == 1
    for word in first["reasons"][0]["words"]:
        assert TEXT[word["start"] : word["end"]] == word["text"]
    assert "hrdd:SuggestedAccepted" in document["note"]
    assert program.post(f"{ADDRESS}?language=en", content=TEXT, headers=PLAIN).json() == document
    assert found.headers["cache-control"] == "no-store"


def test_a_limit_shortens_the_list(program: httpx.Client) -> None:
    found = program.post(ADDRESS, params={"limit": 2}, json={"text": TEXT}).json()
    assert len(found["suggestions"]) == 2


def test_an_empty_answer_says_that_it_is_none(program: httpx.Client) -> None:
    found = program.post(ADDRESS, json={"text": "Xyzzy."}).json()
    assert found["suggestions"] == []
    assert "says nothing of whether a right is touched" in found["note"]


def test_the_page_has_a_form_and_shows_what_was_sent_as_text_only(program: httpx.Client) -> None:
    browser = {"Accept": "text/html"}
    assert "<form" in program.get(ADDRESS, headers=browser).text
    sent = {"text": "<script>alert(1)</script> no minimum wage", "language": ""}
    answer = program.post(ADDRESS, data=sent, headers=browser)
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "udhr:23.3" in answer.text


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"text": 7}', "application/json", 422),
        (b'{"text": "\\ud800"}', "application/json", 422),
        (b'{"text": "wages", "more": 1}', "application/json", 422),
        (b'{"text": ""}', "application/json", 422),
        (b'{"text": "wages", "language": "de"}', "application/json", 422),
        (b'{"text": "wages", "language": "?"}', "application/json", 422),
        (b"\xff\xfe", "text/plain", 400),
        (b"a" * (MOST_CHARACTERS + 1), "text/plain", 422),
        (b"a" * 1_000_001, "text/plain", 413),
        (b"text=" + b"&a=b" * 20, "application/x-www-form-urlencoded", 400),
        (b"a=b", "application/x-www-form-urlencoded", 422),
        (b"wages", "application/pdf", 415),
        (b"wages", "", 415),
    ],
)
def test_what_cannot_be_used_is_a_problem_with_a_fix(
    program: httpx.Client, content: bytes, media_type: str, status: int
) -> None:
    answer = program.post(ADDRESS, content=content, headers={"Content-Type": media_type} if media_type else {})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.text)
    assert problem["detail"]
    assert problem["fix"]
