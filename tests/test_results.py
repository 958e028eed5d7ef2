"""SPARQL results as we write them are read back as the same rows, by readers that are not ours."""

from __future__ import annotations

import csv
import io
import json
import string
import xml.etree.ElementTree as ET
from typing import Any

import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, parse_query_results
from rdflib.query import Result

from hrdd_graph.sparql.results import Rows, boolean, written
from hrdd_graph.terms import BlankNode, Iri, Literal

TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from('\t\n\r"\\<>&,;'), max_size=12)
NAMES = st.text(string.ascii_letters, min_size=1, max_size=6)
TERMS = st.one_of(
    NAMES.map(lambda name: Iri(f"https://example.org/{name}")),
    NAMES.map(BlankNode),
    TEXT.map(Literal),
    st.builds(lambda text: Literal(text, language="en-gb"), TEXT),
    st.integers().map(Literal),
    st.builds(lambda text: Literal(text, datatype=Iri("https://example.org/kind")), TEXT),
)
TABLES = st.lists(st.tuples(st.none() | TERMS, st.none() | TERMS), max_size=6)
VARIABLES = ("first", "second")


def document(name: str, table: list[Any], limit: int = 100) -> bytes:
    return b"".join(written(name, VARIABLES, Rows(iter(table), limit)))


@given(TABLES)
def test_json_is_read_back_as_the_same_rows(table: list[Any]) -> None:
    found: Any = parse_query_results(document("json", table), QueryResultsFormat.JSON)
    assert [variable.value for variable in found.variables] == list(VARIABLES)
    assert [tuple(row) for row in found] == table


@given(TABLES)
def test_xml_is_read_back_as_the_same_rows(table: list[Any]) -> None:
    """Read with ElementTree: Oxigraph's reader strips white space from literals."""
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(document("xml", table))
    assert [variable.get("name") for variable in root.iter(f"{space}variable")] == list(VARIABLES)
    rows = []
    for result in root.iter(f"{space}result"):
        bound = {binding.get("name"): xml_term(binding[0], space) for binding in result}
        rows.append(tuple(bound.get(name) for name in VARIABLES))
    assert rows == table


def xml_term(element: ET.Element, space: str) -> Any:
    text = element.text or ""
    if element.tag == f"{space}uri":
        return Iri(text)
    if element.tag == f"{space}bnode":
        return BlankNode(text)
    language = element.get("{http://www.w3.org/XML/1998/namespace}lang")
    datatype = element.get("datatype")
    return Literal(text, language=language, datatype=Iri(datatype) if datatype else None)


@given(TABLES)
def test_tsv_holds_each_term_as_turtle_writes_it(table: list[Any]) -> None:
    found: Any = parse_query_results(document("tsv", table), QueryResultsFormat.TSV)
    assert [tuple(row) for row in found] == table


@given(TABLES)
def test_csv_holds_the_values_alone(table: list[Any]) -> None:
    lines = list(csv.reader(io.StringIO(document("csv", table).decode(), newline="")))
    assert lines[0] == list(VARIABLES)
    expected = [
        ["" if term is None else str(term) if isinstance(term, BlankNode) else term.value for term in row]
        for row in table
    ]
    assert lines[1:] == expected


@given(TABLES.filter(lambda table: len(table) > 1))
def test_a_cut_answer_holds_the_first_rows_and_says_so(table: list[Any]) -> None:
    found = json.loads(document("json", table, len(table) - 1))
    assert found["truncated"] is True
    assert len(found["results"]["bindings"]) == len(table) - 1
    assert "truncated" not in json.loads(document("json", table, len(table)))


def test_rdflib_reads_a_boolean() -> None:
    for name in ("json", "xml"):
        for value in (True, False):
            read = Result.parse(io.BytesIO(boolean(name, value)), format=name)
            assert read.askAnswer is value
    assert rdflib.__version__
