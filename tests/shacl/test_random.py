"""On random graphs and random shapes, put together from every core constraint, our report is pySHACL's."""

from __future__ import annotations

from collections.abc import Sequence

import pyshacl
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from hrdd_graph.shacl import validate
from tests.shacl.suite import told_by

EX = Namespace("https://example.org/")
NODES = [EX.a, EX.b, EX.c, BNode("d")]
CLASSES = [EX.Firm, EX.Buyer, EX.Party]
PROPERTIES = [EX.p, EX.q]
LITERALS = [
    Literal(1),
    Literal(2),
    Literal("x"),
    Literal("yy"),
    Literal("x", lang="en"),
    Literal("yy", lang="en-gb"),
]  # language tags come back in small letters
VALUES = [*NODES, *LITERALS]

nodes, properties, values, classes = (st.sampled_from(pool) for pool in (NODES, PROPERTIES, VALUES, CLASSES))
statements = st.one_of(
    st.tuples(nodes, properties, values),
    st.tuples(nodes, st.just(RDF.type), classes),
    st.tuples(classes, st.just(RDFS.subClassOf), classes),
)


@st.composite
def data_graphs(draw: st.DrawFn) -> Graph:
    graph = Graph()
    for triple in draw(st.lists(statements, min_size=5, max_size=16)):
        graph.add(triple)
    return graph


class Shaper:
    """Draws shapes into a graph, no deeper than two below the first."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.graph = Graph()

    def path(self, depth: int = 0) -> Node:
        kind = self.draw(
            st.sampled_from(["step", "step", "inverse", "sequence", "alternative", "any", "some", "maybe"])
        )
        if kind == "step" or depth > 1:
            return self.draw(properties)
        node = BNode()
        if kind == "sequence":
            Collection(self.graph, node, [self.path(depth + 1), self.path(depth + 1)])
        elif kind == "alternative":
            members = BNode()
            Collection(self.graph, members, [self.path(depth + 1), self.path(depth + 1)])
            self.graph.add((node, SH.alternativePath, members))
        else:
            names = {
                "inverse": SH.inversePath,
                "any": SH.zeroOrMorePath,
                "some": SH.oneOrMorePath,
                "maybe": SH.zeroOrOnePath,
            }
            self.graph.add((node, names[kind], self.path(depth + 1)))
        return node

    def list_of(self, members: Sequence[Node]) -> Node:
        head = BNode() if members else RDF.nil
        if members:
            Collection(self.graph, head, list(members))
        return head

    def constrain(self, shape: Node, depth: int, *, has_path: bool) -> None:
        draw, add = self.draw, self.graph.add
        simple = {
            "class": classes,
            "datatype": st.sampled_from([XSD.integer, XSD.string, RDF.langString]),
            "nodeKind": st.sampled_from([SH.IRI, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNode]),
            "minInclusive": st.sampled_from([Literal(1), Literal(2)]),
            "maxExclusive": st.sampled_from([Literal(1), Literal(2)]),
            "minLength": st.sampled_from([Literal(1), Literal(2)]),
            "maxLength": st.sampled_from([Literal(1), Literal(2)]),
            "pattern": st.sampled_from([Literal("^x"), Literal("y")]),
            "hasValue": st.sampled_from([EX.a, EX.b, Literal(1), Literal("x")]),
            "equals": properties,
            "disjoint": properties,
        }
        for_paths = {
            "minCount": st.sampled_from([Literal(1), Literal(2)]),
            "maxCount": st.sampled_from([Literal(0), Literal(1)]),
            "uniqueLang": st.just(Literal(True)),
        }
        kinds = [*simple, "in", "languageIn"]
        kinds += [*for_paths, "qualified"] if has_path else ["closed"]
        kinds += ["not", "and", "or", "xone", "node", "property"] * 2 if depth < 2 else []
        for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True)):
            if kind in simple or kind in for_paths:
                add((shape, SH[kind], draw({**simple, **for_paths}[kind])))
            elif kind == "in":
                members = draw(st.lists(st.sampled_from([EX.a, Literal(1), Literal("x")]), max_size=3, unique=True))
                add((shape, SH["in"], self.list_of(members)))
            elif kind == "languageIn":
                add((shape, SH.languageIn, self.list_of([Literal("en")])))
            elif kind == "closed":
                add((shape, SH.closed, Literal(True)))
                add((shape, SH.ignoredProperties, self.list_of([RDF.type])))
            elif kind == "qualified" and depth < 2:
                add((shape, SH.qualifiedValueShape, self.shape(depth + 1)))
                add((shape, SH.qualifiedMinCount, Literal(draw(st.integers(0, 2)))))
                add((shape, SH.qualifiedMaxCount, Literal(draw(st.integers(0, 1)))))
            elif kind in ("and", "or", "xone"):
                below = [self.shape(depth + 1) for _ in range(draw(st.integers(1, 2)))]
                add((shape, SH[kind], self.list_of(below)))
            elif kind == "property":
                add((shape, SH.property, self.shape(depth + 1, has_path=True)))
            elif kind in ("not", "node"):
                add((shape, SH[kind], self.shape(depth + 1, has_path=False if kind == "node" else None)))

    def shape(self, depth: int, *, has_path: bool | None = None) -> Node:
        shape = BNode() if depth else EX.Shape
        if has_path is None:
            has_path = self.draw(st.booleans())
        self.graph.add((shape, RDF.type, SH.PropertyShape if has_path else SH.NodeShape))
        if has_path:
            self.graph.add((shape, SH.path, self.path()))
        self.constrain(shape, depth, has_path=has_path)
        return shape


@st.composite
def shapes_graphs(draw: st.DrawFn) -> Graph:
    shaper = Shaper(draw)
    shape = shaper.shape(0)
    targets = st.one_of(
        st.tuples(st.just(SH.targetClass), classes),
        st.tuples(st.just(SH.targetNode), st.sampled_from([EX.a, EX.b, EX.unknown, Literal(1), Literal("x")])),
        st.tuples(st.sampled_from([SH.targetSubjectsOf, SH.targetObjectsOf]), properties),
    )
    for predicate, value in draw(st.lists(targets, min_size=1, max_size=2)):
        shaper.graph.add((shape, predicate, value))
    return shaper.graph


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=data_graphs(), shapes=shapes_graphs())
def test_a_random_graph_means_the_same_to_pyshacl(data: Graph, shapes: Graph) -> None:
    _, theirs, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(theirs, rdflib.Graph)
    notices: list[str] = []
    ours = validate(data, shapes, notice=notices.append)
    assert told_by(ours) == told_by(theirs), shapes.serialize() + data.serialize()
    assert notices == []
