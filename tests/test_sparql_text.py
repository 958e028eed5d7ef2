"""SPARQL as text: cut into tokens without guessing, and what a caller's query may ask."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions
from rdflib.plugins.sparql.parser import parseQuery

from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.namespaces import HOME, IDS, PREFIXES, sparql_prologue
from hrdd_graph.resources import open_resources
from hrdd_graph.rules import read_rules
from hrdd_graph.sparql.guard import guarded, guarded_query
from hrdd_graph.sparql.syntax import check_syntax
from hrdd_graph.sparql.tokens import closing, joined, tokens
from hrdd_graph.store import QueryError, Scope, select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

# -- tokens ----------------------------------------------------------------------------------------------------------


def own_queries() -> list[Any]:
    """Every query that the repository holds: the templates, the rules as written, and the rules compiled."""
    resources = open_resources()
    found = [
        pytest.param(path.read_text(encoding="utf-8"), id=path.stem) for path in sorted(resources.queries.glob("*.rq"))
    ]
    for rule in read_rules(resources):
        found.append(pytest.param(rule.select, id=f"rule:{rule.name}"))
        found.append(pytest.param(compile_rule(rule).query(date(2020, 1, 1)), id=f"compiled:{rule.name}"))
    return found


def in_one_line(text: str) -> str:
    return joined(tokens(text))


def tree(text: str) -> str:
    """The query as another SPARQL 1.1 parser reads it, with blank nodes numbered in order."""
    numbers: dict[str, str] = {}
    written = str(parseQuery(sparql_prologue() + text))
    return re.sub(r"BNode\('(\w+)'\)", lambda m: numbers.setdefault(m[1], f"_:{len(numbers)}"), written)


@pytest.mark.parametrize("text", own_queries())
def test_tokens_joined_again_are_the_same_query(text: str) -> None:
    assert tree(in_one_line(text)) == tree(text)
    assert in_one_line(in_one_line(text)) == in_one_line(text)


@pytest.mark.parametrize("text", own_queries())
def test_tokens_know_their_places(text: str) -> None:
    for token in tokens(text):
        assert text[token.start : token.end] == token.text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p -1 . ?s ?q +2.5 , -.5e-3 }",
        "SELECT (?x-1 AS ?y) { BIND(2 AS ?x) FILTER(?x+1>-1) }",
        'SELECT * { ?s ^<a:b>*/!(<a:c>|^<a:d>)+ "x"@en-GB , "1"^^xsd:integer }',
        "SELECT * { ?s ?p ?o FILTER(?o <5&&?o>=1||!BOUND(?p)) }",
        "SELECT * { ?s a udhr:23.4 . ?s ?p id:a%20b }",
        "SELECT * { [] ?p ( 1 2.0 3e0 ) . _:a.b ?q _:c }",
        'SELECT * { ?s ?p """a "quoted" {brace} # no comment""" , \'\'\'it\'s\'\'\' }',
    ],
)
def test_any_form_of_term_survives(text: str) -> None:
    assert tree(in_one_line(text)) == tree(text)


def test_a_variable_has_one_name_with_either_sign() -> None:
    assert [token.variable for token in tokens("$this ?this a:b")] == ["this", "this", ""]


_INSIDE = st.text(st.sampled_from("{}#?$ '<>SELECTMINUSabc\"\\\n"), max_size=15)


@given(_INSIDE)
def test_no_string_changes_the_shape_of_a_query(inside: str) -> None:
    written = str(Literal(inside))
    stream = tokens(f"SELECT * {{ ?s ?p {written} }}")
    assert [token.kind for token in stream] == ["word", "mark", "mark", "variable", "variable", "string", "mark"]
    assert closing(stream, 2) == 6


@given(_INSIDE)
def test_no_comment_changes_the_shape_of_a_query(inside: str) -> None:
    comment = "# " + inside.replace("\n", " ")
    assert [token.text for token in tokens(f"SELECT * {{ {comment}\n ?s ?p ?o }}")] == [
        "SELECT",
        "*",
        "{",
        "?s",
        "?p",
        "?o",
        "}",
    ]


@given(st.text(max_size=30))
def test_any_text_is_cut_or_refused(text: str) -> None:
    try:
        stream = tokens(text)
    except ValueError as error:
        assert "line" in str(error)  # noqa: PT017
        return
    assert [text[token.start : token.end] for token in stream] == [token.text for token in stream]


@given(st.lists(st.sampled_from(["{", "}", '"}"', "'{'", "# }\n", "?x", "<a:b>"]), max_size=12))
def test_the_closing_brace_is_found_or_missed_as_counting_says(pieces: list[str]) -> None:
    stream = tokens("{ " + " ".join(pieces))
    depth, expected = 0, None
    for index, token in enumerate(stream):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            expected = index
            break
    if expected is None:
        with pytest.raises(ValueError, match="not closed"):
            closing(stream, 0)
    else:
        assert closing(stream, 0) == expected


def test_what_is_no_sparql_is_told_with_its_line() -> None:
    with pytest.raises(ValueError, match="line 2: "):
        tokens('SELECT *\n{ "open }')


@pytest.mark.parametrize("text", ["SELECT", "SELECT * { ?s ?p }", "SELECT * WHERE {{ ?s ?p ?o }", "INSERT DATA {}"])
def test_syntax_is_checked_without_a_store(text: str) -> None:
    with pytest.raises(ValueError, match="error at"):
        check_syntax(text)


# -- terms in queries ------------------------------------------------------------------------------------------------

_IRI_TEXT = st.text(max_size=20).map(lambda text: "https://example.org/" + text)


@given(st.text(max_size=40))
def test_a_literal_comes_out_of_a_query_as_it_went_in(text: str) -> None:
    store = EmbeddedStore.in_memory()
    rows = select(store, f"SELECT ?x {{ VALUES ?x {{ {Literal(text)} }} }}", Scope())
    assert rows.rows == ((Literal(text),),)


@given(_IRI_TEXT)
def test_an_address_comes_out_of_a_query_as_it_went_in_or_is_none(text: str) -> None:
    try:
        address = Iri(text)
    except ValueError:
        assume(False)
    rows = select(EmbeddedStore.in_memory(), f"SELECT ?x {{ VALUES ?x {{ {address} }} }}", Scope())
    assert rows.rows == ((address,),)


# -- what a caller may ask -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SeRvIcE ?x { ?s ?p ?o } } } }",
        "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    ],
)
def test_no_query_reaches_another_service(view: View, text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        guarded_query(view, text)


@pytest.mark.parametrize(
    "text",
    [
        # The longest token is an address and a string; a store that reads by context compares with a string and calls.
        "SELECT * { BIND('a' AS ?o) FILTER(?o<'>'||true) SERVICE <http://127.0.0.1:1/> { ?s ?p ?x } #'\n}",
        "SELECT * { BIND(1 AS ?o) FILTER(?o<5#>'''\n) SERVICE <http://127.0.0.1:1/> { ?s ?p ?x } #'''\n}",
    ],
)
def test_an_address_that_could_be_a_comparison_hides_nothing(view: View, text: str) -> None:
    with pytest.raises(QueryError, match="write the address in full"):
        guarded_query(view, text)


PIECES = (
    "",
    "<'>'",
    "<5#>'''\n",
    "<",
    ">",
    "'",
    '"',
    "#",
    " #'\n",
    " #'''\n",
    "\n",
    "1",
    "||true",
    "<a:b>",
    "=",
    "'x'",
    "a:b",
)


def test_no_mixture_of_quotes_comments_and_comparisons_reaches_another_service() -> None:
    """Every two pieces before a call and every piece behind it; an attempt to connect would end in an OSError."""
    nothing = View(EmbeddedStore.in_memory(), (), date(2026, 1, 1))
    for first, second, behind in product(PIECES, PIECES, PIECES):
        call = f"SERVICE <http://127.0.0.1:1/never> {{ ?a ?b ?c }}{behind}"
        text = f"PREFIX a: <a:> SELECT * {{ BIND('x' AS ?o) FILTER(?o{first}{second}) {call} }}"
        with suppress(QueryError):
            answer = guarded_query(nothing, text)
            assert isinstance(answer, QuerySolutions)
            list(answer)


def test_addresses_with_signs_in_them_are_allowed_where_they_can_be_nothing_else(view: View) -> None:
    text = "BASE <http://e.org/#a> PREFIX x: <#it's> ASK { ?s <http://e.org/it's#so> <relative> , <urn:x:y> , x:y }"
    assert not guarded_query(view, text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }",
        "# a comment\nLOAD <http://127.0.0.1/x.ttl>",
        "clear all",
        "DROP GRAPH <a:b>",
        "CREATE GRAPH <a:b>",
        "COPY DEFAULT TO <a:b>",
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_no_query_changes_the_graph(view: View, text: str) -> None:
    with pytest.raises(QueryError, match="would change the graph"):
        guarded_query(view, text)


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o } ; DROP ALL", "SELECT * {} INSERT DATA {}"])
def test_nothing_rides_behind_a_query(view: View, text: str) -> None:
    with pytest.raises(QueryError):
        guarded_query(view, text)


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * FROM <{HOME}graph/not-there> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{HOME}graph/not-there> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * FROM graph:not-there { ?s ?p ?o }",
        "PREFIX x: <file:///etc/> SELECT * FROM x:passwd { ?s ?p ?o }",
        "SELECT * FROM <http://127.0.0.1/x.ttl> { ?s ?p ?o }",
        f"BASE <{HOME}graph/> SELECT * FROM <not-there> {{ ?s ?p ?o }}",
    ],
)
def test_from_names_graphs_of_the_view_and_fetches_nothing(view: View, text: str) -> None:
    with pytest.raises(QueryError, match="is not a graph of this view"):
        guarded_query(view, text)


def rows(view: View, text: str, graphs: tuple[str, ...] = ()) -> list[Any]:
    """The rows or triples of a guarded answer."""
    answer: Any = view.store.query(*guarded(view, text, default=graphs))
    return list(answer)


def count(view: View, text: str, graphs: tuple[str, ...] = ()) -> int:
    return int(rows(view, text, graphs)[0][0].value)


def test_from_narrows_the_view(view: View) -> None:
    counting = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
    one = count(view, counting.format("FROM graph:nieri-2016"))
    assert 0 < one < count(view, counting.format(""))
    assert one == count(view, counting.format(""), (HOME + "graph/nieri-2016",))
    assert one == count(view, f"PREFIX g: <{HOME}graph/> " + counting.format("FROM g:nieri-2016"))


def test_words_in_strings_comments_and_names_are_no_keywords(view: View) -> None:
    text = '# SERVICE <x> INSERT\nSELECT ?service { ?service rdfs:label "INSERT SERVICE FROM <x>" , id:SERVICE }'
    assert rows(view, text) == []


def test_every_prefix_of_the_project_needs_no_declaration(view: View) -> None:
    for prefix in PREFIXES:
        # Nothing is called so: the answer is no, and not that the prefix is unknown.
        assert not bool(guarded_query(view, f"ASK {{ ?s ?p {prefix}:nothing-is-called-so }}"))


def test_every_form_of_query_is_answered(view: View) -> None:
    thing = f"<{IDS}organisation/newmont>"
    assert bool(guarded_query(view, f"ASK {{ {thing} a hrdd:Firm }}"))
    assert rows(view, f"CONSTRUCT {{ {thing} a ?t }} WHERE {{ {thing} a ?t }}")
    assert rows(view, f"DESCRIBE {thing}")
    assert rows(view, f"SELECT ?t {{ {thing} a ?t }}")


@pytest.mark.parametrize("text", ["", "hello", "SELECT", "SELECT * { \\u0053ERVICE <a:b> {} }", '"', "SELECT * {" * 3])
def test_what_is_no_query_is_refused_in_words(view: View, text: str) -> None:
    with pytest.raises(QueryError, match="This is not SPARQL"):
        guarded_query(view, text)
