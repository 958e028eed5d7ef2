"""What shapes mean beyond the W3C's tests: targets, messages, SPARQL constraints, and what goes to a SHACL engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib import SH

from hrdd_graph.shacl import IllFormed, Result, compile_shapes, read_shapes, run, validate
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import RdfFormat, parse
from tests.shacl.suite import told_by

BENCH = Path(__file__).resolve().parents[3] / "shared" / "reference-bench"
EX = "https://example.org/"
PREFIXES = f"""
@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .
"""


def results(data: str, shapes: str) -> list[Result]:
    store = pyoxigraph.Store()
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE)
    compiled = compile_shapes(read_shapes(parse((PREFIXES + shapes).encode(), format=RdfFormat.TURTLE)))
    return run(EmbeddedStore(store, "memory:"), compiled)


def found(data: str, shapes: str) -> list[tuple[str, str]]:
    """The focus and value of each result, as local names."""
    return [
        (r.focus.value.removeprefix(EX), "" if r.value is None else r.value.value.removeprefix(EX))
        for r in results(data, shapes)
    ]


def test_a_class_below_the_target_class_is_a_target_wherever_it_is_said() -> None:
    shape = "ex:S a sh:NodeShape ; sh:targetClass ex:Firm ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ."
    below = "ex:Buyer rdfs:subClassOf ex:Firm ."
    nodes = "ex:a a ex:Firm . ex:b a ex:Buyer . ex:c a ex:Court ."
    assert found(nodes, shape) == [("a", "")]
    assert found(nodes + below, shape) == [("a", ""), ("b", "")]
    assert found(nodes, shape + below) == [("a", ""), ("b", "")]


def test_a_class_without_a_name_may_stand_between() -> None:
    data = "ex:a a ex:Buyer . ex:Buyer rdfs:subClassOf [ rdfs:subClassOf ex:Firm ] . ex:b ex:owns ex:a , ex:b ."
    assert found(data, "ex:S sh:targetSubjectsOf ex:owns ; sh:property [ sh:path ex:owns ; sh:class ex:Firm ] .") == [
        ("b", "b")
    ]


def test_a_shape_that_is_a_class_targets_its_instances() -> None:
    shape = "ex:Firm a sh:NodeShape , owl:Class ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ."
    assert found("ex:a a ex:Firm . ex:b a ex:Court .", shape) == [("a", "")]


def test_a_query_can_be_a_target() -> None:
    shape = """ex:S a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:prefixes ;
        sh:select "SELECT ?this WHERE { ?this ex:owns ?owned . ?owned ex:owns ?this }" ] ."""
    assert found("ex:a ex:owns ex:b . ex:b ex:owns ex:a , ex:c .", shape) == [("a", "a"), ("b", "b")]


def test_a_target_need_not_be_in_the_graph() -> None:
    shape = "ex:S sh:targetNode ex:gone ; sh:property [ sh:path [ sh:zeroOrMorePath ex:owns ] ; sh:class ex:Firm ] ."
    assert found("ex:a a ex:Firm .", shape) == [("gone", "gone")]


def test_a_shape_that_is_switched_off_finds_nothing_and_fails_nothing() -> None:
    off = "ex:Off a sh:NodeShape ; sh:deactivated true ; sh:class ex:Firm ."
    assert found("", f"{off} ex:Off sh:targetNode ex:a .") == []
    assert found("", f"{off} ex:S sh:targetNode ex:a ; sh:node ex:Off .") == []
    assert found("", f"{off} ex:S sh:targetNode ex:a ; sh:not ex:Off .") == [("a", "a")]


def test_a_message_names_what_its_query_found_in_each_language() -> None:
    shape = """ex:S a sh:NodeShape ; sh:targetClass ex:Firm ; sh:severity sh:Info ; sh:sparql [
        sh:prefixes ex:prefixes ;
        sh:message "{$this} owns {?value} since {?year}"@en , "{?value} gehört {$this}"@de ;
        sh:select "SELECT $this ?value ?year WHERE { $this ex:owns ?value . OPTIONAL { ?value ex:since ?year } }" ] ."""
    first, second = results("ex:a a ex:Firm ; ex:owns ex:b , ex:c . ex:b ex:since 1999 .", shape)
    assert first.severity.value == str(SH.Info)
    assert {m.language: m.value for m in first.messages} == {
        "en": f"{EX}a owns {EX}b since 1999",
        "de": f"{EX}b gehört {EX}a",
    }
    assert second.message == f"{EX}a owns {EX}c since {{?year}}"
    assert {name: term.value for name, term in first.bindings.items()} == {"year": "1999"}


def test_a_query_may_stand_inside_other_shapes_and_name_the_path() -> None:
    inner = """ex:Owner a sh:PropertyShape ; sh:path ex:owns ; sh:sparql [ sh:prefixes ex:prefixes ;
        sh:select "SELECT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { ?value a ex:Firm } }" ] ."""
    data = "ex:a ex:owns ex:b , ex:c . ex:b a ex:Firm . ex:d ex:owns ex:b ."
    assert found(data, inner + "ex:S sh:targetSubjectsOf ex:owns ; sh:property ex:Owner .") == [("a", "c")]
    assert found(data, inner + "ex:S sh:targetSubjectsOf ex:owns ; sh:not ex:Owner .") == [("d", "d")]


@pytest.mark.parametrize(
    ("literal", "datatype", "well_formed"),
    [
        ('"2024-02-29"', "date", True),
        ('"2023-02-29"', "date", False),
        ('"2024-02-30"', "date", False),
        ('"1999-12-31Z"', "date", True),
        ('"2000-01-01T00:00:00+14:00"', "dateTime", True),
        ('"2000-01-01"', "dateTime", False),
        ('"24:00:00"', "time", True),
        ('"25:00:00"', "time", False),
        ('"2024"', "gYear", True),
        ('"24"', "gYear", False),
        ('"maybe"', "boolean", False),
        ('"true"', "boolean", True),
        ('"1.5"', "decimal", True),
        ('"1,5"', "decimal", False),
        ('"1.5"', "integer", False),
        ('"NaN"', "double", True),
        ('"--02-30"', "gMonthDay", False),
        ('"P1Y2M"', "duration", True),
        ('"P"', "duration", False),
    ],
)
def test_a_datatype_is_a_type_and_a_form(literal: str, datatype: str, well_formed: bool) -> None:
    data = f"ex:a ex:p {literal}^^xsd:{datatype} ."
    shape = f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:datatype xsd:{datatype} ] ."
    assert len(found(data, shape)) == (not well_formed)
    assert len(found(data, shape.replace(f"xsd:{datatype} ]", "xsd:string ]"))) == 1


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        ("ex:S sh:targetClass ex:Firm ; sh:property [ sh:path ex:owns ; sh:node ex:S ; sh:class ex:Firm ] .", "ex:b"),
        ('ex:S sh:targetClass ex:Firm ; sh:property [ sh:path ex:name ; sh:pattern "^(?=.*x)" ] .', '"a"'),
        (
            """ex:S sh:targetClass ex:Firm ; sh:sparql [ sh:prefixes ex:prefixes ; sh:select
            "SELECT $this WHERE { { SELECT $this (COUNT(?n) AS ?k) { $this ex:name ?n } GROUP BY $this } FILTER(?k>1) }"
            ] .""",
            '"a"',
        ),
    ],
    ids=["refers to itself", "looks ahead", "has a sub-select"],
)
def test_what_no_query_can_say_goes_to_the_engine_with_a_notice(shape: str, data: str) -> None:
    said = f"ex:a a ex:Firm ; ex:owns ex:b ; ex:name {data} , 'x' . ex:b a ex:Court ."
    graphs = [rdflib.Graph().parse(data=PREFIXES + text, format="turtle") for text in (said, shape)]
    notices: list[str] = []
    ours = validate(graphs[0], graphs[1], notice=notices.append)
    _, theirs, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1])
    assert told_by(ours) == told_by(theirs)
    assert not told_by(ours)[0]
    (notice,) = notices
    assert "S" in notice
    assert "SHACL engine" in notice


def test_only_the_shape_that_needs_it_goes_to_the_engine() -> None:
    shapes = """ex:S sh:targetClass ex:Firm ; sh:property [ sh:path ex:owns ; sh:node ex:S ; sh:minCount 1 ] .
        ex:T sh:targetClass ex:Firm ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ."""
    compiled = compile_shapes(read_shapes(parse((PREFIXES + shapes).encode(), format=RdfFormat.TURTLE)))
    assert [fallback.shape.node.value for fallback in compiled.fall_back] == [EX + "S"]
    assert found("ex:a a ex:Firm .", shapes) == [("a", ""), ("a", "")]


@pytest.mark.parametrize(
    "shape",
    [
        "ex:S sh:targetNode ex:a ; sh:minCount 1 .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minCount 'few' ] .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p , ex:q ; sh:minCount 1 ] .",
        "ex:S sh:targetNode ex:a ; sh:or ex:T .",
        "ex:S sh:targetNode ex:a ; sh:nodeKind ex:Thing .",
        "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this WHERE { $this a ?c MINUS { ?c a ?d } }' ] .",
        "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this WHERE { $this un:declared ?c }' ] .",
    ],
)
def test_an_ill_formed_shape_is_refused_by_name(shape: str) -> None:
    with pytest.raises(IllFormed):
        found("", shape)


def test_the_reference_bench_finds_exactly_what_was_planted(tmp_path: Path) -> None:
    if not BENCH.is_dir():
        pytest.skip("the generator is not beside this checkout")
    subprocess.run([sys.executable, BENCH / "gen.py", "10000", tmp_path], check=True, capture_output=True)
    truth = json.loads((tmp_path / "d10000.truth.json").read_text())["truth"]
    store = pyoxigraph.Store()
    store.load(path=str(tmp_path / "d10000.nt"), format=RdfFormat.N_TRIPLES)
    compiled = compile_shapes(read_shapes(parse(path=str(BENCH / "shapes.ttl"), format=RdfFormat.TURTLE)))
    assert compiled.fall_back == ()
    got: dict[str, set[tuple[str, str]]] = {}
    for result in run(EmbeddedStore(store, "memory:"), compiled):
        focus = result.focus.value.removeprefix(EX + "id/")
        value = "" if result.value is None else result.value.value.removeprefix(EX + "id/")
        shape = result.shape.value.removeprefix(EX + "hrdd/shapes#")
        got.setdefault(shape, set()).add((focus, value.replace(EX + "hrdd#", "hr:")))
    assert got == {k: {(focus, value.strip('"')) for focus, value in v} for k, v in truth.items() if v}
