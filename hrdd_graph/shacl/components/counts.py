"""How many value nodes: sh:minCount, sh:maxCount, and the same for those that conform to a shape (sh:qualified...)."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.namespaces import SH
from hrdd_graph.shacl.components import Component, single
from hrdd_graph.shacl.place import Nodes, Place, Violation
from hrdd_graph.shacl.shapes import IllFormed, Shape
from hrdd_graph.terms import Literal, Term


def _min_count(place: Place, least: Term) -> Iterator[Violation]:
    number, message = _number(place, least), f"Fewer than {least.value} values"
    if number == 1 and not place.shape.path.may_stay:  # type: ignore[union-attr]  # counts have a path
        pattern = f"{place.this} {place.shape.path} {place.value}" if place.is_step else f"{place.values}"
        missing = place.without(f"{place.focus}", pattern, step=place.is_step)
        condition = f"BOUND({place.value})" if place.is_step else ""
        yield Violation(missing, message=message, condition=condition, is_absence=place.is_step)
    elif number > 0:
        yield Violation(_fewer(place, place.values, number), message=message)


def _max_count(place: Place, most: Term) -> Violation:
    if _number(place, most) == 1 and place.is_step:  # two look-ups for each node are faster than counting all values
        another = place.fresh()
        two = f"{place.this} {place.shape.path} ?{another} . FILTER(!sameTerm({place.value}, ?{another}))"
        return Violation(place.where(two), message="More than 1 values")
    return Violation(_more(place, place.values, _number(place, most)), message=f"More than {most.value} values")


def _fewer(place: Place, counted: Nodes, number: int) -> str:
    """The focus nodes with fewer than so many of the counted nodes."""
    key, count = place.focus.key, place.fresh()
    counting = f"SELECT {key} (COUNT(DISTINCT {counted.var}) AS ?{count}) WHERE {{ {counted} }} GROUP BY {key}"
    return f"{place.focus} OPTIONAL {{ {{ {counting} }} }} FILTER(COALESCE(?{count}, 0) < {number})"


def _more(place: Place, counted: Nodes, number: int) -> str:
    """The focus nodes with more than so many of the counted nodes."""
    if number == 0:
        return f"{{ SELECT DISTINCT {place.focus.key} WHERE {{ {counted} }} }}"
    having = f"GROUP BY {place.focus.key} HAVING(COUNT(DISTINCT {counted.var}) > {number})"
    return f"{{ SELECT {place.focus.key} WHERE {{ {counted} }} {having} }}"


def _qualified_min(place: Place, least: Term) -> Iterator[Violation]:
    for counted in _qualified(place):
        yield Violation(
            _fewer(place, counted, _number(place, least)),
            message=f"Fewer than {least.value} values conform to the qualified shape",
        )


def _qualified_max(place: Place, most: Term) -> Iterator[Violation]:
    for counted in _qualified(place):
        yield Violation(
            _more(place, counted, _number(place, most)),
            message=f"More than {most.value} values conform to the qualified shape",
        )


def _qualified(place: Place) -> Iterator[Nodes]:
    """For each sh:qualifiedValueShape the value nodes that conform to it and to none of its siblings."""
    if place.shape.path is None:
        return  # SHACL has these parameters ignored in a node shape
    for node in place.shape.objects(SH.qualifiedValueShape):
        failing = place.fails(place.shape.shape(node), place.values)
        pattern = f"{place.values} MINUS {{ {failing} }}"
        for sibling in _siblings(place.shape, node):
            pattern += f" {place.fails(sibling, place.values)}"
        yield Nodes(pattern, place.values.variable)


def _siblings(shape: Shape, own: Term) -> list[Shape]:
    """The qualified shapes of the other property shapes of the same parents, where they are to be disjoint."""
    if not shape.says(SH.qualifiedValueShapesDisjoint):
        return []
    parents = [parent for parent, child in shape.facts.pairs(SH.property) if child == shape.node]
    properties = {child for parent in parents for child in shape.facts.objects(parent, SH.property)}
    shapes = {found for child in properties for found in shape.facts.objects(child, SH.qualifiedValueShape)}
    return [shape.shape(node) for node in sorted(shapes - {own}, key=str)]


def _number(place: Place, value: Term) -> int:
    if place.shape.path is None:
        raise IllFormed(f"{place.shape.node} counts values and has no sh:path.")
    if not isinstance(value, Literal) or not value.value.isdecimal():
        raise IllFormed(f"{place.shape.node}: {value} is not a count.")
    return int(value.value)


COMPONENTS = (
    Component("MinCount", "minCount", _min_count),
    Component("MaxCount", "maxCount", single(_max_count)),
    Component("QualifiedMinCount", "qualifiedMinCount", _qualified_min),
    Component("QualifiedMaxCount", "qualifiedMaxCount", _qualified_max),
)
