"""What kind of thing a value is: sh:class, sh:datatype, sh:nodeKind."""

from __future__ import annotations

from collections.abc import Mapping

from hrdd_graph.namespaces import SH
from hrdd_graph.shacl.components import Component, single
from hrdd_graph.shacl.datatypes import is_of_datatype
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.shacl.shapes import IllFormed
from hrdd_graph.terms import Iri, Term

_KINDS: Mapping[Iri, tuple[str, ...]] = {
    SH.IRI: ("isIRI",),
    SH.BlankNode: ("isBlank",),
    SH.Literal: ("isLiteral",),
    SH.BlankNodeOrIRI: ("isBlank", "isIRI"),
    SH.BlankNodeOrLiteral: ("isBlank", "isLiteral"),
    SH.IRIOrLiteral: ("isIRI", "isLiteral"),
}


def _class(place: Place, wanted: Term) -> Violation:
    place.term(wanted)
    no_instance = place.hierarchy.no_instance(place.values.variable, wanted, place.fresh())
    return Violation(place.where(no_instance), place.value, message=f"Value is not of class {wanted}")


def _datatype(place: Place, datatype: Term) -> Violation:
    if not isinstance(datatype, Iri):
        raise IllFormed(f"{place.shape.node}: {datatype} is not a datatype.")
    return place.unless(is_of_datatype(place.value, datatype), f"Value is not a literal of datatype {datatype}")


def _node_kind(place: Place, kind: Term) -> Violation:
    if not isinstance(kind, Iri) or kind not in _KINDS:
        raise IllFormed(f"{place.shape.node}: {kind} is not a node kind.")
    condition = " || ".join(f"{test}({place.value})" for test in _KINDS[kind])
    return place.unless(condition, f"Value is not of node kind {kind}")


COMPONENTS = (
    Component("Class", "class", single(_class)),
    Component("Datatype", "datatype", single(_datatype)),
    Component("NodeKind", "nodeKind", single(_node_kind)),
)
