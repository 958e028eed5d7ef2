"""SPARQL 1.1 Protocol at /sparql: https://www.w3.org/TR/sparql11-protocol/."""

from __future__ import annotations

import csv
import io
import socket
import xml.etree.ElementTree as ET

import httpx
import pytest
from rdflib import Graph

NIERI = "https://w3id.org/hrdd-graph/graph/nieri-2016"
DERIVED = NIERI + "/derived"
COUNT = "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x a hrdd:Abuse }"
SELECT = 'SELECT ?x ?l WHERE { ?x a hrdd:Abuse ; rdfs:label ?l FILTER(LANG(?l) = "en") } ORDER BY ?x'


def number(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


# -- the three ways to send a query ----------------------------------------------------------------------------------


def test_get_form_and_direct_post_give_the_same_bytes(program: httpx.Client) -> None:
    by_get = program.get("/sparql", params={"query": SELECT})
    by_form = program.post("/sparql", data={"query": SELECT})
    direct = program.post("/sparql", content=SELECT, headers={"Content-Type": "application/sparql-query"})
    assert by_get.status_code == 200
    assert by_get.headers["content-type"] == "application/sparql-results+json"
    assert by_get.content == by_form.content == direct.content


def test_each_result_format_says_the_same(program: httpx.Client) -> None:
    def ask(accept: str) -> httpx.Response:
        answer = program.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == accept
        return answer

    rows = ask("application/sparql-results+json").json()["results"]["bindings"]
    assert ask("application/json").json()["results"]["bindings"] == rows
    table = list(csv.DictReader(io.StringIO(ask("text/csv").text)))
    assert [row["x"] for row in table] == [row["x"]["value"] for row in rows]
    tabs = ask("text/tab-separated-values").text.splitlines()
    assert tabs[0] == "?x\t?l"
    assert len(tabs) == len(rows) + 1
    space = "{http://www.w3.org/2005/sparql-results#}"
    results = ET.fromstring(ask("application/sparql-results+xml").text).iter(f"{space}result")
    assert len(list(results)) == len(rows)


def test_graphs_come_as_turtle_ntriples_and_json_ld(program: httpx.Client) -> None:
    query = "CONSTRUCT { ?x rdfs:label ?l } WHERE { ?x a hrdd:IndustrialCluster ; rdfs:label ?l }"
    assert program.get("/sparql", params={"query": query}).headers["content-type"] == "text/turtle; charset=utf-8"
    lines = program.get(
        "/sparql", params={"query": query}, headers={"Accept": "application/n-triples"}
    ).text.splitlines()
    assert len(lines) >= 4
    document = program.get("/sparql", params={"query": query}, headers={"Accept": "application/ld+json"}).text
    assert len(Graph().parse(data=document, format="json-ld")) == len(lines)


def test_ask_answers_a_boolean(program: httpx.Client) -> None:
    assert program.get("/sparql", params={"query": "ASK { ?x a hrdd:Abuse }"}).json()["boolean"] is True
    xml = program.get(
        "/sparql", params={"query": "ASK { ?x a hrdd:Nothing }"}, headers={"Accept": "application/sparql-results+xml"}
    )
    assert "<boolean>false</boolean>" in xml.text


def test_a_format_that_does_not_fit_the_answer_is_refused(program: httpx.Client) -> None:
    refused = program.get("/sparql", params={"query": COUNT}, headers={"Accept": "text/turtle"})
    assert refused.status_code == 406
    assert "application/sparql-results+json" in refused.json()["fix"]


# -- the data set ----------------------------------------------------------------------------------------------------


def test_default_graph_uri_chooses_among_the_views_graphs(program: httpx.Client) -> None:
    assert number(program.get("/sparql", params={"query": COUNT, "default-graph-uri": NIERI})) >= 23
    only_derived = program.get("/sparql", params={"query": COUNT, "default-graph-uri": DERIVED})
    assert number(only_derived) == 0
    both = {"query": COUNT, "default-graph-uri": [NIERI, DERIVED]}
    assert number(program.post("/sparql", data=both)) >= 23


def test_from_works_inside_the_view(program: httpx.Client) -> None:
    text = COUNT.replace("WHERE", f"FROM <{NIERI}> WHERE")
    assert number(program.get("/sparql", params={"query": text})) >= 23


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://169.254.169.254/latest> WHERE { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX g: <http://example.org/> SELECT * FROM g:secret WHERE { ?s ?p ?o }",
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * WHERE { sErViCe <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/>",
        "CLEAR ALL",
        "DROP ALL",
        "PREFIX a: <a:> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT",
        "SELECT * WHERE { ?s ?p",
        "not sparql at all",
        "",
    ],
)
def test_what_is_not_allowed_or_not_sparql_is_refused_in_every_way_of_sending(
    program: httpx.Client, query: str
) -> None:
    answers = [
        program.get("/sparql", params={"query": query}),
        program.post("/sparql", data={"query": query}),
        program.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"}),
    ]
    for answer in answers:
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "https://w3id.org/hrdd-graph/problem/bad-query"


def test_nothing_is_ever_fetched(program: httpx.Client) -> None:
    """However a query hides its SERVICE, FROM or LOAD, no connection reaches the address that it names."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        place = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for query in (
            f"SELECT * {{ SERVICE <{place}> {{ ?x ?y ?z }} }}",
            f"SELECT * {{ FILTER(1<2)SERVICE<{place}>{{ ?x ?y ?z }} }}",
            f"SELECT * {{ VALUES (?a ?b ?s) {{ (1 2 <{place}>) }} FILTER(?a<?b)SERVICE?s#>\n{{ ?x ?y ?z }} }}",
            f"SELECT * {{ FILTER('a'<'>') SERVICE <{place}> {{ ?x ?y ?z }} FILTER('>'<'a') }}",
            f"SELECT * {{ SERV\\u0049CE <{place}> {{ ?x ?y ?z }} }}",
            f"PREFIX p: <{place}> SELECT * {{ SERVICE p: {{ ?x ?y ?z }} }}",
            f"BASE <{place}> SELECT * FROM <x> {{ ?x ?y ?z }}",
            f"SELECT * FROM <{place}> {{ ?x ?y ?z }}",
            f"LOAD <{place}>",
        ):
            assert program.post("/sparql", data={"query": query}).status_code == 400, query
        with pytest.raises(TimeoutError):
            listener.accept()


def test_words_that_are_refused_are_welcome_in_strings_comments_and_names(program: httpx.Client) -> None:
    query = """# SERVICE and INSERT in a comment
    PREFIX service: <http://example.org/LOAD/>
    ASK { ?insert a hrdd:Abuse . FILTER("SERVICE <x> { DROP }" != 'DELETE') }"""
    assert program.get("/sparql", params={"query": query}).json()["boolean"] is True


def test_a_graph_outside_the_view_is_refused(program: httpx.Client) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        refused = program.get("/sparql", params={"query": COUNT, name: "http://example.org/secret"})
        assert refused.status_code == 400


def test_updates_are_refused_whichever_way_they_come(program: httpx.Client) -> None:
    update = "INSERT DATA { <a:a> <a:b> <a:c> }"
    assert program.get("/sparql", params={"update": update}).status_code == 400
    assert program.post("/sparql", data={"update": update}).status_code == 400
    direct = program.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"})
    assert direct.status_code == 415


def test_the_protocols_own_mistakes_are_bad_requests(program: httpx.Client) -> None:
    assert program.get(f"/sparql?query={COUNT}&query={COUNT}").status_code == 400
    assert program.post("/sparql", data={"other": "x"}).status_code == 422
    assert program.post("/sparql", data={}).status_code in (400, 415)
    assert program.post("/sparql", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 415
    broken = program.post("/sparql", content=b"\xff\xfe", headers={"Content-Type": "application/sparql-query"})
    assert broken.status_code == 400
    assert program.put("/sparql", content=COUNT).status_code == 405


def test_a_query_that_is_too_large_is_refused_before_it_is_read(program: httpx.Client) -> None:
    refused = program.post("/sparql", content=b"#" * 2_000_000, headers={"Content-Type": "application/sparql-query"})
    assert refused.status_code == 413


def test_a_program_that_asks_nothing_gets_the_service_description(program: httpx.Client) -> None:
    described = program.get("/sparql")
    assert described.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "sd:Service" in described.text
    assert "sd:SPARQL11Query" in described.text
    assert str(program.base_url.join("/sparql")) in described.text
    assert "graph:nieri-2016" in described.text


def test_a_browser_that_asks_nothing_gets_a_place_to_write(browser: httpx.Client) -> None:
    page = browser.get("/sparql").text
    assert "<textarea" in page
    assert "Service description" in page or "service description" in page


def test_a_browser_sees_rows_with_labels(browser: httpx.Client) -> None:
    page = browser.get("/sparql", params={"query": "SELECT ?x WHERE { ?x a hrdd:IndustrialCluster }"}).text
    assert 'href="/id/cluster/mae-sot-garment"' in page
    assert "Mae Sot garment and textile cluster" in page


def test_other_origins_may_ask(program: httpx.Client) -> None:
    for answer in (
        program.get("/sparql", params={"query": COUNT}, headers={"Origin": "https://example.org"}),
        program.post("/sparql", data={"query": COUNT}, headers={"Origin": "https://example.org"}),
        program.get("/nothing/here", headers={"Origin": "https://example.org"}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
