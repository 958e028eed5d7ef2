"""The W3C's tests of SPARQL 1.1 queries pass over HTTP: as many as the store itself passes, and the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD
from rdflib.query import Result
from rdflib.term import Node

from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import serving
from tests.api.w3c_world import OpenView, bare_resources
from tests.conftest import ROOT

SUITE = ROOT / "tests" / "data" / "w3c-sparql11-query"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
NOTHING = "https://example.org/an-empty-graph"
BASE = "https://w3c.example/"  # where the suite stands for the length of a test
# What the store by itself fails, and why.
FAILING = {
    "aggregates/agg-groupconcat-04": "a text joined from texts of one language is expected to keep the language",
    "aggregates/agg-groupconcat-06": "a text joined from texts of one language is expected to keep the language",
    "aggregates/agg-empty-group-count-graph": "COUNT inside GRAPH is expected once for each graph, also where it is 0",
    "bindings/graph": "VALUES inside GRAPH is expected to join with the graph's variable",
    "functions/bnode01": "BNODE with one text twice in a row is expected to be one blank node",
    "negation/graph-minus": "MINUS inside GRAPH is expected to stay within the graph",
    "property-path/zero_or_more_set_start": "a path of length zero from a constant, over no data",
    "property-path/zero_or_more_set_end": "a path of length zero from a constant, over no data",
    "property-path/zero_or_one_set_start": "a path of length zero from a constant, over no data",
    "property-path/zero_or_one_set_end": "a path of length zero from a constant, over no data",
    "syntax-query/test_4": "a function that no store knows is refused when the query is read",
}
# What the server refuses, though the store would read it.
REFUSED = {"syntax-query/test_42": "FROM names a graph that the view does not have"}


@dataclass(frozen=True)
class Case:
    """A test: its query, the files of its data set, and what it expects; ``None`` where that is only to be read."""

    name: str
    query: Path
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: Path | None
    readable: bool = True

    @property
    def text(self) -> str:
        return f"BASE <{BASE}{self.query.relative_to(SUITE).as_posix()}>\n{self.query.read_text(encoding='utf-8')}"


def cases() -> Iterator[Case]:
    for manifest in sorted(SUITE.glob("*/manifest.ttl")):
        section = manifest.parent.name
        graph = Graph().parse(manifest, format="turtle", publicID=f"{BASE}{section}/manifest.ttl")
        for entries in graph.objects(None, MF.entries):
            for test in Collection(graph, entries):
                yield from _case(graph, test, section)


def _case(graph: Graph, test: Node, section: str) -> Iterator[Case]:
    name, kind = f"{section}/{re.split('[#/]', str(test))[-1]}", graph.value(test, RDF.type)
    action, result = graph.value(test, MF.action), graph.value(test, MF.result)
    if kind in (MF.QueryEvaluationTest, MF.CSVResultFormatTest):
        default, named = (tuple(map(str, graph.objects(action, prop))) for prop in (QT.data, QT.graphData))
        yield Case(name, file(graph.value(action, QT.query)), default, named, file(result))
    elif kind in (MF.PositiveSyntaxTest11, MF.NegativeSyntaxTest11):
        yield Case(name, file(action), (), (), None, kind == MF.PositiveSyntaxTest11)


def file(iri: Node | str | None) -> Path:
    return SUITE / str(iri).removeprefix(BASE)


CASES = list(cases())
_FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
}


def load(store: pyoxigraph.Store, iri: str, graph: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph) -> None:
    path = file(iri)
    store.load(path.read_bytes(), format=_FORMATS[path.suffix], base_iri=iri, to_graph=graph)


@pytest.fixture(scope="module")
def suite_server() -> Iterator[httpx.Client]:
    """One server over every file of the suite, each a graph of its own; the caller says which make up the data set."""
    store = pyoxigraph.Store()
    graphs = {iri for case in CASES for iri in (*case.default, *case.named)}
    for iri in graphs:
        load(store, iri, pyoxigraph.NamedNode(iri))
    held = EmbeddedStore(store, "memory:", {*graphs, NOTHING})
    app = create_app(bare_resources(), held, Settings(query_workers=1))
    app.state.knowledge.view = lambda *_: OpenView(held, (), date.today())
    with serving(app) as base, httpx.Client(base_url=base, timeout=60) as client:
        yield client


def asked_over_http(client: httpx.Client, case: Case, accept: str) -> str | None:
    form: dict[str, str | list[str]] = {"query": case.text}
    if not re.search(r"\bFROM\b", case.text):
        form |= {"default-graph-uri": list(case.default) or [NOTHING], "named-graph-uri": list(case.named)}
    answer = client.post("/sparql", data=form, headers={"Accept": accept})
    assert answer.status_code in (200, 400), answer.text
    return answer.text if answer.status_code == 200 else None


def asked_of_the_store(case: Case, accept: str) -> str | None:
    store = pyoxigraph.Store()
    for iri in case.default:
        load(store, iri, pyoxigraph.DefaultGraph())
    for iri in case.named:
        load(store, iri, pyoxigraph.NamedNode(iri))
    try:
        answer = store.query(case.text)
    except (SyntaxError, RuntimeError):
        return None
    if isinstance(answer, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean):
        kind = pyoxigraph.QueryResultsFormat
        written = answer.serialize(format=kind.CSV if accept == "text/csv" else kind.JSON)
    else:
        written = answer.serialize(format=pyoxigraph.RdfFormat.TURTLE)
    assert written is not None
    return written.decode()


# -- what is expected, and whether an answer is that -------------------------------------------------------------------


def accept_for(case: Case) -> str:
    if case.result is None:
        return "application/sparql-results+json, text/turtle;q=0.9"
    if case.result.suffix == ".csv":
        return "text/csv"
    return "text/turtle" if isinstance(expected(case.result), Graph) else "application/sparql-results+json"


def expected(path: Path) -> Graph | bool | list[dict[str, Node]]:
    if path.suffix in (".srx", ".srj"):
        result = Result.parse(io.BytesIO(path.read_bytes()), format={".srx": "xml", ".srj": "json"}[path.suffix])
        return rows_of(result)
    graph = Graph().parse(path, publicID=f"{BASE}{path.relative_to(SUITE).as_posix()}")
    found = graph.value(None, RDF.type, RS.ResultSet)
    if found is None:
        return graph
    if (boolean := graph.value(found, RS.boolean)) is not None:
        return str(boolean) == "true"
    return [
        {
            str(graph.value(b, RS.variable)): value
            for b in graph.objects(row, RS.binding)
            if (value := graph.value(b, RS.value)) is not None
        }
        for row in graph.objects(found, RS.solution)
    ]


def rows_of(result: Result) -> bool | list[dict[str, Node]]:
    if result.type == "ASK":
        return bool(result.askAnswer)
    return [{str(name): value for name, value in row.items() if value is not None} for row in result.bindings]


def as_graph(rows: list[dict[str, Node]]) -> Graph:
    """Rows as a graph, so that two tables are the same where the graphs are, whatever blank nodes are called."""
    graph = Graph()
    for row in rows:
        node = BNode()
        graph.add((node, RDF.type, RS.ResultSolution))
        for name, value in row.items():
            graph.add((node, URIRef(f"urn:var:{name}"), plain(value)))
    return graph


def plain(value: Node) -> Node:
    """A value in one spelling: numbers by value, and language tags in small letters."""
    if not isinstance(value, Literal):
        return value
    if value.datatype in (XSD.integer, XSD.decimal, XSD.double, XSD.float):
        try:
            return Literal(repr(float(str(value))), datatype=value.datatype, normalize=False)
        except ValueError:
            return value
    if value.datatype == XSD.boolean:
        return Literal("true" if str(value) in ("1", "true") else "false", datatype=XSD.boolean)
    if value.language:
        return Literal(str(value), lang=value.language.lower())
    return Literal(str(value)) if value.datatype == XSD.string else value


def table(text: str) -> list[tuple[tuple[str, str], ...]]:
    rows = csv.DictReader(io.StringIO(text))
    return sorted(tuple(sorted((name, re.sub("^_:.*", "_:b", cell)) for name, cell in row.items())) for row in rows)


def passes(case: Case, answer: str | None) -> bool:
    if case.result is None or answer is None:
        return (answer is not None) == case.readable
    if case.result.suffix == ".csv":
        return table(answer) == table(case.result.read_text(encoding="utf-8"))
    wanted = expected(case.result)
    if isinstance(wanted, Graph):
        return bool(isomorphic(wanted, Graph().parse(data=answer, format="turtle")))
    found = rows_of(Result.parse(io.BytesIO(answer.encode()), format="json"))
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted == found
    return bool(isomorphic(as_graph(wanted), as_graph(found)))


# -- the tests -------------------------------------------------------------------------------------------------------


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 328
    assert FAILING.keys() <= {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_server_answers_as_the_w3c_expects(suite_server: httpx.Client, case: Case) -> None:
    assert passes(case, asked_over_http(suite_server, case, accept_for(case))) == (
        case.name not in {**FAILING, **REFUSED}
    )


@pytest.mark.parametrize("name", FAILING)
def test_what_fails_over_http_fails_in_the_store(name: str) -> None:
    (case,) = (case for case in CASES if case.name == name)
    assert not passes(case, asked_of_the_store(case, accept_for(case))), "the store has learnt it: take it off the list"
