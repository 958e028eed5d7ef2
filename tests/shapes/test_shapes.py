"""The record and release shapes: each passes a good graph, and each finds the one mistake that it is there for.

``tests/shapes/<area>/<file>/pass.ttl`` is a graph that all shapes of the area are content with; ``fail.yaml`` holds,
for each shape of ``shapes/<area>/<file>.ttl``, changes to that graph after which this shape and no other finds fault
(or two shapes joined by ``and``, where one is a stricter form of the other).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyoxigraph
import pyshacl
import pytest
import rdflib
import yaml
from rdflib import RDF, RDFS, SH

from hrdd_graph.build import read_contents
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.ontology import Vocabulary, read_turtle
from hrdd_graph.resources import Resources
from hrdd_graph.shacl import check_shapes
from hrdd_graph.terms import Triple

HERE = Path(__file__).parent
SHAPES = HERE.parent.parent / "shapes"
AREAS = ("records", "release")
FILES = [path for area in AREAS for path in sorted((SHAPES / area).glob("*.ttl"))]
SHEETS = sorted((SHAPES.parent / "data" / "cases").glob("*.yaml"))
SHAPE = "https://w3id.org/hrdd-graph/shape/"
PROLOGUE = "PREFIX ex: <https://example.org/> PREFIX dcterms: <http://purl.org/dc/terms/> " + "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("hrdd", "rdfs", "xsd")
)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def fixture_of(path: Path) -> Path:
    return HERE / path.parent.name / path.stem


def mistakes() -> list[Any]:
    found = []
    for path in FILES:
        listed = yaml.safe_load((fixture_of(path) / "fail.yaml").read_text(encoding="utf-8"))
        for shape, updates in listed.items():
            for number, update in enumerate(updates, start=1):
                found.append(pytest.param(path, shape, update, id=f"{path.parent.name}:{shape}-{number}"))
    return found


def violated(path: Path, update: str, vocabulary: Vocabulary) -> set[str]:
    """The shapes of the file's area that find something in its good graph after a change."""
    store = pyoxigraph.Store()
    store.load(path=str(fixture_of(path) / "pass.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    if update:
        before = len(store)
        content = {str(quad) for quad in store}
        store.update(PROLOGUE + update)
        assert len(store) != before or {str(quad) for quad in store} != content, "the change changes nothing"
    known = [quad.triple for quad in read_turtle(SHAPES.parent / "ontology" / "hrdd.ttl")]
    found = check_shapes(SHAPES / path.parent.name, [quad.triple for quad in store], known, vocabulary)
    return {result.shape.removeprefix(SHAPE) for result in found}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_good_graph_passes(path: Path, vocabulary: Vocabulary) -> None:
    assert violated(path, "", vocabulary) == set()


@pytest.mark.parametrize(("path", "shape", "update"), mistakes())
def test_a_mistake_is_found_by_its_shape_and_by_no_other(
    path: Path, shape: str, update: str, vocabulary: Vocabulary
) -> None:
    assert violated(path, update, vocabulary) == set(shape.split(" and "))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_shape_of_a_file_has_a_graph_that_fails(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    finding = {str(shape).removeprefix(SHAPE) for shape in graph.subjects(SH.message)}
    listed = yaml.safe_load((fixture_of(path) / "fail.yaml").read_text(encoding="utf-8"))
    assert finding == {shape for together in listed for shape in together.split(" and ")}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_shape_has_a_name_a_severity_a_message_and_what_to_do(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    for shape in {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}:
        assert str(shape).startswith(SHAPE), f"{shape} has no name"
        if (shape, SH.message, None) in graph:
            assert graph.value(shape, SH.severity), f"{shape} has no severity of its own"
            assert str(graph.value(shape, SH.message)).endswith("."), f"{shape} says no sentence"
            assert graph.value(shape, SH.description), f"{shape} does not say what to do"
        if (shape, RDF.type, SH.NodeShape) in graph:
            assert graph.value(shape, RDFS.label), f"{shape} has no label"
    for shape in graph.objects(None, SH.property):
        assert isinstance(shape, rdflib.BNode) or (shape, SH.path, None) in graph, f"{shape} is used and not there"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_shape_keeps_to_core_constraints(path: Path) -> None:
    """They are to be compiled to queries over the whole graph; SPARQL in them would have to be read by hand."""
    graph = rdflib.Graph().parse(path)
    assert not [p for p in (SH.sparql, SH.js, SH.rule, SH.target) if (None, p, None) in graph]


def every_shape_file() -> list[Path]:
    return sorted(SHAPES.rglob("*.ttl"))


@pytest.mark.parametrize("path", every_shape_file(), ids=named)
def test_a_shape_file_is_well_formed_shacl(path: Path) -> None:
    """Against the shapes that the W3C publishes for shapes (SHACL-SHACL), as pySHACL carries them."""
    shapes = rdflib.Graph().parse(path).parse(SHAPES / "prefixes.ttl")
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True, advanced=False)
    assert conforms, text


def test_shapes_have_one_home_each() -> None:
    homes: dict[str, Path] = {}
    for path in FILES:
        for shape in set(rdflib.Graph().parse(path).subjects(RDF.type)):
            assert homes.setdefault(str(shape), path) == path, f"{shape} is in {homes[str(shape)]} and {path}"


def test_every_class_and_property_that_a_shape_names_is_in_the_ontology(vocabulary: Vocabulary) -> None:
    known = {*vocabulary.parents, *vocabulary.properties, *vocabulary.values}
    for path in FILES:
        used = set(re.findall(r"hrdd:(\w+)", path.read_text(encoding="utf-8")))
        assert used <= known, f"{named(path)} names {sorted(used - known)}"


def test_the_check_for_contact_data_reads_every_text_of_the_ontology(vocabulary: Vocabulary) -> None:
    texts = {
        name
        for name, prop in vocabulary.properties.items()
        if not prop.points and any(kind.endswith(("#string", "#langString")) for kind in prop.ranges)
    }
    graph = rdflib.Graph().parse(SHAPES / "release" / "contact.ttl")
    prefix = PREFIXES["hrdd"]
    targets = {str(target).removeprefix(prefix) for target in graph.objects(None, SH.targetSubjectsOf)}
    (alternatives,) = graph.objects(None, SH.alternativePath)
    paths = {str(path).removeprefix(prefix) for path in rdflib.collection.Collection(graph, alternatives)}
    assert texts <= targets
    assert texts <= paths


# -- the real sheets -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(resources: Resources, vocabulary: Vocabulary) -> list[Triple]:
    return [quad.triple for content in read_contents(resources, vocabulary) for quad in content.quads]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_case_sheet_is_well_formed(
    path: Path, known: list[Triple], resources: Resources, vocabulary: Vocabulary
) -> None:
    checked = [quad.triple for quad in read_sheet(path, vocabulary).quads()]
    results = check_shapes(resources.shapes / "records", checked, known, vocabulary)
    assert [f"{r.focus}: {r.message}" for r in results if r.severity == str(SH.Violation)] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_case_sheet_may_be_published(path: Path, resources: Resources, vocabulary: Vocabulary) -> None:
    checked = [quad.triple for quad in read_sheet(path, vocabulary).quads()]
    results = check_shapes(resources.shapes / "release", checked, [], vocabulary)
    assert [f"{r.focus}: {r.message} {r.value}" for r in results] == []
