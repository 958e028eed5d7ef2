"""Which values there are: sh:hasValue, sh:in. Terms are compared as terms: 1 is not 1.0."""

from __future__ import annotations

from hrdd_graph.shacl.components import Component, single
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.terms import Iri, Term


def _has_value(place: Place, wanted: Term) -> Violation:
    message, path, term = f"Value {wanted} is missing", place.shape.path, place.term(wanted)
    if path is None:
        return Violation(f"{place.focus} FILTER(!sameTerm({place.this}, {term}))", message=message)
    if place.is_step:
        return Violation(place.without(f"{place.focus}", f"{place.this} {path} {term}", step=True), message=message)
    found = f"{place.values} FILTER(sameTerm({place.value}, {term}))"
    return Violation(place.without(f"{place.focus}", found, step=False), message=message)


def _in(place: Place, head: Term) -> Violation:
    members = place.shape.members(head)
    names = ", ".join(place.term(member) for member in members if isinstance(member, Iri))
    same = [f"{place.value} IN ({names})"] if names else []
    same += [f"sameTerm({place.value}, {place.term(m)})" for m in members if not isinstance(m, Iri)]
    return place.unless(" || ".join(same) or "false", "Value is not on the list")


COMPONENTS = (
    Component("HasValue", "hasValue", single(_has_value), spelling=True),
    Component("In", "in", single(_in), spelling=True),
)
