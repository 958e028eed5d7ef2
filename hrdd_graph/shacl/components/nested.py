"""Shapes for the value nodes: sh:node, sh:property.

In a report the results of a property shape stand for themselves, which the compiler sees to; inside another shape it
counts that a value node does not conform.
"""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.terms import Term


def _nested(place: Place, node: Term) -> Iterator[Violation]:
    failing = place.fails(place.shape.shape(node), place.values)
    apart = "" if place.shape.path is None else f"{place.values} "
    yield Violation(f"{apart}{failing}", place.value, message="Value does not conform to the shape")


COMPONENTS = (Component("Node", "node", _nested), Component("Property", "property", _nested))
