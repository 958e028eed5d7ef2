"""Where a value lies in an order: sh:minInclusive, sh:minExclusive, sh:maxInclusive, sh:maxExclusive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.terms import Term


def _than(sign: str) -> Callable[[Place, Term], Iterator[Violation]]:
    def violations(place: Place, bound: Term) -> Iterator[Violation]:
        yield place.unless(f"{place.value} {sign} {place.term(bound)}", f"Value is not {sign} {bound}")

    return violations


COMPONENTS = (
    Component("MinInclusive", "minInclusive", _than(">=")),
    Component("MinExclusive", "minExclusive", _than(">")),
    Component("MaxInclusive", "maxInclusive", _than("<=")),
    Component("MaxExclusive", "maxExclusive", _than("<")),
)
