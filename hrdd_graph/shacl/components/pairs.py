"""Values beside those of another property: sh:equals, sh:disjoint, sh:lessThan, sh:lessThanOrEquals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hrdd_graph.shacl.components import Component, single
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.terms import Term


def _equals(place: Place, other: Term) -> Iterator[Violation]:
    message = f"Values are not those of {other}"
    theirs = f"{place.this} {place.term(other)} {place.value} ."
    if place.shape.path is None:
        another = place.fresh()
        found = f"{place.focus} {place.this} {place.term(other)} ?{another} FILTER(!sameTerm(?{another}, {place.this}))"
        yield Violation(place.without(f"{place.focus}", theirs, step=True), place.value, message=message)
        yield Violation(found, f"?{another}", message=message)
        return
    yield Violation(place.without(f"{place.values}", theirs, step=True), place.value, message=message)
    yield Violation(
        place.without(f"{place.focus} {theirs}", f"{place.values}", step=False), place.value, message=message
    )


def _disjoint(place: Place, other: Term) -> Violation:
    shared = f"{place.values} {place.this} {place.term(other)} {place.value} ."
    return Violation(shared, place.value, message=f"Value is also one of {other}")


def _less(sign: str) -> Callable[[Place, Term], Iterator[Violation]]:
    def violations(place: Place, other: Term) -> Iterator[Violation]:
        theirs = place.fresh()
        pair = f"{place.this} {place.term(other)} ?{theirs} ."
        wrong = f"{pair} FILTER(!COALESCE({place.value} {sign} ?{theirs}, false))"
        yield Violation(
            place.where(wrong, f"?{theirs}"),
            place.value,
            others=(theirs,),
            message=f"Value is not {sign} that of {other}",
        )

    return violations


COMPONENTS = (
    Component("Equals", "equals", _equals),
    Component("Disjoint", "disjoint", single(_disjoint)),
    Component("LessThan", "lessThan", _less("<")),
    Component("LessThanOrEquals", "lessThanOrEquals", _less("<=")),
)
