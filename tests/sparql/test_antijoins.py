"""EXISTS written as joins gives the same rows as EXISTS, on random graphs and for random patterns."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.groups import parse_group
from hrdd_graph.sparql.tokens import tokens

NODES = [pyoxigraph.NamedNode(f"urn:n{number}") for number in range(5)]
PREDICATES = [pyoxigraph.NamedNode(f"urn:p{number}") for number in range(3)]
VARIABLES = ["?a", "?b", "?c", "?d"]

triples = st.builds(
    lambda s, p, o: pyoxigraph.Quad(NODES[s], PREDICATES[p], NODES[o]),
    st.integers(0, 4), st.integers(0, 2), st.integers(0, 4),
)  # fmt: skip
patterns = st.builds(
    lambda s, p, o: f"{s} <urn:p{p}> {o} .",
    st.sampled_from(VARIABLES), st.integers(0, 2), st.sampled_from([*VARIABLES, "<urn:n0>"]),
)  # fmt: skip
runs = st.lists(patterns, min_size=1, max_size=2).map(" ".join)
conditions = st.sampled_from(["?a != ?b", "?b = ?c", "?c != ?d", "BOUND(?d)", "?a = <urn:n1>"])


def groups(depth: int) -> st.SearchStrategy[str]:
    """Bodies of groups with filters, EXISTS in and out of expressions, OPTIONAL, UNION and BIND."""
    if depth == 0:
        return runs
    inner = groups(depth - 1)
    return st.builds(
        lambda run, extras: " ".join([run, *extras]),
        runs,
        st.lists(
            st.one_of(
                inner.map(lambda body: f"FILTER NOT EXISTS {{ {body} }}"),
                inner.map(lambda body: f"FILTER EXISTS {{ {body} }}"),
                inner.map(lambda body: f"OPTIONAL {{ {body} }}"),
                conditions.map(lambda condition: f"FILTER ( {condition} )"),
                st.builds(lambda one, two: f"{{ {one} }} UNION {{ {two} }}", runs, inner),
                st.builds(
                    lambda body, condition: f"FILTER ( {condition} || NOT EXISTS {{ {body} }} )", inner, conditions
                ),
                st.builds(lambda one, two: f"FILTER ( EXISTS {{ {one} }} || EXISTS {{ {two} }} )", inner, inner),
                st.builds(lambda body, condition: f"FILTER ( {condition} || EXISTS {{ {body} }} )", inner, conditions),
                inner.map(lambda body: f"BIND ( IF ( EXISTS {{ {body} }} , 1 , 2 ) AS ?mark )"),
                st.builds(lambda body, condition: f"OPTIONAL {{ {body} FILTER ( {condition} ) }}", inner, conditions),
                st.builds(
                    lambda body, condition: f"FILTER NOT EXISTS {{ {body} FILTER ( {condition} ) }}", inner, conditions
                ),
                inner.map(lambda body: f"{{ {body} }}"),
                st.builds(
                    lambda one, two: (
                        f"BIND ( EXISTS {{ {one} }} AS ?mark ) FILTER NOT EXISTS {{ {two} FILTER ( ?mark ) }}"
                    ),
                    inner,
                    inner,
                ),
            ),
            max_size=3,
            unique_by=lambda text: text.split()[0] if text.startswith("BIND") else text,
        ),
    )


def rows(store: pyoxigraph.Store, where: str) -> list[tuple[str, ...]]:
    answer = store.query(f"SELECT DISTINCT ?a ?b ?c ?d ?mark WHERE {where}")
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return sorted(tuple(str(term) for term in row) for row in answer)


@settings(max_examples=1000, deadline=None)
@given(st.lists(triples, max_size=14), groups(2))
def test_exists_as_joins_gives_the_same_rows(data: list[pyoxigraph.Quad], body: str) -> None:
    store = pyoxigraph.Store()
    store.extend(data)
    group = parse_group(tokens(body))
    try:
        expected = rows(store, f"{{ {body} }}")
    except SyntaxError:
        assume(False)  # a variable that is assigned twice
    assert rows(store, str(rewrite(group))) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("?a <urn:p0> ?b FILTER NOT EXISTS { ?b <urn:p1> ?c }", "MINUS"),
        ("?a <urn:p0> ?b FILTER EXISTS { ?b <urn:p1> ?c }", "SELECT DISTINCT ?b"),
        (
            "?a <urn:p0> ?b FILTER NOT EXISTS { ?b <urn:p1> ?c . ?c <urn:p2> ?d FILTER ( ?d != ?a ) }",
            "MINUS { { SELECT * WHERE { { SELECT * WHERE { { SELECT DISTINCT ?a ?b",
        ),
        # Tied only by a variable of its own, which is what topics are: by itself it would be every pair on a topic.
        (
            "?a <urn:p0> ?b FILTER NOT EXISTS { ?a <urn:p1> ?c . ?b <urn:p1> ?c }",
            "MINUS { { SELECT * WHERE { { SELECT * WHERE { { SELECT DISTINCT ?a ?b",
        ),
        (
            "?a <urn:p0> ?b FILTER ( EXISTS { ?a <urn:p1> ?c } || EXISTS { ?b <urn:p1> ?d } )",
            "UNION { { SELECT DISTINCT ?b",
        ),
        (
            "?a <urn:p0> ?b OPTIONAL { ?b <urn:p2> ?d } FILTER ( ?a = ?b || EXISTS { ?a <urn:p1> ?c } )",
            "} OPTIONAL { { SELECT * WHERE { ?b <urn:p2>",
        ),
        ("?a <urn:p0> ?b OPTIONAL { ?c <urn:p1> ?d FILTER ( ?c != ?a ) }", "SELECT DISTINCT ?a"),
        (
            "?a <urn:p0> ?b OPTIONAL { ?a <urn:p1> ?c . ?b <urn:p2> ?c }",
            "OPTIONAL { { SELECT * WHERE { { SELECT * WHERE { { SELECT * WHERE { { SELECT DISTINCT ?a ?b",
        ),
        ("?a <urn:p0> ?b OPTIONAL { ?b <urn:p1> ?c } FILTER NOT EXISTS { ?a <urn:p2> ?c }", "UNION"),
        ("?a <urn:p0> ?b { ?b <urn:p1> ?c }", "{ SELECT * WHERE { ?b <urn:p1> ?c . } }"),
        ("?a <urn:p0> ?b BIND ( IF ( EXISTS { ?b <urn:p1> ?c } , 1 , 2 ) AS ?mark )", "BOUND(?exists0)"),
    ],
)
def test_a_pattern_that_is_tied_by_bound_variables_becomes_a_join(body: str, expected: str) -> None:
    assert expected in str(rewrite(parse_group(tokens(body))))


@pytest.mark.parametrize(
    "body",
    [
        "?a <urn:p0> ?b FILTER NOT EXISTS { ?b <urn:p1> ?c FILTER ( ?c != ?a ) }",
        "?a <urn:p0> ?b FILTER NOT EXISTS { ?b <urn:p1> ?c { ?c <urn:p1> ?d FILTER ( ?d != ?a ) } }",
        "?a <urn:p0> ?b OPTIONAL { ?a <urn:p1> ?c } FILTER NOT EXISTS { ?c <urn:p1> ?d }",
        "?a <urn:p0> ?b FILTER NOT EXISTS { ?c <urn:p1> ?d }",
    ],
    ids=[
        "one look-up",
        "a value from outside in a filter further inside",
        "a variable that may be unbound",
        "nothing shared",
    ],
)
def test_a_pattern_that_depends_on_its_place_stays(body: str) -> None:
    assert "NOT EXISTS" in str(rewrite(parse_group(tokens(body))))
