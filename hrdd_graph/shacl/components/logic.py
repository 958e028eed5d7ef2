"""Shapes put together: sh:not, sh:and, sh:or, sh:xone."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.shacl.components import Component, single
from hrdd_graph.shacl.place import Nodes, Place, Violation
from hrdd_graph.terms import Term


def _failing(place: Place, head: Term) -> Iterator[Nodes]:
    """For each shape of a list the value nodes that do not conform to it."""
    for member in place.shape.members(head):
        yield place.fails(place.shape.shape(member), place.values)


def _not(place: Place, node: Term) -> Violation:
    message = "Value conforms to a shape that it must not conform to"
    if condition := place.condition(place.shape.shape(node), place.values):
        return place.unless(f"!{condition}", message)
    failing = place.fails(place.shape.shape(node), place.values)
    conforming = f"{place.values} MINUS {{ {failing} }}"
    return Violation(conforming, place.value, message=message)


def _and(place: Place, head: Term) -> Iterator[Violation]:
    branches = " UNION ".join(f"{{ {failing} }}" for failing in _failing(place, head))
    if branches:
        failing = f"{{ SELECT DISTINCT {place.value} WHERE {{ {branches} }} }}"
        yield Violation(f"{place.values} {failing}", place.value, message="Value does not conform to all the shapes")


def _or(place: Place, head: Term) -> Violation:
    failing = " ".join(str(failing) for failing in _failing(place, head))
    return Violation(f"{place.values} {failing}", place.value, message="Value conforms to none of the shapes")


def _xone(place: Place, head: Term) -> Violation:
    marks, optional = [], ""
    for failing in _failing(place, head):
        marks.append(place.fresh())
        marked = f"SELECT {failing.var} (1 AS ?{marks[-1]}) WHERE {{ {failing} }}"
        optional += f" OPTIONAL {{ {{ {marked} }} }}"
    passes = " + ".join(f"COALESCE(0 * ?{mark}, 1)" for mark in marks) or "0"
    where = f"{place.values}{optional} FILTER({passes} != 1)"
    return Violation(where, place.value, message="Value does not conform to exactly one of the shapes")


COMPONENTS = (
    Component("Not", "not", single(_not)),
    Component("And", "and", _and),
    Component("Or", "or", single(_or)),
    Component("Xone", "xone", single(_xone)),
)
