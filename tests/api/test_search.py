"""Whoever knows a word of something finds it, and sees of what kinds there is more."""

from __future__ import annotations

import httpx
import pytest

HOME = "https://w3id.org/hrdd-graph/"


def first(program: httpx.Client, q: str, **asked: str) -> str:
    return str(program.get("/search", params={"q": q, **asked}).json()["things"][0]["iri"]).removeprefix(HOME)


@pytest.mark.parametrize(
    ("q", "iri"),
    [
        ("Newmont", "id/organisation/newmont"),
        ("yanacocha mineria", "id/organisation/mineria-yanacocha"),
        ("child labour", "topic/child-labour"),
        ("travail forcé", "topic/forced-labour"),
        ("trabajo infantil", "topic/child-labour"),
        ("Сиалкот", "id/place/sialkot"),
        ("certificate lapsed", "gap/certificate-lapsed"),
        ("which abuses are without remedy", "queries/open-abuses"),
    ],
)
def test_what_is_called_so_comes_first_in_any_language_and_script(program: httpx.Client, q: str, iri: str) -> None:
    assert first(program, q) == iri


def test_the_beginning_of_a_word_is_enough(program: httpx.Client) -> None:
    assert first(program, "newmo") == "id/organisation/newmont"


def test_a_name_comes_before_what_is_said_about_it(program: httpx.Client) -> None:
    kinds = [thing["kind"] for thing in program.get("/search", params={"q": "newmont"}).json()["things"]]
    assert kinds[0] == "Firm"
    assert "Ownership" in kinds


def test_kinds_are_counted_and_narrow_down(program: httpx.Client) -> None:
    whole = program.get("/search", params={"q": "sialkot", "page_size": 200}).json()
    assert sum(kind["count"] for kind in whole["kinds"]) == whole["count"]
    counts = {kind["kind"]: kind["count"] for kind in whole["kinds"]}
    abuses = program.get("/search", params={"q": "sialkot", "kind": "Abuse"}).json()
    assert abuses["count"] == counts["Abuse"]
    assert {thing["kind"] for thing in abuses["things"]} == {"Abuse"}
    assert abuses["kinds"] == whole["kinds"]


def test_a_class_stands_for_those_below_it(program: httpx.Client) -> None:
    found = program.get("/search", params={"q": "newmont", "kind": "Organisation"}).json()
    assert [thing["id"] for thing in found["things"]][:1] == ["id:organisation/newmont"]


def test_a_kind_alone_lists_all_of_it_by_name(program: httpx.Client) -> None:
    found = program.get("/search", params={"kind": "Topic", "page_size": 200}).json()
    labels = [thing["label"].casefold() for thing in found["things"]]
    assert len(labels) == found["count"] > 50
    assert labels == sorted(labels)


def test_pages_follow_each_other_and_hold_everything_once(program: httpx.Client) -> None:
    whole = program.get("/search", params={"q": "sialkot", "page_size": 200}).json()["things"]
    answer = program.get("/search", params={"q": "sialkot", "page_size": 50})
    paged = answer.json()["things"]
    while "next" in answer.links:
        answer = program.get(answer.links["next"]["url"])
        paged += answer.json()["things"]
    assert paged == whole


def test_a_cursor_is_for_its_own_list(program: httpx.Client) -> None:
    cursor = httpx.URL(program.get("/search", params={"q": "sialkot"}).links["next"]["url"]).params["cursor"]
    assert program.get("/search", params={"q": "newmont", "cursor": cursor}).status_code == 409
    assert program.get("/search", params={"q": "sialkot", "cursor": "x"}).status_code == 422


def test_where_no_thing_has_all_of_the_words_some_are_enough(program: httpx.Client) -> None:
    found = program.get("/search", params={"q": "newmont xylophone"}).json()
    assert not found["allWords"]
    assert found["things"][0]["id"] == "id:organisation/newmont"


def test_nothing_found_is_no_clearance_and_names_spelt_alike_are_offered(program: httpx.Client) -> None:
    found = program.get("/search", params={"q": "Newmnot"}).json()
    assert found["count"] == 0
    assert "no clearance" in found["note"]
    assert [thing["id"] for thing in found["near"]][:1] == ["id:organisation/newmont"]


@pytest.mark.parametrize(
    "q", ['"', "*", "a AND", "NEAR(", "label: x", "'; DROP TABLE things", "( OR )", "^x", "%00", "☃"]
)
def test_what_is_typed_is_never_syntax(program: httpx.Client, q: str) -> None:
    answer = program.get("/search", params={"q": q})
    assert answer.status_code == 200
    assert program.get("/search", params={"q": "newmont"}).json()["count"] > 0


def test_a_question_has_a_greatest_length_and_known_kinds(program: httpx.Client) -> None:
    assert program.get("/search", params={"q": "x" * 201}).status_code == 422
    answer = program.get("/search", params={"q": "x", "kind": "Firmm"})
    assert answer.status_code == 422
    assert "Firm" in answer.json()["fix"]


def test_the_page_has_the_box_the_kinds_and_the_way_on(browser: httpx.Client) -> None:
    page = browser.get("/search", params={"q": "sialkot"}).text
    assert 'value="sialkot"' in page
    assert "kind=Abuse" in page
    assert 'rel="next nofollow"' in page
    assert "Sialkot football cluster" in page
    assert "Newmont" in browser.get("/search", params={"q": "Newmnot"}).text
    assert "Or choose a kind" in browser.get("/search").text


def test_an_answer_that_the_caller_has_is_not_sent_again(program: httpx.Client) -> None:
    tag = program.get("/search", params={"q": "newmont"}).headers["ETag"]
    assert program.get("/search", params={"q": "newmont"}, headers={"If-None-Match": tag}).status_code == 304
