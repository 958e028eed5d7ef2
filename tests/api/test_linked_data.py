"""Linked data: the server answers, under its own base, for every address of ours."""

from __future__ import annotations

import random
import re
from html import unescape

import httpx
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from rdflib import Graph, URIRef

from hrdd_graph.namespaces import HOME, PREFIXES
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri
from hrdd_graph.view import View
from tests.api.conftest import serving

MISSING = ["/id/organisation/newmnt", "/udhr/article/99", "/nowhere", "/id/x%3E%20%7D", "/id/%00", "/id/a%25zz"]
FORCE = "/id/abuse/yanacocha-totoracocha-force"


def parsed(program: httpx.Client, path: str) -> Graph:
    answer = program.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200, (path, answer.text)
    return Graph().parse(data=answer.text, format="turtle")


def ours(view: View) -> list[str]:
    """Every address of ours that the view speaks of, as subject or object."""
    rows = view.select(
        "SELECT DISTINCT ?x WHERE { { ?x ?p ?o } UNION { ?s ?p ?x } "
        f'FILTER(isIRI(?x) && STRSTARTS(STR(?x), "{HOME}")) }}'
    )
    return sorted({row[0].value.partition("#")[0] for row in rows.rows if isinstance(row[0], Iri)})


def test_every_address_of_ours_answers(program: httpx.Client, view: View) -> None:
    """All kinds, and of each kind a fixed sample."""
    by_kind: dict[str, list[str]] = {}
    for iri in ours(view):
        by_kind.setdefault(iri.removeprefix(HOME).rpartition("/")[0], []).append(iri)
    chosen = [iri for group in by_kind.values() for iri in random.Random(7).sample(group, min(4, len(group)))]
    assert len(by_kind) > 20
    dead = [
        (iri, s) for iri in chosen if (s := program.get("/" + iri.removeprefix(HOME)).status_code) not in (200, 303)
    ]
    assert dead == []


def test_the_description_is_about_the_node_and_its_nested_nodes(program: httpx.Client) -> None:
    graph = parsed(program, FORCE)
    node = URIRef(HOME + FORCE[1:])
    involvements = list(graph.objects(node, URIRef(PREFIXES["hrdd"] + "hasInvolvement")))
    assert len(involvements) == 2
    for involvement in involvements:
        assert list(graph.objects(involvement, URIRef(PREFIXES["hrdd"] + "ofParty")))


def test_the_description_holds_what_points_to_the_node(program: httpx.Client) -> None:
    graph = parsed(program, "/id/organisation/newmont")
    newmont = URIRef(HOME + "id/organisation/newmont")
    owner = URIRef(PREFIXES["hrdd"] + "hasOwner")
    assert (URIRef(HOME + "id/relationship/newmont-owns-mineria-yanacocha"), owner, newmont) in graph


def test_what_a_source_says_of_a_thing_is_part_of_the_things_document(program: httpx.Client) -> None:
    node = program.get("/id/organisation/newmont").json()
    assert any(part["iri"].endswith("#in-nieri-2016") for part in node["parts"])


def test_all_graph_formats_hold_the_same_statements(program: httpx.Client) -> None:
    turtle = parsed(program, FORCE)
    triples = Graph().parse(data=program.get(f"{FORCE}.nt").text, format="nt")
    json_ld = Graph().parse(data=program.get(f"{FORCE}.jsonld").text, format="json-ld")
    xml = Graph().parse(data=program.get(f"{FORCE}.rdf").text, format="xml")
    assert set(turtle) == set(triples) == set(json_ld) == set(xml)


def test_simple_json_has_label_types_and_properties_with_labels(program: httpx.Client) -> None:
    node = program.get(FORCE).json()
    assert node["label"] == "Farmers injured and detained by hired police forces at Totoracocha"
    assert "hrdd:Abuse" in {kind["id"] for kind in node["types"]}
    assert "hrdd:Record" not in {kind["id"] for kind in node["types"]}, "classes above the stated one only add noise"
    properties = {p["property"]["id"]: p["values"] for p in node["properties"]}
    assert {v["id"] for v in properties["hrdd:infringes"]} == {"udhr:3", "udhr:9", "udhr:20.1", "udhr:25.2"}
    assert all(v["derived"] for v in properties["hrdd:infringes"]), "infringes follows from hasInfringement"
    assert node["graphs"][0]["licence"] == "https://creativecommons.org/licenses/by/4.0/"


def test_texts_come_in_the_readers_language_with_the_others_at_hand(browser: httpx.Client) -> None:
    page = browser.get("/udhr/article/23.4", headers={"Accept-Language": "es"}).text
    assert '<span lang="es">Toda persona' in page
    assert "idiomas más</summary>" in page


def test_a_named_graph_answers_with_its_statements(program: httpx.Client, view: View) -> None:
    graph = parsed(program, "/graph/nieri-2016")
    counted = view.select(
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://w3id.org/hrdd-graph/graph/nieri-2016> { ?s ?p ?o } }"
    )
    assert str(len(graph)) == counted.rows[0][0].value  # type: ignore[union-attr]  # a count is bound
    about = program.get("/graph/nieri-2016").json()
    assert about["digest"].startswith("sha256:")
    assert about["statements"] == len(graph)


def test_the_ontology_answers_as_turtle_and_as_a_list_of_terms(program: httpx.Client, browser: httpx.Client) -> None:
    graph = parsed(program, "/ontology")
    assert (URIRef(PREFIXES["hrdd"] + "Abuse"), None, None) in graph
    page = browser.get("/ontology").text
    assert 'id="Abuse"' in page
    assert 'id="hasInvolvement"' in page
    assert 'id="Caused"' in page


def test_a_folder_lists_what_lies_in_it(program: httpx.Client) -> None:
    folder = program.get("/id/cluster").json()
    assert "id:cluster/mae-sot-garment" in {member["id"] for member in folder["members"]}
    assert folder["count"] == len(folder["members"])


def test_a_folder_is_named_and_ordered_in_the_language_of_the_reader(
    program: httpx.Client, browser: httpx.Client
) -> None:
    countries = [m["label"] for m in program.get("/id/country", headers={"Accept-Language": "pt"}).json()["members"]]
    assert countries[:3] == ["Afeganistão", "África do Sul", "Albânia"]
    page = browser.get("/id", headers={"Accept-Language": "pt"}).text
    assert ">abuso<" in page


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_not_found_with_a_hint(program: httpx.Client, browser: httpx.Client, path: str) -> None:
    missing = program.get(path)
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.json()["fix"]
    page = browser.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_a_near_miss_is_named(program: httpx.Client) -> None:
    assert "id/organisation/newmont" in program.get("/id/organisation/newmnt").json()["fix"]


def test_many_references_are_cut_and_it_says_so(program: httpx.Client) -> None:
    node = program.get("/id/source/nieri-2016").json()
    assert node["referencedByTruncated"] is True
    assert sum(len(r["subjects"]) for r in node["referencedBy"]) <= 200


def test_the_catalogue_names_licence_and_digest_of_every_graph(program: httpx.Client, view: View) -> None:
    listed = {graph["graph"]: graph for graph in program.get("/catalog").json()["graphs"]}
    assert set(listed) == {entry.graph for entry in view.entries}
    assert all(graph["licence"] and graph["digest"] for graph in listed.values())
    assert len(parsed(program, "/catalog")) > 50


def test_a_data_file_answers_at_its_download_address_and_no_other_file_does(program: httpx.Client) -> None:
    assert program.get("/data/cases/nieri-2016.yaml").text.startswith("#")
    for path in (
        "/data/catalog.ttl",
        "/data/../pyproject.toml",
        "/data/%2e%2e/pyproject.toml",
        "/data/cases/../catalog.ttl",
    ):
        assert program.get(path).status_code == 404


def test_the_context_reads_what_it_should(program: httpx.Client) -> None:
    context = program.get("/context.jsonld")
    assert context.headers["content-type"] == "application/ld+json"
    terms = context.json()["@context"]
    assert terms["hasInvolvement"]["@id"] == PREFIXES["hrdd"] + "hasInvolvement"
    assert context.headers["vary"]


def test_a_server_that_was_asked_nothing_before_answers_for_the_ontology(
    resources: Resources, store: EmbeddedStore
) -> None:
    """What one thing in memory is made from is in memory too: a page must not wait for itself."""
    with serving(create_app(resources, store, Settings())) as address:
        for path in ("/ontology", "/ontology/part/impacts"):
            assert httpx.get(f"{address}{path}", headers={"Accept": "text/html"}, timeout=60).status_code == 200


def gaps_on(page: str) -> tuple[int, list[str]]:
    """How many gaps a page says that there are, and the addresses of those that it leads to."""
    told = re.search(r'href="#gaps">[^<]*</a> <span class="number">(\d+)', page)
    assert told
    return int(told[1]), re.findall(r'href="[^"?]*(/gaps/[a-z-]+/[0-9a-f]{16})', page)


@pytest.mark.parametrize("firm", ["mineria-yanacocha", "saga"])
def test_the_page_of_a_firm_counts_the_gaps_that_the_list_shows_for_it(
    program: httpx.Client, browser: httpx.Client, firm: str
) -> None:
    page = browser.get(f"/id/organisation/{firm}?as_of=2026-11-20").text
    (listed,) = re.findall(r'href="[^"]*(/gaps\?[^"]*party=[^"]*)"', page)
    count, _ = gaps_on(page)
    assert count == len(program.get(unescape(listed)).json()["findings"]) > 0


@pytest.mark.parametrize("path", ["abuse/yanacocha-totoracocha-force", "cluster/sialkot-football"])
def test_the_page_of_another_thing_leads_to_every_gap_that_names_it(browser: httpx.Client, path: str) -> None:
    count, found = gaps_on(browser.get(f"/id/{path}?as_of=2026-11-20").text)
    assert count == len(set(found)) > 3
