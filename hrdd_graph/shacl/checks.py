"""Queries, and what their rows mean. Conditions on the same values share one query, and values are looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import Nodes, Place, Violation
from hrdd_graph.shacl.shapes import Shape

Broken: TypeAlias = tuple[Component, Violation]


@dataclass(frozen=True)
class Part:
    """One constraint of a query: a row is a result of it unless ``mark`` names a variable that is true in the row."""

    shape: Shape
    component: Component
    violation: Violation
    mark: str = ""


@dataclass(frozen=True)
class Check:
    """One query for constraints at all focus nodes of a shape, which stand in the variable ``this``.

    ``root`` is the shape whose targets the focus nodes are.
    """

    text: str = field(repr=False)
    this: str
    parts: tuple[Part, ...]
    root: Shape


def checks_of(root: Shape, found: Iterable[tuple[Place, list[Broken]]]) -> Iterator[Check]:
    """The queries for the ways in which ``root``, a shape with targets, and its property shapes can be broken.

    Focus nodes without a value are looked for together, for all properties of the same nodes, unless a query for the
    values has to look at every focus node anyway.
    """
    missing: dict[Nodes, list[tuple[Place, Broken]]] = {}
    for place, broken in found:
        apart, rest = _absences(place, broken)
        missing.setdefault(place.focus, []).extend((place, each) for each in apart)
        yield from _of_values(root, place, rest)
    for focus, absences in missing.items():
        if len(absences) == 1:
            yield from _of_values(root, absences[0][0], [absences[0][1]])
        elif absences:
            yield _without_value(root, focus, absences)


def branches_of(place: Place, broken: Iterable[Broken]) -> Iterator[str]:
    """The groups that bind the focus nodes at which a shape is broken in any of the ways."""
    conditional, others = _conditional(broken)
    yield from (violation.where for _, violation in others)
    if conditional:
        yield together(place, [violation for _, violation in conditional])


def together(place: Place, violations: list[Violation]) -> str:
    """The values that break any of the conditions, and focus nodes without a value where that is one of them."""
    wrong = f"FILTER(!({' && '.join(_holds(violation) for violation in violations)}))"
    if any(violation.is_absence for violation in violations):
        return f"{place.focus} OPTIONAL {{ {place.this} {place.shape.path} {place.value} }} {wrong}"
    return place.where(wrong)


def _of_values(root: Shape, place: Place, broken: Iterable[Broken]) -> Iterator[Check]:
    conditional, others = _conditional(broken)
    for component, violation in others:
        others_named = (f"?{name}" for name in violation.others)
        names = (place.focus.key, violation.value, violation.path, *others_named)
        yield _check(root, place.focus, names, violation.where, [Part(place.shape, component, violation)])
    if conditional:
        parts = [Part(place.shape, component, violation, place.fresh()) for component, violation in conditional]
        flags = (f"({_holds(part.violation)} AS ?{part.mark})" for part in parts)
        where = together(place, [violation for _, violation in conditional])
        yield _check(root, place.focus, (place.focus.key, place.value, *flags), where, parts)


def _without_value(root: Shape, focus: Nodes, absences: list[tuple[Place, Broken]]) -> Check:
    """One query for focus nodes that lack a value under any of several properties."""
    parts = [Part(place.shape, component, violation, place.fresh()) for place, (component, violation) in absences]
    has = [f"EXISTS {{ {place.this} {place.shape.path} {place.value} }}" for place, _ in absences]
    flags = (f"({one} AS ?{part.mark})" for one, part in zip(has, parts, strict=True))
    return _check(root, focus, (focus.key, *flags), f"{focus} FILTER(!({' && '.join(has)}))", parts)


def _absences(place: Place, broken: list[Broken]) -> tuple[list[Broken], list[Broken]]:
    """Violations by having no value that are looked for apart, and the others."""
    absent = [each for each in broken if each[1].is_absence]
    rest = [each for each in broken if not each[1].is_absence]
    return (absent, rest) if place.scans or not any(v.condition for _, v in rest) else ([], broken)


def _conditional(broken: Iterable[Broken]) -> tuple[list[Broken], list[Broken]]:
    """Violations that are conditions on the values, where there are several, and the others."""
    listed = list(broken)
    conditional = [each for each in listed if each[1].condition]
    if len(conditional) < 2:
        return [], listed
    return conditional, [each for each in listed if not each[1].condition]


def _holds(violation: Violation) -> str:
    return f"COALESCE({violation.condition}, false)"


def _check(root: Shape, focus: Nodes, names: Iterable[str], where: str, parts: list[Part]) -> Check:
    selected = " ".join(dict.fromkeys(name for name in names if name))
    return Check(f"SELECT DISTINCT {selected} WHERE {{ {where} }}", focus.variable, tuple(parts), root)
