"""Validation from graph to graph: data and shapes in, a SHACL validation report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Store as Oxigraph

from hrdd_graph.shacl.compile import Fallback, compile_shapes, looks_at_narrow_integers, looks_at_spelling
from hrdd_graph.shacl.exchange import is_respelled, node_of, triples_of
from hrdd_graph.shacl.fallback import validated_by_engine
from hrdd_graph.shacl.paths import Path
from hrdd_graph.shacl.result import Result
from hrdd_graph.shacl.run import run
from hrdd_graph.shacl.shapes import read_shapes
from hrdd_graph.shacl.spelling import spelling_of
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Quad

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node


def validate(
    data: rdflib.Graph, shapes: rdflib.Graph, *, notice: Callable[[str], None] = lambda _: None
) -> rdflib.Graph:
    """Validate a data graph against a shapes graph; returns a graph with one ``sh:ValidationReport``.

    Raises ``ValueError`` for shapes that break SHACL's syntax rules.
    """
    compiled = compile_shapes(read_shapes(shapes))
    triples = list(triples_of(data))
    spelling = spelling_of((*triples, *compiled.shapes.triples))
    lossy = spelling.is_lossy or any(is_respelled(node) for node in data.objects())
    by_query, by_engine = [], list(compiled.fall_back)
    for shape in compiled.compiled:
        if lossy or (spelling.written and looks_at_spelling(shape)) or looks_at_narrow_integers(shape):
            by_engine.append(Fallback(shape, f"{shape.node} looks at literals that the embedded store spells anew."))
        else:
            by_query.append(shape)
    store = Oxigraph()
    store.bulk_extend(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    results = run(EmbeddedStore(store, "memory:"), replace(compiled, compiled=tuple(by_query), fall_back=()))
    for fallback in by_engine:
        notice(f"{fallback.reason} It is left to a SHACL engine, which is slower.")
    if by_engine:
        results += validated_by_engine(data, compiled.shapes, [fallback.shape for fallback in by_engine])
    return report_graph(replace(r, focus=spelling(r.focus), value=spelling(r.value)) for r in results)


def report_graph(results: Iterable[Result]) -> rdflib.Graph:
    """Results as a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report)."""
    import rdflib

    sh, a = rdflib.SH, rdflib.RDF.type
    graph = rdflib.Graph()
    graph.bind("sh", sh)
    report = rdflib.BNode()
    found = list(results)
    graph.add((report, a, sh.ValidationReport))
    graph.add((report, sh.conforms, rdflib.Literal(not found)))
    for result in found:
        node = rdflib.BNode()
        graph.add((report, sh.result, node))
        graph.add((node, a, sh.ValidationResult))
        graph.add((node, sh.focusNode, node_of(result.focus)))
        graph.add((node, sh.resultSeverity, node_of(result.severity)))
        graph.add((node, sh.sourceConstraintComponent, node_of(result.component)))
        graph.add((node, sh.sourceShape, node_of(result.shape)))
        if result.path is not None:
            graph.add((node, sh.resultPath, _path_node(graph, result.path)))
        if result.value is not None:
            graph.add((node, sh.value, node_of(result.value)))
        if result.constraint is not None:
            graph.add((node, sh.sourceConstraint, node_of(result.constraint)))
        for message in result.messages:
            graph.add((node, sh.resultMessage, node_of(message)))
    return graph


def _path_node(graph: rdflib.Graph, path: Path) -> Node:
    """The path written into the graph, as SHACL writes it."""
    import rdflib
    from rdflib.collection import Collection

    if path.predicate is not None:
        return node_of(path.predicate)
    parts = [_path_node(graph, part) for part in path.parts]
    node = rdflib.BNode()
    if path.kind == "sequence":
        Collection(graph, node, parts)
        return node
    value = parts[0]
    if path.kind == "alternativePath":
        value = rdflib.BNode()
        Collection(graph, value, parts)
    graph.add((node, rdflib.SH[path.kind], value))
    return node
