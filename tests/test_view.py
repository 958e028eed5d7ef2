"""A view is what a question may see: graphs, and the day that it is asked for."""

from __future__ import annotations

import io
from datetime import date

import pytest

from hrdd_graph.catalog import CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH, GraphEntry
from hrdd_graph.dump import write_dump
from hrdd_graph.namespaces import DCTERMS, HOME, HRDD
from hrdd_graph.sparql.guard import guarded_query
from hrdd_graph.store import QueryError
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Literal, Quad
from hrdd_graph.view import View, open_view

GRAPHS = {"early": ("2004", True), "late": ("2016-03", True), "secret": ("2010", False), "ontology/x": ("", True)}
EVERYTHING = (
    "SELECT ?o WHERE { ?s <https://example.org/says> ?o }",
    "SELECT ?o WHERE { GRAPH ?g { ?s <https://example.org/says> ?o } }",
    "SELECT ?o WHERE { ?s ?p ?o FILTER ( ?p = <https://example.org/says> ) }",
    "SELECT ?o WHERE { { ?s <https://example.org/says> ?o } UNION { GRAPH ?g { ?x <https://example.org/says> ?o } } }",
    "SELECT ?o WHERE { <https://example.org/secret> !<https://example.org/no> ?o }",
    f"SELECT ?o WHERE {{ GRAPH <{HOME}secret> {{ ?s <https://example.org/says> ?o }} }}",
    f"SELECT ?o WHERE {{ GRAPH <{HOME}secret/derived> {{ ?s <https://example.org/says> ?o }} }}",
)


@pytest.fixture(scope="module")
def world() -> EmbeddedStore:
    """Four graphs that each say their own name, and the catalogue that describes them."""
    store = EmbeddedStore.in_memory()
    quads: list[Quad] = []
    for name, (issued, public) in GRAPHS.items():
        graph = Iri(HOME + name)
        for of in (graph, Iri(graph.value + "/derived")):
            quads.append(Quad(Iri("https://example.org/" + name), Iri("https://example.org/says"), Literal(name), of))
        node = Iri("https://example.org/dataset/" + name)
        catalog = Iri(CATALOG_GRAPH if public else RESTRICTED_CATALOG_GRAPH)
        quads += [
            Quad(node, HRDD.describesGraph, graph, catalog),
            Quad(node, DCTERMS.title, Literal(name), catalog),
            Quad(node, DCTERMS.license, Iri("https://example.org/licence"), catalog),
            Quad(node, HRDD.hasAccess, HRDD.PublicAccess if public else HRDD.RestrictedAccess, catalog),
            Quad(node, HRDD.graphDigest, Literal("sha256:" + name), catalog),
        ]
        if issued:
            quads.append(Quad(node, DCTERMS.issued, Literal(issued), catalog))
    public_graphs = [HOME + name for name, (_, public) in GRAPHS.items() if public]
    store.load(quads, [*public_graphs, *(graph + "/derived" for graph in public_graphs), CATALOG_GRAPH])
    return store


def seen(view: View, text: str = EVERYTHING[0]) -> set[str]:
    return {row[0].value for row in view.select(text).rows if isinstance(row[0], Literal)}


def test_a_view_sees_what_is_public(world: EmbeddedStore) -> None:
    assert seen(open_view(world)) == {"early", "late", "ontology/x"}


@pytest.mark.parametrize("text", EVERYTHING)
def test_a_restricted_graph_is_invisible_however_one_asks(world: EmbeddedStore, text: str) -> None:
    assert "secret" not in seen(open_view(world), text)


@pytest.mark.parametrize("text", EVERYTHING)
def test_a_restricted_graph_is_invisible_in_the_past_too(world: EmbeddedStore, text: str) -> None:
    assert "secret" not in seen(open_view(world, known_on=date(2012, 1, 1)), text)


def test_who_may_read_a_restricted_graph_reads_it(world: EmbeddedStore) -> None:
    assert "secret" in seen(open_view(world, restricted=[HOME + "secret"]))


def test_a_right_to_read_one_graph_opens_no_other(world: EmbeddedStore) -> None:
    assert "secret" not in seen(open_view(world, restricted=[HOME + "another"]))


@pytest.mark.parametrize(
    ("known_on", "expected"),
    [
        ("2004-12-30", {"ontology/x"}),
        ("2004-12-31", {"early", "ontology/x"}),
        ("2016-03-30", {"early", "ontology/x"}),
        ("2016-03-31", {"early", "late", "ontology/x"}),
    ],
)
def test_what_was_known_on_a_day_is_what_had_appeared_for_certain(
    world: EmbeddedStore, known_on: str, expected: set[str]
) -> None:
    view = open_view(world, known_on=date.fromisoformat(known_on))
    assert seen(view) == expected
    assert seen(view, EVERYTHING[1]) == expected


def test_the_vocabulary_is_known_on_every_day(world: EmbeddedStore) -> None:
    assert seen(open_view(world, known_on=date(1900, 1, 1))) == {"ontology/x"}


@pytest.mark.parametrize("name", ["secret", "secret/derived", "nowhere"])
def test_from_names_no_graph_outside_the_view(world: EmbeddedStore, name: str) -> None:
    with pytest.raises(QueryError, match="is not a graph of this view"):
        guarded_query(open_view(world), f"SELECT * FROM <{HOME}{name}> WHERE {{ ?s ?p ?o }}")


@pytest.mark.parametrize("name", ["nq", "trig", "jsonld"])
def test_a_dump_holds_no_restricted_graph(world: EmbeddedStore, name: str) -> None:
    stream = io.BytesIO()
    write_dump(open_view(world), name, stream)
    assert b"early" in stream.getvalue()
    assert b"secret" not in stream.getvalue()


def test_the_digest_of_a_view_depends_on_its_graphs_and_not_on_their_order(world: EmbeddedStore) -> None:
    one, two = GraphEntry("a", "A", "l", True, digest="1"), GraphEntry("b", "B", "l", True, digest="2")
    day = date(2020, 1, 1)
    assert View(world, (one, two), day).digest == View(world, (two, one), day).digest
    assert View(world, (one,), day).digest != View(world, (one, two), day).digest


def test_the_day_is_today_unless_it_is_given(world: EmbeddedStore) -> None:
    assert open_view(world).as_of == date.today()
    assert open_view(world, as_of=date(2007, 12, 31)).as_of == date(2007, 12, 31)
