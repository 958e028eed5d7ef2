"""Queries, and what their rows mean. Conditions on the same values share one query, and values are looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.shacl.shapes import Shape

Broken: TypeAlias = tuple[Component, Violation]


@dataclass(frozen=True)
class Part:
    """One constraint of a query: a row is a result of it unless ``mark`` names a variable that is true in the row."""

    component: Component
    violation: Violation
    mark: str = ""


@dataclass(frozen=True)
class Check:
    """One query for constraints of a shape at all its focus nodes, which stand in the variable ``this``."""

    text: str = field(repr=False)
    shape: Shape
    this: str
    parts: tuple[Part, ...]


def checks_of(place: Place, broken: Iterable[Broken]) -> Iterator[Check]:
    """The queries for the ways in which a shape can be broken at a place."""
    conditional, others = _apart(broken)
    for component, violation in others:
        others_named = (f"?{name}" for name in violation.others)
        names = (place.focus.key, violation.value, violation.path, *others_named)
        yield _check(place, names, violation.where, [Part(component, violation)])
    if conditional:
        parts = [Part(component, violation, place.fresh()) for component, violation in conditional]
        flags = (f"({_holds(part.violation)} AS ?{part.mark})" for part in parts)
        where = together(place, [violation for _, violation in conditional])
        yield _check(place, (place.focus.key, place.value, *flags), where, parts)


def branches_of(place: Place, broken: Iterable[Broken]) -> Iterator[str]:
    """The groups that bind the focus nodes at which a shape is broken in any of the ways."""
    conditional, others = _apart(broken)
    yield from (violation.where for _, violation in others)
    if conditional:
        yield together(place, [violation for _, violation in conditional])


def together(place: Place, violations: list[Violation]) -> str:
    """The values that break any of the conditions, and focus nodes without a value where that is one of them."""
    pattern = f"{place.values}"
    if any(violation.is_absence for violation in violations):
        pattern = f"{place.focus} OPTIONAL {{ {place.this} {place.shape.path} {place.value} }}"
    return f"{pattern} FILTER(!({' && '.join(_holds(violation) for violation in violations)}))"


def _apart(broken: Iterable[Broken]) -> tuple[list[Broken], list[Broken]]:
    """Violations that are conditions on the values, where there are several, and the others."""
    listed = list(broken)
    conditional = [each for each in listed if each[1].condition]
    if len(conditional) < 2:
        return [], listed
    return conditional, [each for each in listed if not each[1].condition]


def _holds(violation: Violation) -> str:
    return f"COALESCE({violation.condition}, false)"


def _check(place: Place, names: Iterable[str], where: str, parts: list[Part]) -> Check:
    selected = " ".join(dict.fromkeys(name for name in names if name))
    text = f"SELECT DISTINCT {selected} WHERE {{ {where} }}"
    return Check(text, place.shape, place.focus.variable, tuple(parts))
