"""Clients that others have written ask the running server, each in its own way."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import rdflib
from pyld import jsonld
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, POST, RDFXML, TURTLE, XML, SPARQLWrapper

HRDD = "https://w3id.org/hrdd-graph/ontology#"
ID = "https://w3id.org/hrdd-graph/id/"
ABUSES = f"SELECT ?abuse WHERE {{ ?abuse a <{HRDD}Abuse> }} ORDER BY ?abuse LIMIT 5"
ABOUT = f"CONSTRUCT WHERE {{ <{ID}organisation/newmont> ?p ?o }}"


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_reads_rows_in_each_format(server: str, method: str) -> None:
    client: Any = SPARQLWrapper(f"{server}/sparql")
    client.setMethod(method)
    client.setQuery(ABUSES)
    client.setReturnFormat(JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    found = [row["abuse"]["value"] for row in rows]
    assert len(found) == 5
    client.setReturnFormat(XML)
    nodes = client.queryAndConvert().getElementsByTagName("uri")
    assert [node.firstChild.data for node in nodes] == found
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().split() == ["abuse", *found]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper 2 makes one of RDF/XML
@pytest.mark.parametrize("form", [TURTLE, RDFXML])
def test_sparqlwrapper_reads_graphs(server: str, form: str) -> None:
    client: Any = SPARQLWrapper(f"{server}/sparql")
    client.setQuery(ABOUT)
    client.setReturnFormat(form)
    answer = client.queryAndConvert()
    graph = answer if isinstance(answer, rdflib.Graph) else rdflib.Graph().parse(data=answer, format="turtle")
    assert (rdflib.URIRef(f"{ID}organisation/newmont"), rdflib.RDF.type, rdflib.URIRef(f"{HRDD}Firm")) in graph


def test_rdflib_takes_the_endpoint_for_a_graph(server: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql", returnFormat="json"))
    newmont = rdflib.URIRef(f"{ID}organisation/newmont")
    assert rdflib.Literal("Newmont", lang="en") in set(graph.objects(newmont, rdflib.RDFS.label))
    assert (newmont, rdflib.RDF.type, rdflib.URIRef(f"{HRDD}Firm")) in graph
    assert len(list(graph.query(ABUSES))) == 5


def test_rdflib_follows_an_address_to_its_description(server: str) -> None:
    graph = rdflib.Graph().parse(f"{server}/id/organisation/newmont")
    assert (rdflib.URIRef(f"{ID}organisation/newmont"), rdflib.RDF.type, rdflib.URIRef(f"{HRDD}Firm")) in graph


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_curl_asks_compares_tags_and_posts(server: str) -> None:
    def curl(*arguments: str) -> str:
        run = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True, timeout=60)
        return run.stdout

    address = f"{server}/queries/abuses-of-organisation"
    asked = f"organisation={quote('organisation/mineria-yanacocha')}"
    head = curl("-D", "-", "-o", "/dev/null", "-G", f"{address}.csv", "-d", asked)
    tag = next(line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith("etag"))
    again = curl(
        "-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {tag}", "-G", f"{address}.csv", "-d", asked
    )
    assert again == "304"
    assert json.loads(curl(f"{server}/sparql", "--data-urlencode", f"query={ABUSES}"))["results"]["bindings"]
    posted = curl(
        "-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv", "-d", ABUSES, f"{server}/sparql"
    )
    assert posted.startswith("abuse\n")
    assert "HTTP/1.1 200" in curl("-I", f"{server}/gaps")


def test_a_json_ld_processor_reads_what_we_frame(program: httpx.Client) -> None:
    answer = program.get("/queries/organisation-as-graph.jsonld", params={"organisation": "organisation/newmont"})

    def refuse(url: str, options: object) -> object:
        raise AssertionError(f"{url} is not needed")

    expanded = jsonld.expand(answer.json(), {"documentLoader": refuse})
    assert f"{ID}organisation/newmont" in json.dumps(expanded)
    normal = jsonld.normalize(
        answer.json(), {"algorithm": "URDNA2015", "documentLoader": refuse, "format": "application/n-quads"}
    )
    assert f"<{ID}organisation/newmont>" in normal


def test_openrefine_reconciles_a_column_and_adds_another(program: httpx.Client) -> None:
    """A batch as OpenRefine sends it: a form with ``queries``, then ``extend`` for the matched rows."""
    manifest = program.get("/reconcile").json()
    kinds = {kind["id"] for kind in manifest["defaultTypes"]}
    names = ["Newmont", "Minera Yanacocha S.R.L.", "Nobody In Particular"]
    batch = {f"q{n}": {"query": name, "type": sorted(kinds)[0], "limit": 5} for n, name in enumerate(names)}
    batch |= {f"t{n}": {"query": name, "limit": 3, "type_strict": "should"} for n, name in enumerate(names)}
    answer = program.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    best = answer["t0"]["result"][0]
    assert best["match"]
    assert "newmont" in best["id"]
    assert "yanacocha" in answer["t1"]["result"][0]["id"]
    assert not any(candidate["match"] for candidate in answer["t2"]["result"])
    view = manifest["view"]["url"].replace("{{id}}", best["id"])
    assert program.get(view, follow_redirects=True).status_code == 200
    extend = {"ids": [best["id"]], "properties": [{"id": "hrdd:hasSector"}]}
    rows = program.post("/reconcile", data={"extend": json.dumps(extend)}).json()["rows"]
    assert rows[best["id"]]["hrdd:hasSector"]
