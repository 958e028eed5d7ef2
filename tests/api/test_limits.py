"""A caller's query is stopped at its limits, the server goes on answering others, and nothing of it stays."""

from __future__ import annotations

import csv
import io
import json
import os
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import serving

LIMIT = 1.5
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?p ?c . ?d ?p ?f . ?g ?p ?i . FILTER ( ?a != ?d && ?d != ?g ) }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f"
EXPONENTIAL = "SELECT (COUNT(*) AS ?n) { ?a (((!rdf:nil)*)*)* ?b . ?b (((!rdf:nil)*)*)* ?c }"
ALL = "SELECT * { ?s ?p ?o }"
SMALL = "ASK { ?x a hrdd:Abuse }"


@pytest.fixture(scope="module")
def strict(resources: Resources, store: EmbeddedStore) -> Iterator[httpx.Client]:
    """A server with narrow limits and one place for queries."""
    settings = Settings(
        query_seconds=LIMIT, query_rows=1000, query_megabytes=128, query_workers=1, query_wait_seconds=0.2
    )
    app = create_app(resources, store, settings)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60, headers={"Accept": "*/*"}) as client:
        client.get("/sparql", params={"query": SMALL})  # the worker starts
        yield client


def settled(strict: httpx.Client) -> None:
    """Wait until the place for queries is free again and a worker stands there."""
    for _ in range(100):
        if strict.get("/sparql", params={"query": SMALL}).status_code == 200:
            return
    raise AssertionError("no worker came back")


@pytest.mark.parametrize("query", [SLOW, EXPONENTIAL])
def test_a_query_without_end_is_stopped_within_a_second_of_its_limit(strict: httpx.Client, query: str) -> None:
    settled(strict)
    begun = time.monotonic()
    refused = strict.get("/sparql", params={"query": query})
    assert time.monotonic() - begun < LIMIT + 1
    assert refused.status_code == 503
    assert refused.json()["type"].endswith("/problem/query-limit")
    assert refused.json()["fix"]


def test_others_are_answered_while_a_query_runs_and_a_second_one_is_told_to_come_back(strict: httpx.Client) -> None:
    paths = ("/queries.json", "/rules/certified-open-abuse.ttl")
    for path in paths:
        strict.get(path)  # what is made once is made
    with ThreadPoolExecutor(1) as pool:
        for _ in range(10):  # a busy machine may answer only when the slow query has ended, which shows nothing
            settled(strict)
            slow = pool.submit(strict.get, "/sparql", params={"query": SLOW})
            time.sleep(0.3)
            others = [strict.get(path) for path in paths]
            busy = strict.get("/sparql", params={"query": SMALL})
            if not slow.done():
                break
        else:
            pytest.fail("the slow query ended too soon each time")
        assert [other.status_code for other in others] == [200, 200]
        assert busy.status_code == 503
        assert busy.headers["Retry-After"]
        assert slow.result().status_code == 503


def test_a_query_that_needs_too_much_memory_is_stopped_and_its_memory_comes_back(strict: httpx.Client) -> None:
    settled(strict)
    refused = strict.get("/sparql", params={"query": GREEDY})
    assert refused.status_code == 503
    assert "of memory" in refused.json()["detail"] or "seconds" in refused.json()["detail"]
    settled(strict)
    assert children_megabytes() < 400


def children_megabytes() -> float:
    """What the child processes of this process hold, together."""
    held = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if facts["PPid"].strip() == str(os.getpid()) and "VmRSS" in facts:
            held += int(facts["VmRSS"].split()[0])
    return held / 1024


def test_a_cut_answer_says_that_it_is_cut_in_every_format(strict: httpx.Client) -> None:
    settled(strict)

    def ask(accept: str) -> str:
        return strict.get("/sparql", params={"query": ALL}, headers={"Accept": accept}).text

    document = json.loads(ask("application/sparql-results+json"))
    assert document["truncated"] is True
    assert len(document["results"]["bindings"]) == 1000
    *rows, last = csv.reader(io.StringIO(ask("text/csv")))
    assert len(rows) == 1001
    assert last[0].startswith("# truncated")
    assert ask("text/tab-separated-values").splitlines()[-1].startswith("# truncated")
    xml = ask("application/sparql-results+xml")
    assert "<!-- truncated" in xml
    ET.fromstring(xml)
    graph = strict.get(
        "/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": "application/n-triples"}
    ).text
    assert graph.splitlines()[-1].startswith("# truncated")


def test_an_answer_that_fits_does_not_say_that_it_is_cut(strict: httpx.Client) -> None:
    settled(strict)
    answer = strict.get("/sparql", params={"query": ALL + " LIMIT 1000"}, headers={"Accept": "application/json"})
    assert "truncated" not in answer.json()


def test_the_answer_begins_before_it_is_complete(program: httpx.Client) -> None:
    with program.stream("GET", "/sparql", params={"query": ALL}, headers={"Accept": "text/csv"}) as answer:
        pieces = answer.iter_raw()
        first = next(pieces)
        assert first.startswith(b"o,p,s") or first.startswith(b"s,p,o")
        assert sum(map(len, pieces)) > 1_000_000
