"""Graphs in canonical form: one digest for the same statements, whatever their order and the names of blank nodes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import CanonicalizationAlgorithm, Dataset

from hrdd_graph.terms import BlankNode, Iri, Quad


def has_blank_nodes(quads: Iterable[Quad]) -> bool:
    """Whether any statement is about a blank node, or points to one."""
    return any(isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode) for quad in quads)


def digest(quads: Iterable[Quad]) -> str:
    """The SHA-256 of the graph in canonical form (RDFC-1.0, https://www.w3.org/TR/rdf-canon/)."""
    dataset = Dataset(quads)
    if has_blank_nodes(dataset):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n" for quad in dataset)
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def named_for_good(quads: Iterable[Quad], graph: Iri) -> Iterator[Quad]:
    """The statements in a graph, with blank nodes called the same everywhere: after the graph and RDFC-1.0."""
    dataset = Dataset(quads)
    names: dict[object, BlankNode] = {}
    if has_blank_nodes(dataset):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        prefix = "b" + hashlib.sha256(graph.value.encode()).hexdigest()[:8]
        nodes = {node for q in dataset for node in (q.subject, q.object) if isinstance(node, BlankNode)}
        names = {node: BlankNode(prefix + node.value) for node in nodes}
    for quad in dataset:
        subject, value = names.get(quad.subject, quad.subject), names.get(quad.object, quad.object)
        yield Quad(subject, quad.predicate, value, graph)
