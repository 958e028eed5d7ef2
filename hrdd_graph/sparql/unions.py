"""Unions whose branches are tied to their surroundings by different variables, with these surroundings in each branch.

A store joins rows by the variables that each of them has. In ``?x :p ?y { ?x :q ?this } UNION { ?y :r ?this }`` there
is none, and it would compare every row with every other. A join of a union is the union of the joins, so that the
pattern may stand in each branch instead, where it has one.
"""

from __future__ import annotations

from hrdd_graph.sparql.groups import Element, Filter, Group, Nested, Opaque, Triples, Union, certain_of


def distributed(group: Group) -> Group:
    """The same group, and those in it, with the triple patterns that no variable ties to every branch of a union inside
    each branch.
    """
    return _distributed(Group(tuple(_within(element) for element in group.elements)))


def _within(element: Element) -> Element:
    if isinstance(element, Nested):
        return Nested(element.keyword, distributed(element.group))
    return Union(tuple(distributed(branch) for branch in element.groups)) if isinstance(element, Union) else element


def _distributed(group: Group) -> Group:
    for place, element in enumerate(group.elements):
        if isinstance(element, Union):
            places = _untied(group, place)
            if places and _may_move(group, place, places):
                moved = tuple(group.elements[at] for at in places)
                union = Union(tuple(Group((*moved, *branch.elements)) for branch in element.groups))
                kept = [(at, other) for at, other in enumerate(group.elements) if at not in places]
                return _distributed(Group(tuple(union if at == place else other for at, other in kept)))
    return group


def is_join(element: Element) -> bool:
    """Whether an element of a group is joined with the others, in any order."""
    return isinstance(element, Triples | Opaque | Union) or (isinstance(element, Nested) and element.keyword == "")


def _untied(group: Group, place: int) -> list[int]:
    """The triple patterns that have a variable of some branches, and no way over other joins to one of all branches."""
    union = group.elements[place]
    tied = set(certain_of((union,)))
    apart = {at: element for at, element in enumerate(group.elements) if at != place and is_join(element)}
    while near := [at for at, element in apart.items() if certain_of((element,)) & tied]:
        tied |= {name for at in near for name in certain_of((apart.pop(at),))}
    some = set(Group((union,)).visible)
    found: list[int] = []
    while near := [at for at, element in apart.items() if isinstance(element, Triples) and element.variables & some]:
        some |= {name for at in near for name in Group((apart.pop(at),)).visible}
        found += near
    return sorted(found)


def _may_move(group: Group, place: int, places: list[int]) -> bool:
    """Whether nothing stands between that is not a join or a filter, and whatever else is in the branches uses the
    variables of the patterns only where it had them before.
    """
    first, last = min(place, *places), max(place, *places)
    between = group.elements[first : last + 1]
    moved = Group(tuple(group.elements[at] for at in places))
    if any("_:" in str(element) for element in moved.elements):  # a blank node's label may stand in one group only
        return False
    union = group.elements[place]
    assert isinstance(union, Union)
    for branch in union.groups:
        joins = tuple(element for element in branch.elements if is_join(element))
        others = Group(tuple(element for element in branch.elements if not is_join(element)))
        if (others.mentioned & moved.visible) - certain_of(joins):
            return False
    return all(is_join(element) or isinstance(element, Filter) for element in between)
