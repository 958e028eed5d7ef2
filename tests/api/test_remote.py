"""A remote store pointed at our own endpoint is the same store: same gaps, same rows, same refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from hrdd_graph.answers._findings import Findings
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.report._document import run_document
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store import QueryError, Scope, StoreError, ask, select
from hrdd_graph.store.remote import RemoteStore
from hrdd_graph.templates import read_templates
from hrdd_graph.view import View, open_view


@contextmanager
def connected(endpoint: str) -> Iterator[RemoteStore]:
    store = RemoteStore(endpoint)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def remote(server: str) -> Iterator[RemoteStore]:
    with connected(f"{server}/sparql") as store:
        yield store


def test_the_view_is_the_same(remote: RemoteStore, view: View) -> None:
    far = open_view(remote, as_of=view.as_of)
    assert far.entries == view.entries
    assert far.digest == view.digest


def test_the_gaps_are_the_same(remote: RemoteStore, view: View, resources: Resources) -> None:
    rules = read_rules(resources)
    near = run_document(run_rules(view, rules))
    assert near["findings"]
    assert run_document(run_rules(open_view(remote, as_of=view.as_of), rules)) == near


def test_the_gaps_of_an_earlier_state_of_knowledge_are_the_same(
    remote: RemoteStore, view: View, resources: Resources
) -> None:
    rules = read_rules(resources)
    near, far = (
        open_view(store, as_of=date(2012, 1, 1), known_on=date(2016, 12, 31)) for store in (view.store, remote)
    )
    assert run_document(run_rules(far, rules)) == run_document(run_rules(near, rules))


def test_every_template_gives_the_same_rows(
    remote: RemoteStore, view: View, findings: Findings, resources: Resources
) -> None:
    far = open_view(remote, as_of=view.as_of)
    for template in read_templates(resources):
        given = {p.name: [p.example] for p in template.parameters if p.example and p.required}
        text = template.bind(given, today=view.as_of, findings=findings.solutions(template))
        if template.form == "SELECT":
            assert far.select(text) == view.select(text), template.name


def test_refusals_come_through_as_refusals(remote: RemoteStore, view: View) -> None:
    with pytest.raises(QueryError):
        remote.query("SELECT", Scope(view.graphs))
    with pytest.raises(QueryError):
        select(remote, "ASK {}", Scope(view.graphs))
    assert ask(remote, "ASK {}", Scope(view.graphs))


def test_an_endpoint_out_of_reach_is_a_failure_and_not_an_empty_answer(server: str) -> None:
    for endpoint in ("http://127.0.0.1:9/sparql", f"{server}/health"):
        with connected(endpoint) as store, pytest.raises(StoreError):
            open_view(store)
