"""The embedded store: whatever graphs a question may see, it sees those and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd_graph.store import QueryError, Scope, StoreError, ask, select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Quad

EX = "https://example.org/"
GRAPHS = tuple(EX + name for name in "abcd")
ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
NAMED = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"

_NODES = st.sampled_from([Iri(EX + name) for name in "xyz"])
_QUADS = st.lists(st.tuples(_NODES, _NODES, _NODES, st.sampled_from(GRAPHS)), max_size=20)


def built(quads: list[tuple[Iri, Iri, Iri, str]], public: frozenset[str] = frozenset(GRAPHS[:2])) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.load([Quad(s, p, o, Iri(g)) for s, p, o, g in quads], public)
    return store


@settings(max_examples=150)
@given(_QUADS, st.sets(st.sampled_from(GRAPHS)))
def test_any_choice_of_graphs_is_their_union_and_nothing_else(
    quads: list[tuple[Iri, Iri, Iri, str]], chosen: set[str]
) -> None:
    store = built(quads)
    scope = Scope(tuple(sorted(chosen)))
    expected = {(s, p, o) for s, p, o, g in quads if g in chosen}
    answer = select(store, ALL, scope).rows
    assert set(answer) == expected
    assert len(answer) == len(expected), "a statement that two graphs make is one statement of their union"
    named = {(s, p, o, g.value) for g, s, p, o in select(store, NAMED, scope).rows if g is not None}
    assert named == {quad for quad in quads if quad[3] in chosen}


@given(_QUADS)
def test_without_a_choice_all_graphs_are_seen(quads: list[tuple[Iri, Iri, Iri, str]]) -> None:
    answer = select(built(quads), ALL, Scope()).rows
    assert set(answer) == {(s, p, o) for s, p, o, _ in quads}
    assert len(answer) == len(set(answer)), "a statement of several graphs is one statement of their union"


@given(_QUADS, st.sets(st.sampled_from(GRAPHS), min_size=2))
def test_the_order_in_which_graphs_are_chosen_does_not_matter(
    quads: list[tuple[Iri, Iri, Iri, str]], chosen: set[str]
) -> None:
    store = built(quads)
    one, other = Scope(tuple(sorted(chosen))), Scope(tuple(sorted(chosen, reverse=True)))
    assert set(select(store, ALL, one).rows) == set(select(store, ALL, other).rows)


def test_a_choice_that_was_forgotten_is_answered_again() -> None:
    x = Iri(EX + "x")
    store = built([(x, x, x, graph) for graph in GRAPHS])
    choices = [Scope((GRAPHS[i], GRAPHS[j])) for i in range(4) for j in range(i + 1, 4)]
    for _ in range(2):
        assert [len(select(store, NAMED, scope).rows) for scope in choices] == [2] * 6


def test_an_empty_choice_sees_nothing() -> None:
    x = Iri(EX + "x")
    assert not select(built([(x, x, x, GRAPHS[0])]), ALL, Scope(())).rows


def test_a_query_of_another_form_is_refused() -> None:
    store = built([])
    with pytest.raises(QueryError, match="SELECT query was expected"):
        select(store, "ASK {}", Scope())
    with pytest.raises(QueryError, match="ASK query was expected"):
        ask(store, ALL, Scope())


def test_what_is_no_sparql_is_refused_with_its_place() -> None:
    with pytest.raises(QueryError, match=r"This is not SPARQL: error at line 1, column \d+"):
        built([]).query("SELECT WHERE", Scope())


def test_an_update_is_no_query() -> None:
    with pytest.raises(QueryError):
        built([]).query("INSERT DATA { <a:a> <a:a> <a:a> }", Scope())


@pytest.mark.parametrize("broken", ["missing", "no union", "union is no list", "no quads"])
def test_a_store_that_cannot_be_opened_says_what_to_do(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "store"
    generation = folder / "generation-1"
    if broken != "missing":
        generation.mkdir(parents=True)
        (folder / "current").write_text("generation-1", encoding="utf-8")
    if broken == "union is no list":
        (generation / "union.json").write_text("{", encoding="utf-8")
    if broken == "no quads":
        (generation / "union.json").write_text(json.dumps([]), encoding="utf-8")
        (generation / "quads").write_text("no database", encoding="utf-8")
    with pytest.raises(StoreError, match="hrdd build"):
        EmbeddedStore.open(folder)


def test_rows_leave_out_what_is_unbound() -> None:
    rows = select(built([]), "SELECT ?a ?b WHERE { BIND(1 AS ?a) }", Scope())
    assert rows.variables == ("a", "b")
    assert [sorted(row) for row in rows.dicts()] == [["a"]]
