"""A beginning of which only one variable is asked for, found once, leaves the rows as they are."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.beginnings import begun_once
from hrdd_graph.sparql.groups import Group, parse_group
from hrdd_graph.sparql.tokens import tokens
from tests.sparql.test_antijoins import groups, triples


def begun(body: str) -> Group:
    return begun_once(parse_group(tokens(body)), frozenset("ab"))


def rows(store: pyoxigraph.Store, where: str) -> list[tuple[str, ...]]:
    answer = store.query(f"SELECT DISTINCT ?a ?b WHERE {where}")
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return sorted(tuple(str(term) for term in row) for row in answer)


@settings(max_examples=500, deadline=None)
@given(st.lists(triples, max_size=14), groups(1), groups(1))
def test_a_beginning_found_once_gives_the_same_rows(data: list[pyoxigraph.Quad], first: str, second: str) -> None:
    """By itself and before EXISTS becomes joins, in braces that stand in the group and in EXISTS."""
    store = pyoxigraph.Store()
    store.extend(data)
    body = f"?a <urn:p0> ?b . {{ {first} }} FILTER NOT EXISTS {{ {{ {second} }} ?b <urn:p1> ?c }}"
    try:
        expected = rows(store, f"{{ {body} }}")
    except SyntaxError:
        assume(False)  # a variable that is assigned twice
    assert rows(store, str(begun(body))) == expected
    assert rows(store, str(rewrite(begun(body)))) == expected


IN_BRACES = "{ ?c a <urn:Harm> ; <urn:p0> ?b . ?d <urn:p1> ?b }"


@pytest.mark.parametrize("body", [IN_BRACES, f"?a <urn:p2> ?b FILTER NOT EXISTS {{ {IN_BRACES} }}"])
def test_only_the_variable_that_is_asked_for_is_kept(body: str) -> None:
    assert "{ SELECT DISTINCT ?b WHERE { ?c a <urn:Harm> ; <urn:p0> ?b . } } ?d <urn:p1> ?b" in str(begun(body))


@pytest.mark.parametrize(
    "body",
    [
        "?c a <urn:Harm> ; <urn:p0> ?b . ?d <urn:p1> ?b",  # in no braces: the store begins where it will
        "{ ?c a <urn:Harm> ; <urn:p0> ?b }",  # nothing is looked up behind it
        "{ ?c <urn:p0> ?b . ?c <urn:p1> ?d }",  # asked for behind it
        "?c <urn:p2> ?a . { ?c <urn:p0> ?b . ?d <urn:p1> ?b }",  # asked for outside
        "{ ?a <urn:p0> ?b . ?d <urn:p1> ?b }",  # selected
    ],
)
def test_another_beginning_stays(body: str) -> None:
    assert begun(body) == parse_group(tokens(body))
