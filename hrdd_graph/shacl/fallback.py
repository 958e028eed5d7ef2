"""The SHACL engine for shapes that no query can stand for: pySHACL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hrdd_graph.namespaces import OWL, RDF, RDFS, SH
from hrdd_graph.shacl.compile import reached
from hrdd_graph.shacl.exchange import rdflib_graph, term_of
from hrdd_graph.shacl.paths import read_path
from hrdd_graph.shacl.result import Result
from hrdd_graph.shacl.shapes import Shape, Shapes
from hrdd_graph.shacl.targets import KINDS
from hrdd_graph.terms import Iri, Literal, Term, Triple

if TYPE_CHECKING:
    import rdflib

_TARGETS = frozenset(SH[kind] for kind in (*KINDS, "target"))


def validated_by_engine(data: Iterable[Triple] | rdflib.Graph, shapes: Shapes, chosen: Iterable[Shape]) -> list[Result]:
    """The results of some of the shapes over the data, from the engine."""
    import pyshacl
    import rdflib

    graph = data if isinstance(data, rdflib.Graph) else rdflib_graph(data)
    roots = list(chosen)
    only = rdflib_graph(_only(shapes, {shape.node for shape in roots}))
    root_of: dict[Term, Term] = {below.node: root.node for root in reversed(roots) for below in reached(root)}
    _, report, text = pyshacl.validate(graph, shacl_graph=only, inference=None, advanced=True)
    if not isinstance(report, rdflib.Graph):
        raise ValueError(f"The SHACL engine could not use the shapes: {text}")
    shacl = rdflib.SH
    found = []
    for node in report.objects(None, shacl.result):  # and not what stands below them as sh:detail
        value, shape = report.value(node, shacl.value), report.value(node, shacl.sourceShape)
        focus, path = report.value(node, shacl.focusNode), report.value(node, shacl.resultPath)
        component, severity = (
            report.value(node, shacl.sourceConstraintComponent),
            report.value(node, shacl.resultSeverity),
        )
        constraint = report.value(node, shacl.sourceConstraint)
        messages = [term_of(m) for m in report.objects(node, shacl.resultMessage)]
        assert focus is not None
        assert shape is not None
        source = term_of(shape)
        own = Shape(source, shapes.facts).path if not isinstance(source, Literal) else None
        found.append(
            Result(
                focus=term_of(focus),
                path=read_path(shapes.facts, term_of(path)) if isinstance(path, rdflib.URIRef) else own,
                value=None if value is None else term_of(value),
                component=Iri(str(component)),
                shape=source,
                root=root_of.get(source, source),
                severity=Iri(str(severity)),
                messages=tuple(m for m in messages if isinstance(m, Literal)),
                constraint=None if constraint is None else term_of(constraint),
            )
        )
    return found


def _only(shapes: Shapes, chosen: set[object]) -> Iterable[Triple]:
    """The shapes graph with the targets of the chosen shapes alone."""
    for triple in shapes.triples:
        implicit = triple.predicate == RDF.type and triple.object in (RDFS.Class, OWL.Class)
        if triple.subject in chosen or not (triple.predicate in _TARGETS or implicit):
            yield triple
