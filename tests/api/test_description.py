"""The server describes what it holds: catalogue, statistics, downloads, changes and example queries."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx
import pyshacl
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from rdflib import RDF, RDFS, SH, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from hrdd_graph.build import build
from hrdd_graph.catalog import CATALOG_GRAPH, read_catalog
from hrdd_graph.namespaces import HOME, PREFIXES
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import read_templates
from hrdd_graph.view import View
from tests.api.conftest import serving
from tests.conftest import ROOT, Needs

DCAT, VOID, DCTERMS = Namespace(PREFIXES["dcat"]), Namespace("http://rdfs.org/ns/void#"), Namespace(PREFIXES["dcterms"])
SECRET = "sialkot-donor-csr"
SHAPES = "../shared/external/testsuites/semic-dcat-ap-3.0.0/shacl/dcat-ap-SHACL.ttl"


def graph(program: httpx.Client, path: str, accept: str = "text/turtle") -> Graph:
    answer = program.get(path, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == accept
    return Graph().parse(data=answer.text, format={"application/ld+json": "json-ld"}.get(accept, "turtle"))


def number(graph: Graph, node: Node, prop: URIRef) -> int:
    return int(str(graph.value(node, prop)))


# -- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_keeps_to_the_profile_of_european_data_portals(program: httpx.Client, needs: Needs) -> None:
    needs(SHAPES)
    catalogue = graph(program, "/catalog")
    for node in set(catalogue.all_nodes()):
        if not isinstance(node, Literal):
            catalogue.add((node, RDF.type, RDFS.Resource))  # the shapes ask for what RDFS says of everything
    conforms, report, _ = pyshacl.validate(catalogue, shacl_graph=Graph().parse(ROOT / SHAPES), advanced=True)
    assert isinstance(report, Graph)
    wrong = {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultMessage)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(result, SH.resultSeverity) == SH.Violation
    }
    assert wrong == set()
    assert conforms or not wrong


def test_the_catalogue_says_the_same_in_turtle_and_json_ld(program: httpx.Client) -> None:
    assert set(graph(program, "/catalog")) == set(graph(program, "/catalog", "application/ld+json"))


def test_each_graph_is_a_data_set_and_every_download_of_it_answers(program: httpx.Client, view: View) -> None:
    catalogue = graph(program, "/catalog")
    described = set(catalogue.objects(None, URIRef(PREFIXES["hrdd"] + "describesGraph")))
    assert described == {URIRef(entry.graph) for entry in view.entries}
    nieri = next(catalogue.subjects(URIRef(PREFIXES["hrdd"] + "describesGraph"), URIRef(HOME + "graph/nieri-2016")))
    urls = {str(u) for d in catalogue.objects(nieri, DCAT.distribution) for u in catalogue.objects(d, DCAT.downloadURL)}
    assert len(urls) == 7, "the case sheet, and three formats plain and compressed"
    base = str(program.base_url).rstrip("/")
    for url in urls:
        assert url.startswith(base)
        assert program.get(url.removeprefix(base)).status_code == 200


def test_the_catalogue_of_an_earlier_day_lacks_what_was_not_yet_known(program: httpx.Client) -> None:
    earlier = graph(program, "/catalog?known_on=2014-06-01")
    assert (URIRef(HOME + "dataset/nieri-2016"), None, None) not in earlier
    assert (URIRef(HOME + "dataset/nieri-2016"), RDF.type, DCAT.Dataset) in graph(program, "/catalog")


# -- statistics ------------------------------------------------------------------------------------------------------


def test_void_counts_what_the_graph_holds(program: httpx.Client, view: View) -> None:
    void = graph(program, "/.well-known/void")
    whole = next(void.subjects(VOID.sparqlEndpoint))

    def counted(query: str) -> int:
        return int(view.select(query).rows[0][0].value)  # type: ignore[union-attr]  # a count is bound

    assert number(void, whole, VOID.triples) == counted("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    abuse, label = PREFIXES["hrdd"] + "Abuse", PREFIXES["rdfs"] + "label"
    classes, properties = void.objects(whole, VOID.classPartition), void.objects(whole, VOID.propertyPartition)
    by_class = {str(void.value(part, VOID["class"])): number(void, part, VOID.entities) for part in classes}
    by_property = {str(void.value(part, VOID.property)): number(void, part, VOID.triples) for part in properties}
    assert by_class[abuse] == counted(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <{abuse}> }}")
    assert by_property[label] == counted(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{label}> ?o }}")
    assert sum(by_property.values()) == number(void, whole, VOID.triples)
    nieri = HOME + "graph/nieri-2016"
    in_graph = counted(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{nieri}> {{ ?s ?p ?o }} }}")
    assert number(void, URIRef(nieri), VOID.triples) == in_graph


def test_the_service_description_has_the_same_numbers(program: httpx.Client) -> None:
    void, service = graph(program, "/.well-known/void"), graph(program, "/sparql")
    default = next(service.objects(None, URIRef("http://www.w3.org/ns/sparql-service-description#defaultGraph")))
    whole = next(void.subjects(VOID.sparqlEndpoint))
    for prop in (VOID.triples, VOID.classes, VOID.properties):
        assert service.value(default, prop) == void.value(whole, prop) != None  # noqa: E711
    assert len(list(service.objects(default, VOID.classPartition))) > 100


# -- downloads -------------------------------------------------------------------------------------------------------


def quads(dump: bytes, form: str) -> set[tuple[object, ...]]:
    """The statements of a dump that have no blank node, with their graphs."""
    read = Dataset()
    read.parse(data=dump, format={"nq": "nquads", "trig": "trig", "jsonld": "json-ld"}[form])
    return {quad for quad in read.quads() if not any(isinstance(term, BNode) for term in quad)}


def test_every_format_of_a_dump_has_the_same_statements(program: httpx.Client) -> None:
    name = "/dumps/ontology/regimes/germany-lksg"
    plain = {form: program.get(f"{name}.{form}").content for form in ("nq", "trig", "jsonld")}
    assert len(quads(plain["nq"], "nq")) > 100
    assert quads(plain["nq"], "nq") == quads(plain["trig"], "trig") == quads(plain["jsonld"], "jsonld")
    for form, content in plain.items():
        assert gzip.decompress(program.get(f"{name}.{form}.gz").content) == content


def test_the_whole_dump_has_every_graph_under_its_name(program: httpx.Client, view: View) -> None:
    lines = program.get("/dumps/all.nq").text.splitlines()
    named = {line.rsplit(" ", 2)[1] for line in lines}
    assert {f"<{entry.graph}>" for entry in view.entries} | {f"<{CATALOG_GRAPH}>"} <= named
    counts = view.select("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows
    assert len(lines) == sum(int(row[0].value) for row in counts if row[0] is not None)


def test_a_dump_says_its_digest_its_licence_and_its_version(program: httpx.Client) -> None:
    dump = program.get("/dumps/graph/nieri-2016.nq.gz")
    digest = base64.b64encode(hashlib.sha256(dump.content).digest()).decode()
    assert dump.headers["content-type"] == "application/gzip"
    assert dump.headers["content-digest"] == f"sha-256=:{digest}:"
    assert dump.headers["link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    same = program.get(dump.headers["content-location"])
    assert same.content == dump.content
    assert "immutable" in same.headers["cache-control"]
    assert (
        program.get("/dumps/graph/nieri-2016.nq.gz", headers={"If-None-Match": dump.headers["etag"]}).status_code == 304
    )
    assert program.get("/dumps/000000000000/all.nq").status_code == 404
    part = program.get("/dumps/graph/nieri-2016.nq.gz", headers={"Range": "bytes=0-99"})
    assert part.status_code == 206
    assert part.content == dump.content[:100]
    assert "content-digest" not in part.headers
    assert part.headers["repr-digest"] == dump.headers["content-digest"]


@pytest.mark.parametrize(
    "path", ["all.ttl", "graph/nowhere.nq", "catalog.nq", "../data/catalog.nq", "all.nq.zip", "%00"]
)
def test_what_is_no_dump_is_not_found(program: httpx.Client, path: str) -> None:
    missing = program.get(f"/dumps/{path}")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


def test_the_list_of_downloads_leads_to_files(program: httpx.Client, browser: httpx.Client) -> None:
    listed = program.get("/dumps/").json()["dumps"]
    assert listed[0]["name"] == "all"
    for file in listed[1]["files"]:
        assert program.head(file["path"]).status_code == 200
    assert "/dumps/graph/nieri-2016.trig.gz" in browser.get("/dumps/").text


@pytest.fixture(scope="module")
def with_a_secret(resources: Resources) -> Iterator[httpx.Client]:
    """A server over a graph of which one source is restricted."""
    entries = [replace(entry, public=SECRET not in entry.graph) for entry in read_catalog(resources)]
    store = EmbeddedStore.in_memory()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hrdd_graph.build.read_catalog", lambda _: entries)
        build(resources, store)
    with serving(create_app(resources, store, Settings())) as base, httpx.Client(base_url=base, timeout=60) as client:
        yield client


def test_no_description_tells_of_a_restricted_graph(with_a_secret: httpx.Client) -> None:
    client = with_a_secret
    for path in (
        "/dumps/all.nq",
        "/dumps/all.trig",
        "/dumps/",
        "/changes",
        "/catalog.ttl",
        "/.well-known/void.ttl",
        "/sparql.ttl",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        assert f"graph/{SECRET}" not in answer.text, path
        assert f"dataset/{SECRET}" not in answer.text, path
    assert "graph/nieri-2016" in client.get("/dumps/all.nq").text
    assert client.get(f"/dumps/graph/{SECRET}.nq").status_code == 404
    assert client.get(f"/dumps/graph/{SECRET}/derived.nq").status_code == 404


# -- changes ---------------------------------------------------------------------------------------------------------


def test_changes_since_a_day_are_those_graphs_that_a_copy_must_fetch(program: httpx.Client, view: View) -> None:
    everything = program.get("/changes").json()["changes"]
    assert {c["graph"] for c in everything} == {e.graph for e in view.entries if not e.is_vocabulary}
    later = program.get("/changes", params={"since": "2016-01-01"}).json()["changes"]
    assert {c["graph"] for c in later} == {e.graph for e in view.entries if e.issued and e.issued >= date(2016, 1, 1)}
    assert 0 < len(later) < len(everything)
    days = [c["modified"] or c["issued"] for c in everything]
    assert days == sorted(days, reverse=True)
    assert all(program.head(c["dump"]).status_code == 200 for c in later)
    assert program.get("/changes", params={"since": "yesterday"}).status_code == 422


def test_changes_as_a_sheet_and_as_a_page(program: httpx.Client, browser: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(program.get("/changes.csv").text)))
    assert [row["digest"] for row in rows] == [c["digest"] for c in program.get("/changes").json()["changes"]]
    assert "Case sheet: Nieri 2016" in browser.get("/changes").text


# -- examples --------------------------------------------------------------------------------------------------------


def test_every_example_query_answers_as_it_stands(program: httpx.Client, resources: Resources) -> None:
    examples = graph(program, "/.well-known/sparql-examples")
    found = set(examples.subjects(RDF.type, SH.SPARQLExecutable))
    assert found == {URIRef(f"{HOME}queries/{template.name}") for template in read_templates(resources)}
    at_the_endpoint = set(examples.subjects(URIRef("https://schema.org/target")))
    over_findings = {URIRef(f"{HOME}queries/{t.name}") for t in read_templates(resources) if t.over == "findings"}
    assert at_the_endpoint == found - over_findings
    target = {str(o) for o in examples.objects(None, URIRef("https://schema.org/target"))}
    assert target == {f"{str(program.base_url).rstrip('/')}/sparql"}
    for kind, prop in ((SH.SPARQLSelectExecutable, SH.select), (SH.SPARQLConstructExecutable, SH.construct)):
        for node in examples.subjects(RDF.type, kind):
            assert examples.value(node, RDFS.comment)
            assert examples.value(node, URIRef("https://schema.org/keywords"))
            answer = program.post("/sparql", data={"query": str(examples.value(node, prop))})
            assert answer.status_code == 200, (node, answer.text)


def test_the_page_of_the_catalogue_says_what_each_source_holds(program: httpx.Client) -> None:
    told = program.get("/catalog", headers={"accept": "application/json"}).json()["statistics"][
        HOME + "graph/nieri-2016"
    ]
    page = program.get("/catalog", headers={"accept": "text/html"}).text
    reported = told["status"]["Reported"]
    assert f"Reported {reported} ({100 * reported / sum(told['status'].values()):.0f} %)" in page
    assert f"Silence: Remediation {told['absences']['Silence: Remediation']}" in page
