"""After a change, checking only what it can reach gives the results of a full run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from hrdd_graph.ontology import Vocabulary
from hrdd_graph.reach.change import Change
from hrdd_graph.shacl import Compiled, Revalidated, compile_shapes, read_shapes, revalidate, run
from hrdd_graph.shacl.exchange import triples_of
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Quad, RdfFormat, Triple, parse
from tests.shacl.test_random import data_graphs, shapes_graphs
from tests.shacl.test_shape_parity import spoiled
from tests.shapes.test_shapes import FILES, named

EX = "https://example.org/"
PREFIXES = f"""
@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .
"""


def store_of(statements: Iterable[Triple]) -> EmbeddedStore:
    store = pyoxigraph.Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in statements)
    return EmbeddedStore(store, "memory:")


def turtle(text: str) -> frozenset[Triple]:
    return frozenset(q.triple for q in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))


def shapes(text: str) -> Compiled:
    return compile_shapes(read_shapes(turtle(text)))


def check(
    compiled: Compiled, before: Iterable[Triple], after: Iterable[Triple], hierarchy: Hierarchy | None = None
) -> Revalidated:
    """There and back again: each state's results follow from those of the other. Returns the first of the two."""
    old, new = frozenset(before), frozenset(after)
    first, second = store_of(old), store_of(new)
    then, now = (run(store, compiled, hierarchy=hierarchy) for store in (first, second))
    there = revalidate(second, compiled, then, Change(new - old, old - new), hierarchy=hierarchy)
    assert there.results == now, there.sentence
    back = revalidate(first, compiled, now, Change(old - new, new - old), hierarchy=hierarchy)
    assert back.results == then, back.sentence
    return there


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=data_graphs(), other=data_graphs(), graph=shapes_graphs(), data=st.data())
def test_any_change_of_a_random_graph_gives_what_a_full_run_gives(
    before: Graph, other: Graph, graph: Graph, data: st.DataObject
) -> None:
    old = sorted(triples_of(before), key=str)
    gone = data.draw(st.sets(st.sampled_from(old), max_size=3))
    come = data.draw(st.sets(st.sampled_from(sorted(triples_of(other), key=str)), max_size=3))
    check(compile_shapes(read_shapes(graph)), old, {*old, *come} - gone)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("path", FILES, ids=named)
def test_any_change_of_records_gives_what_a_full_run_gives(
    path: Path, vocabulary: Vocabulary, data: st.DataObject
) -> None:
    """Over a good graph with every mistake that the shapes of a file are there for."""
    compiled = compile_shapes(read_shapes(Graph().parse(path)))
    every = sorted({quad.triple for quad in spoiled(path, vocabulary)}, key=str)
    places = st.sets(st.integers(0, len(every) - 1), max_size=6)
    lost, gained = data.draw(places), data.draw(places)
    before = [triple for place, triple in enumerate(every) if place not in gained]
    after = [triple for place, triple in enumerate(every) if place not in lost]
    told = check(compiled, before, after, Hierarchy())
    assert not any(each.whole for each in told.asked)


QUERIES = {
    "a condition on what is bought from, over any number of tiers": """SELECT $this ?value WHERE {
        $this ex:q+ ?f . ?value ex:p ?f ; a ex:Abuse . FILTER NOT EXISTS { ?r ex:r ?value ; a ex:Remedy } }""",
    "the same with an answer of its own": """SELECT $this ?value WHERE { ?value ex:p $this .
        FILTER NOT EXISTS { $this ex:q ?value } OPTIONAL { ?value ex:r ?r } FILTER(!BOUND(?r)) }""",
    "one way or the other": """SELECT $this ?value WHERE {
        { $this ex:p ?value } UNION { ?value ex:q/ex:r $this } FILTER(EXISTS { ?value a ex:Abuse } || EXISTS {
        ?value ex:r ?x }) }""",
    "what is counted": """SELECT $this (COUNT(?v) AS ?value) WHERE { $this ex:p ?v }
        GROUP BY $this HAVING(COUNT(?v) > 1)""",
    "any property": "SELECT $this ?value WHERE { $this ?p ?value . ?value a ex:Abuse }",
}
NODES = [f"ex:n{number}" for number in range(5)]
statements = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from(["ex:p", "ex:q", "ex:r"]), st.sampled_from(NODES)),
    st.tuples(st.sampled_from(NODES), st.just("a"), st.sampled_from(["ex:Firm", "ex:Abuse", "ex:Remedy"])),
)
TARGETS = {
    "a class": "sh:targetClass ex:Firm",
    "a property": "sh:targetObjectsOf ex:q",
    "a query": """sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:prefixes ;
        sh:select "SELECT ?this WHERE { ?this ex:p ?v . ?v a ex:Firm }" ]""",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_gives_what_a_full_run_gives_for_queries(query: str, target: str, data: st.DataObject) -> None:
    """By themselves, and asked of the values of a property."""
    constraint = f'sh:sparql [ sh:prefixes ex:prefixes ; sh:select """{query}""" ]'
    compiled = shapes(f"ex:S {target} ; {constraint} . ex:T {target} ; sh:property [ sh:path ex:r ; {constraint} ] .")
    assert not compiled.fall_back
    old = data.draw(st.sets(statements, min_size=4, max_size=20))
    gone = data.draw(st.sets(st.sampled_from(sorted(old)), max_size=3))
    come = data.draw(st.sets(statements, max_size=3))
    before, after = (turtle(" ".join(f"{s} {p} {o} ." for s, p, o in each)) for each in (old, (old | come) - gone))
    check(compiled, before, after)


def test_only_the_focus_nodes_within_reach_are_asked() -> None:
    """A class that changes is looked at from whoever points there; firms beside it are not asked."""
    data = "ex:a a ex:Firm ; ex:in ex:x . ex:b a ex:Firm ; ex:in ex:y . ex:x a ex:Cluster . ex:y a ex:Cluster ."
    compiled = shapes("ex:S sh:targetClass ex:Firm ; sh:property [ sh:path ex:in ; sh:class ex:Cluster ] .")
    told = check(compiled, turtle(data), turtle(data.removesuffix("ex:y a ex:Cluster .")))
    assert [(result.focus.value, each.focus) for result, each in zip(told.results, told.asked, strict=True)] == [
        (EX + "b", 1)
    ]
    assert told.sentence == "1 of 1 shapes asked again, for 1 focus nodes"


@pytest.mark.parametrize(
    ("shape", "change", "why"),
    [
        ("sh:class ex:Firm", "ex:Buyer rdfs:subClassOf ex:Firm .", "the order of classes changed"),
        ("sh:nodeKind sh:Literal", "ex:a ex:p [] .", "a focus node has no name"),
        (
            'sh:pattern "^(?!x)"',
            "ex:a ex:p ex:c .",
            f'<{EX}S> has a pattern that is no regular expression of SPARQL: "^(?!x)".',
        ),
    ],
)
def test_a_shape_that_cannot_be_bounded_is_checked_as_a_whole_and_says_why(shape: str, change: str, why: str) -> None:
    data = "ex:a ex:p ex:b . ex:b a ex:Firm ."
    told = check(shapes(f"ex:S sh:targetObjectsOf ex:p ; {shape} ."), turtle(data), turtle(data + change))
    assert [each.whole for each in told.asked] == [why]
    assert told.sentence == f"1 of 1 shapes asked again, for 0 focus nodes; <{EX}S> as a whole: {why}"


def test_what_another_shape_says_of_the_same_node_stays() -> None:
    shape = "ex:S sh:targetClass ex:Firm ; sh:property ex:Name . ex:T sh:targetClass ex:Buyer ; sh:property ex:Name ."
    name = "ex:Name sh:path ex:name ; sh:minCount 1 ."
    firm, buyer = "ex:a a ex:Firm .", "ex:a a ex:Buyer ."
    told = check(shapes(shape + name), turtle(firm), turtle(firm + buyer))
    assert [result.root.value.removeprefix(EX) for result in told.results] == ["S", "T"]
