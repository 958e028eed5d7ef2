"""No other properties: sh:closed with sh:ignoredProperties."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.namespaces import SH
from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.terms import Iri, Term


def _closed(place: Place, wanted: Term) -> Iterator[Violation]:
    if wanted.value not in ("true", "1"):
        return
    shape = place.shape
    allowed = {member for head in shape.objects(SH.ignoredProperties) for member in shape.members(head)}
    for child in shape.objects(SH.property):
        path = shape.shape(child).path
        if path is not None and path.predicate is not None:
            allowed.add(path.predicate)
    names = ", ".join(place.term(term) for term in sorted(allowed, key=str) if isinstance(term, Iri))
    predicate, value = place.fresh(), place.fresh()
    where = f"{place.values} {place.value} ?{predicate} ?{value} ."
    if names:
        where += f" FILTER(?{predicate} NOT IN ({names}))"
    yield Violation(where, f"?{value}", path=f"?{predicate}", message="Property is not on the list")


COMPONENTS = (Component("Closed", "closed", _closed),)
