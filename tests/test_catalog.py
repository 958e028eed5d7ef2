"""The catalogue: which file makes which named graph, under which licence, for whom, since when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hrdd_graph.build import build
from hrdd_graph.catalog import CATALOG_GRAPH, read_catalog, stored_catalog
from hrdd_graph.errors import UnusableInput
from hrdd_graph.resources import Resources
from hrdd_graph.store import Scope, ask
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import open_view


def edit(root: Path, old: str, new: str) -> None:
    path = root / "data" / "catalog.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refusal(root: Path) -> str:
    with pytest.raises(UnusableInput) as caught:
        read_catalog(Resources(root))
    return str(caught.value)


def test_a_data_set_is_listed_with_licence_access_and_day(tiny: Path) -> None:
    entry = next(e for e in read_catalog(Resources(tiny)) if not e.is_vocabulary)
    assert entry.graph == "https://w3id.org/hrdd-graph/graph/tiny"
    assert entry.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert entry.public
    assert entry.issued == date(2016, 12, 31), "a year is known for certain on its last day"


def test_the_ontology_describes_itself_and_is_knowledge_of_no_day(tiny: Path) -> None:
    entries = [e for e in read_catalog(Resources(tiny)) if e.is_vocabulary]
    assert [(e.title, e.issued, e.public) for e in entries] == [("Human-rights due-diligence ontology", None, True)]


def test_a_restricted_data_set_is_not_public(tiny: Path) -> None:
    edit(tiny, "hrdd:PublicAccess", "hrdd:RestrictedAccess")
    assert [e.public for e in read_catalog(Resources(tiny)) if not e.is_vocabulary] == [False]


@pytest.mark.parametrize("name", ["cases/other.yaml", "reference/list.ttl", "reference/list.nt"])
def test_a_data_file_that_is_not_listed_is_an_error_since_its_licence_is_unknown(tiny: Path, name: str) -> None:
    path = tiny / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("", encoding="utf-8")
    told = refusal(tiny)
    assert "its licence and access are unknown" in told
    assert f"dcat:downloadURL <{name}>" in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;\n", "", "lacks a graph, title, licence"),
        ('    dcterms:title "A tiny case"@en ;\n', "", "lacks a graph, title, licence"),
        ("    hrdd:hasAccess hrdd:PublicAccess ;\n", "", "lacks a graph, title, licence"),
        ("    hrdd:describesGraph graph:tiny ;\n", "", "lacks a graph, title, licence"),
        ("    dcat:distribution <#tiny-file> .", "    dcterms:note 'x' .", "lacks a graph, title, licence"),
        ("cases/tiny.yaml", "cases/absent.yaml", "names the file https://w3id.org/hrdd-graph/data/cases/absent.yaml"),
        ("<cases/tiny.yaml>", "<https://example.org/x.yaml>", "which is not there"),
        ('"2016"', '"soon"', "has no usable dcterms:issued"),
        ('    dcterms:issued "2016" ;\n', "", "has no usable dcterms:issued"),
    ],
)
def test_an_entry_that_lacks_something_is_refused(tiny: Path, old: str, new: str, says: str) -> None:
    edit(tiny, old, new)
    assert says in refusal(tiny)


def test_a_broken_catalogue_is_refused_with_its_line(tiny: Path) -> None:
    edit(tiny, 'dcterms:title "A tiny case"@en ;', 'dcterms:title "A tiny case"@en , ;')
    assert "catalog.ttl:9: is not Turtle" in refusal(tiny)


@pytest.mark.parametrize(
    "content", ["", "@prefix owl: <http://www.w3.org/2002/07/owl#> . <a> a owl:Ontology . <b> a owl:Ontology ."]
)
def test_a_module_names_itself_once(tiny: Path, content: str) -> None:
    (tiny / "ontology" / "x.ttl").write_text(content, encoding="utf-8")
    assert "declares no owl:Ontology, or several" in refusal(tiny)


def test_all_problems_are_told_at_once(tiny: Path) -> None:
    (tiny / "ontology" / "x.ttl").write_text("", encoding="utf-8")
    (tiny / "data" / "cases" / "y.yaml").write_text("", encoding="utf-8")
    edit(tiny, '"2016"', '"soon"')
    with pytest.raises(UnusableInput) as caught:
        read_catalog(Resources(tiny))
    assert len(caught.value.problems) >= 3


def test_a_store_tells_the_catalogue_that_it_was_built_from(resources: Resources, store: EmbeddedStore) -> None:
    told = {(e.graph, e.title, e.licence, e.public, e.issued) for e in stored_catalog(store)}
    assert told == {(e.graph, e.title, e.licence, e.public, e.issued) for e in read_catalog(resources)}
    assert all(entry.digest.startswith("sha256:") for entry in stored_catalog(store))


def test_every_graph_of_the_repository_has_an_open_licence(resources: Resources) -> None:
    for entry in read_catalog(resources):
        assert entry.licence.startswith("https://"), entry.graph
        assert "-nc" not in entry.licence, entry.graph
        assert "-nd" not in entry.licence, entry.graph


def test_the_catalogue_is_a_graph_of_its_own(store: EmbeddedStore) -> None:
    assert ask(store, "ASK { ?d a <http://www.w3.org/ns/dcat#Catalog> }", Scope((CATALOG_GRAPH,)))


def test_that_there_is_a_restricted_graph_is_no_public_fact(tiny: Path) -> None:
    edit(tiny, "hrdd:PublicAccess", "hrdd:RestrictedAccess")
    store = EmbeddedStore.in_memory()
    build(Resources(tiny), store)
    everything = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
    view = open_view(store)
    assert "tiny" not in str(view.select(everything).rows).lower()
    allowed = open_view(store, restricted=["https://w3id.org/hrdd-graph/graph/tiny"])
    assert "tiny" in str(allowed.select(everything).rows).lower()
