"""Answers drawn by the server: what is in them is in the picture, and what says nothing as a picture says why."""

from __future__ import annotations

import re

import httpx
import pytest

ABUSES = "SELECT ?abuse ?place WHERE { ?abuse a hrdd:Abuse ; hrdd:occurredIn ?place } LIMIT 30"
BY_PLACE = """SELECT ?place (COUNT(DISTINCT ?abuse) AS ?abuses) WHERE { ?abuse a hrdd:Abuse ; hrdd:occurredIn ?place }
GROUP BY ?place ORDER BY DESC(?abuses) ?place"""
SPILL = "DESCRIBE <https://w3id.org/hrdd-graph/id/abuse/yanacocha-mercury-spill>"


def drawn(program: httpx.Client, query: str, picture: str) -> httpx.Response:
    return program.post("/sparql", data={"query": query, "picture": picture}, headers={"Accept": "image/svg+xml"})


def test_a_graph_is_drawn_with_the_names_of_its_things(program: httpx.Client) -> None:
    answer = drawn(program, SPILL, "graph")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "<title>Water pollution</title>" in answer.text
    assert ">concerns topic<" in answer.text
    assert 'href="/topic/' in answer.text


def test_two_columns_of_things_are_a_graph_whose_lines_are_called_after_the_second(program: httpx.Client) -> None:
    answer = drawn(program, ABUSES, "graph")
    assert answer.text.count(">place<") >= 30


def test_each_number_of_an_answer_is_a_bar_with_its_number(program: httpx.Client) -> None:
    rows = program.post("/sparql", data={"query": BY_PLACE}, headers={"Accept": "text/csv"}).text.split()[1:]
    numbers = [line.rpartition(",")[2] for line in rows]
    svg = drawn(program, BY_PLACE, "chart").text
    assert re.findall(r'text-anchor="end">(\d+)<', svg) == numbers[:60]
    assert svg.count("<rect") == len(numbers[:60])


def test_what_is_told_of_a_country_is_not_added_to_what_is_told_of_its_places(program: httpx.Client) -> None:
    rows = program.post("/sparql", data={"query": BY_PLACE}, headers={"Accept": "text/csv"}).text.split()[1:]
    peru = next(line.rpartition(",")[2] for line in rows if "/country/PE," in line)
    assert f"<title>Peru: abuses {peru}</title>" in drawn(program, BY_PLACE, "map").text


def test_things_are_counted_once_in_the_country_in_which_they_lie(program: httpx.Client) -> None:
    query = "SELECT ?abuse ?label WHERE { ?abuse a hrdd:Abuse ; hrdd:occurredIn country:PE ; rdfs:label ?label }"
    abuses = {
        line.partition(",")[0]
        for line in program.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}).text.split("\r\n")[
            1:
        ]
        if line
    }
    assert f"<title>Peru: abuse {len(abuses)}</title>" in drawn(program, query, "map").text


@pytest.mark.parametrize(
    ("query", "picture", "why"),
    [
        (ABUSES, "chart", "No column of this answer holds numbers."),
        ("SELECT ?label WHERE { ?a a hrdd:Abuse ; rdfs:label ?label }", "graph", "Nothing in this answer leads"),
        ("SELECT ?label WHERE { ?a a hrdd:Abuse ; rdfs:label ?label }", "map", "lies in a country"),
        ("ASK { ?a a hrdd:Abuse }", "graph", "Yes or no is no picture."),
        (ABUSES, "cake", "cake is not a picture."),
    ],
)
def test_what_is_no_picture_says_why_and_what_to_ask_for(
    program: httpx.Client, query: str, picture: str, why: str
) -> None:
    answer = drawn(program, query, picture)
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    assert answer.json()["fix"]


def test_a_page_shows_the_picture_above_the_rows(program: httpx.Client) -> None:
    page = program.get("/sparql", params={"query": BY_PLACE, "picture": "map"}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.text.index('class="hrdd-picture') < page.text.index("<tbody>")
    empty = program.get("/sparql", params={"query": ABUSES, "picture": "chart"}, headers={"Accept": "text/html"})
    assert "No column of this answer holds numbers." in empty.text


def test_text_of_a_query_stays_text_in_a_picture(program: httpx.Client) -> None:
    query = """CONSTRUCT { <https://example.org/a> <https://example.org/p> <javascript:alert(1)> ;
      rdfs:label "<script>alert(1)</script>" } WHERE {}"""
    svg = drawn(program, query, "graph").text
    assert "<script" not in svg
    assert 'href="javascript' not in svg
