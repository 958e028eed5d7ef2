"""Shapes as others write them mean the same to us as to pySHACL, whether a query answers or the engine behind it.

Each case is a shape over one small graph; ``by_engine`` says that no query can stand for it, which a notice tells.
"""

from __future__ import annotations

import pyshacl
import pytest
import rdflib

from hrdd_graph.shacl import validate
from tests.shacl.suite import told_by

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""
DATA = """
ex:Firm rdfs:subClassOf ex:Party .
ex:a a ex:Firm , ex:Party ; ex:owns ex:b , ex:c ; ex:name "A" ; ex:since 1 .
ex:b a ex:Firm ; ex:owns ex:c ; ex:name "b"@en , "bb"@en , "b"@fr .
ex:c a ex:Court ; ex:name "c" ; ex:since "2"^^xsd:decimal , 3.5e0 .
"""


def query(select: str, target: str = "sh:targetClass ex:Firm") -> str:
    return f'ex:S a sh:NodeShape ; {target} ; sh:sparql [ sh:prefixes ex:prefixes ; sh:select "{select}" ] .'


EVERY_WAY = "sh:targetClass ex:Firm , ex:Party ; sh:targetSubjectsOf ex:owns"  # most nodes are targets several times
OWNER = """ex:Own a sh:ConstraintComponent ; sh:parameter [ sh:path ex:mustNotOwn ] ; sh:validator [
    a sh:SPARQLAskValidator ; sh:prefixes ex:prefixes ;
    sh:ask "ASK { FILTER NOT EXISTS { $value ex:owns $mustNotOwn } }" ] . """
ONE_NAME = "sh:property [ sh:path ex:name ; sh:maxCount 1 ]"

BY_QUERY = {
    "a class with properties is a shape without saying so": f"ex:Firm a owl:Class ; {ONE_NAME} .",
    "a class of a class of classes is one": f"ex:Kind rdfs:subClassOf rdfs:Class . ex:Firm a ex:Kind ; {ONE_NAME} .",
    "a target's query may declare its prefixes": """ex:S a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target [
        a sh:SPARQLTarget ;
        sh:select "PREFIX ex: <https://example.org/> SELECT ?this { ?this ex:owns/ex:owns ?x }" ] .""",
    "a query may declare its prefixes": """ex:S a sh:NodeShape ; sh:targetClass ex:Firm ; sh:sparql [ sh:select
        '''# who owns what\nPREFIX ex: <https://example.org/>\nSELECT $this ?value { $this ex:owns ?value }''' ] .""",
    "prefixes come with what is imported": """ex:onto owl:imports ex:between .
        ex:between owl:imports ex:prefixes , ex:onto . ex:S sh:targetClass ex:Firm ; sh:sparql [ sh:prefixes ex:onto ;
        sh:select "SELECT $this ?value { $this ex:owns ?value }" ] .""",
    "a node is counted once however often it is a target": query(
        "SELECT $this (COUNT(?o) AS ?value) WHERE { $this ex:owns ?o } GROUP BY $this", EVERY_WAY
    ),
    "a sum is over each solution once": query(
        "SELECT $this (SUM(?s) AS ?value) WHERE { $this ex:owns/ex:since ?s } GROUP BY $this", EVERY_WAY
    ),
    "what two conditions allow is counted once": query(
        "SELECT $this (COUNT(?o) AS ?value) WHERE { $this ex:name ?n . ?o ex:name ?m . "
        "FILTER(EXISTS { ?this ex:owns ?o } || EXISTS { ?this ex:owns/ex:owns ?o }) } GROUP BY $this",
        EVERY_WAY,
    ),
    "a shared value is reported for each way to it": """ex:S a sh:NodeShape ; sh:targetClass ex:Firm ; sh:property [
        sh:path ex:owns ; sh:property [ sh:path ex:name ; sh:sparql [ sh:prefixes ex:prefixes ;
        sh:select "SELECT $this (COUNT(?o) AS ?value) WHERE { $this $PATH ?o } GROUP BY $this" ] ] ] .""",
    "a condition in EXISTS sees the node wherever it stands": query(
        "SELECT $this ?value WHERE { $this ex:owns ?value FILTER NOT EXISTS { "
        "{ ?x ex:owns ?value FILTER(?x != $this) } UNION { ?value ex:since ?s FILTER(?s = 1) } } }"
    ),
    "a property that is switched off still opens a closed shape": """ex:S sh:targetClass ex:Firm ; sh:closed true ;
        sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
        sh:property [ sh:path ex:name ; sh:deactivated true ] , [ sh:path ex:owns ; sh:deactivated true ] .""",
    "a shape that is named twice is two of xone": """ex:T sh:class ex:Firm .
        ex:S sh:targetClass ex:Firm ; sh:xone ( ex:T ex:T ) .""",
}
BY_ENGINE = {
    "a constraint component of the shapes' own": OWNER + "ex:S sh:targetClass ex:Firm ; ex:mustNotOwn ex:c .",
    "the same inside another shape": OWNER
    + "ex:T ex:mustNotOwn ex:c . ex:S sh:targetClass ex:Firm ; sh:property [ sh:path ex:owns ; sh:node ex:T ] .",
    "an expression": "ex:S sh:targetClass ex:Firm ; sh:expression [ sh:path ex:flag ] .",
    "a target of the shapes' own kind": """ex:Having a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ;
        sh:prefixes ex:prefixes ; sh:parameter [ sh:path ex:prop ] ; sh:select "SELECT ?this WHERE { ?this $prop ?x }" .
        ex:S a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target [ a ex:Having ; ex:prop ex:owns ] .""",
    "a condition in braces": query("SELECT $this ?value WHERE { { ?value ex:owns ?o FILTER(?value = $this) } }"),
    "a condition in a branch": query(
        "SELECT $this ?value WHERE { { ?value a ex:Court FILTER NOT EXISTS { $this ex:since ?z . ?value ex:owns ?q } } "
        "UNION { ?value a ex:Firm FILTER NOT EXISTS { $this ex:owns ?value } } }"
    ),
    "a value made of the node in a branch": query(
        "SELECT $this ?v WHERE { { BIND(STR($this) AS ?v) } UNION { $this ex:owns ?v } }"
    ),
    "a condition in braces in OPTIONAL": query(
        "SELECT $this ?value WHERE { $this ex:owns ?o . OPTIONAL { { ?value ex:owns ?o FILTER(?value != $this) } } }"
    ),
    "the first for each node": query("SELECT $this ?value WHERE { $this ex:owns ?value } ORDER BY ?value LIMIT 1"),
    "all but the first for each node": query(
        "SELECT $this ?value WHERE { $this ex:owns ?value } ORDER BY ?value OFFSET 1"
    ),
    "groups of something else": query(
        "SELECT $this ?value WHERE { $this ex:owns ?value . ?value ex:name ?n } GROUP BY ?value HAVING (COUNT(?n) > 1)"
    ),
    "a datatype that the store widens": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:since ; sh:datatype xsd:int .",
}


@pytest.mark.parametrize(
    ("shape", "by_engine"),
    [
        *(pytest.param(text, False, id=name) for name, text in BY_QUERY.items()),
        *(pytest.param(text, True, id=name) for name, text in BY_ENGINE.items()),
    ],
)
def test_a_shape_of_others_means_the_same_to_pyshacl(shape: str, by_engine: bool) -> None:
    data, shapes = (rdflib.Graph().parse(data=PREFIXES + text, format="turtle") for text in (DATA, shape))
    notices: list[str] = []
    ours = validate(data, shapes, notice=notices.append)
    _, theirs, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    assert told_by(ours) == told_by(theirs)
    assert told_by(ours)[1]
    assert bool(notices) == by_engine
