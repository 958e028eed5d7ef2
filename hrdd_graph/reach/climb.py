"""What a change can reach in a query: walking the query's own patterns from changed statements to the focus nodes whose
answers may be others than before.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from hrdd_graph.namespaces import RDF
from hrdd_graph.reach.names import (
    Unbounded,
    constant,
    is_named,
    leads_to_hub,
    links_of,
    named,
    names_of,
    property_of,
    tied,
    variable,
)
from hrdd_graph.reach.scopes import THIS, Equal, Scope
from hrdd_graph.reach.steps import Nodes, Walker
from hrdd_graph.sparql.paths import Link, Pattern
from hrdd_graph.terms import Iri, Term, Triple

Values: TypeAlias = dict[str, Nodes]
_COSTS = {"forth": 1, "back": 3, "tie": 2}  # what leaves a node is little, what leads to one may be much


def touches(scope: Scope, triple: Triple) -> bool:
    """Whether a query can see a statement at all."""
    return bool(_patterns_over(scope, triple))


def focus_within_reach(scope: Scope, change: Iterable[Triple], walker: Walker) -> Nodes:
    """The nodes whose answers a change may make others, if they are focus nodes. Raises ``Unbounded`` where they cannot
    be told.
    """
    found: set[Term] = set()
    for triple in change:
        for line, pattern in _patterns_over(scope, triple):
            for first, last in walker.through(pattern.path, triple):
                if values := _bound(pattern, first, last):
                    try:
                        found |= _climbed(line, values, walker)
                    except Unbounded:
                        found |= _climbed(line, values, walker, hubs=True)
    return frozenset(found)


def find_routes(scope: Scope) -> None:
    """Find beforehand the routes that lead from each pattern to the focus."""
    for scope_of_pattern, *above in scope.every():
        for pattern in scope_of_pattern.patterns:
            known = frozenset(name for name in (variable(pattern.subject), variable(pattern.object)) if name)
            for each in (scope_of_pattern, *above):
                ways = _ways_out(each, known, False)
                if THIS in ways:
                    break
                known = frozenset(ways)


_Place: TypeAlias = tuple[tuple[Scope, ...], Pattern]


def _patterns_over(scope: Scope, triple: Triple) -> list[_Place]:
    """The patterns of a scope, and of those in it, that may pass over a statement, each with the scopes around it."""
    places = _by_property(scope)
    found = [*places.get((triple.predicate, None), []), *places.get((None, None), [])]
    return [*found, *places.get((triple.predicate, triple.object), [])] if isinstance(triple.object, Iri) else found


@lru_cache(maxsize=5_000)
def _by_property(scope: Scope) -> dict[tuple[Iri | None, Iri | None], list[_Place]]:
    """Patterns by the properties in them, ``None`` for any; one that asks for a class by the class too."""
    found: dict[tuple[Iri | None, Iri | None], list[_Place]] = defaultdict(list)
    for line in scope.every():
        for pattern in line[0].patterns:
            props = {property_of(link) for link in links_of(pattern.path)}
            kind = constant(pattern.object) if isinstance(pattern.path, Link) and props == {RDF.type} else None
            for prop in props:
                found[prop, kind].append((line, pattern))
    return dict(found)


def _bound(pattern: Pattern, first: Nodes, last: Nodes) -> Values:
    """The values of a pattern's variables where it passes over a statement; none where its constants do not fit."""
    values: Values = {}
    for end, nodes in ((pattern.subject, first), (pattern.object, last)):
        if name := variable(end):
            values[name] = values[name] & nodes if name in values else nodes
        elif (term := constant(end)) is not None and term not in nodes:
            return {}
    if not values:
        raise Unbounded("a pattern without variables is touched")
    return values if all(values.values()) else {}


def _possible(scope: Scope, values: Values, walker: Walker) -> Values:
    """The values less those that a constant of the scope rules out, such as a node of another class; none where a
    variable is left without any.
    """
    left = dict(values)
    for pattern in scope.patterns:
        name, wanted = variable(pattern.subject), constant(pattern.object)
        if name in left and wanted is not None and isinstance(pattern.path, Link) and is_named(pattern):
            found = walker.forth(named(pattern.path), left[name])
            left[name] = frozenset(node for node, objects in found.items() if wanted in objects)
    return left if all(left.values()) else {}


def _climbed(
    line: tuple[Scope, ...], values: Values, walker: Walker, used: frozenset[int] = frozenset(), *, hubs: bool = False
) -> Nodes:
    """The focus nodes of the rows in which the variables of the innermost scope have one of these values; by way of
    ``hubs`` too, or not.
    """
    scope, above = line[0], line[1:]
    values = _possible(scope, values, walker)
    if not values:
        return frozenset()
    ways = _ways_out(scope, frozenset(values), hubs)
    if THIS in ways:
        return _followed(ways[THIS], values, walker)
    shared = {name: _followed(route, values, walker) for name, route in ways.items()}
    if above and shared:
        try:
            return _climbed(above, shared, walker, used, hubs=hubs)
        except Unbounded:
            pass  # perhaps by way of the alternatives
    for tie in scope.ties:
        if id(tie) not in used:
            try:
                inside = [_by_way_of(each, line, values, walker, used | {id(tie)}, hubs=hubs) for each in tie]
            except Unbounded:
                continue
            return frozenset(node for nodes in inside for node in nodes)
    raise Unbounded("no pattern ties what changed to the focus")


@lru_cache(maxsize=50_000)
def _ways_out(scope: Scope, known: frozenset[str], hubs: bool, /) -> Mapping[str, tuple[_Hop, ...]]:
    """The route to the focus, or else those to each variable that the scope around has too."""
    if (route := _route(scope, known, THIS, hubs)) is not None:
        return {THIS: route}
    routes = ((name, _route(scope, known, name, hubs)) for name in sorted(scope.outside))
    return {name: route for name, route in routes if route is not None}


def _by_way_of(
    each: Scope | Equal, line: tuple[Scope, ...], values: Values, walker: Walker, used: frozenset[int], *, hubs: bool
) -> Nodes:
    """The focus nodes of those rows for which one alternative holds."""
    if isinstance(each, Equal):
        known = values.get(each.first, values.get(each.second))
        if known is None:
            raise Unbounded("an alternative is not tied to what changed")
        return _climbed(line, values | {each.first: known, each.second: known}, walker, used, hubs=hubs)
    inside = {name: nodes for name, nodes in values.items() if name in names_of(each) & each.outside}
    if not inside:
        raise Unbounded("an alternative is not tied to what changed")
    return _climbed((each, *line), inside, walker, used, hubs=hubs)


@dataclass(frozen=True)
class _Hop:
    """From one variable of a scope to another, along a pattern, or over alternatives, each with a route of its own."""

    scope: Scope
    source: str
    goal: str
    pattern: Pattern | None = None
    routes: tuple[tuple[_Hop, ...], ...] = ()


@lru_cache(maxsize=50_000)
def _route(scope: Scope, known: frozenset[str], goal: str, hubs: bool, /) -> tuple[_Hop, ...] | None:
    """The cheapest way from variables with known values to another variable, by patterns that match in any case."""
    queue: list[tuple[int, int, str, tuple[_Hop, ...]]] = [(0, n, name, ()) for n, name in enumerate(sorted(known))]
    done: set[str] = set()
    number = len(queue)
    while queue:
        cost, _, name, way = heapq.heappop(queue)
        if name == goal:
            return way or (_Hop(scope, name, name),)
        if name in done:
            continue
        done.add(name)
        for hop, price in _hops(scope, name, hubs=hubs):
            if hop.goal not in done:
                number += 1
                heapq.heappush(queue, (cost + price, number, hop.goal, (*way, hop)))
    return None


def _hops(scope: Scope, name: str, *, hubs: bool) -> Iterable[tuple[_Hop, int]]:
    for pattern in filter(is_named, scope.patterns):
        ends = variable(pattern.subject), variable(pattern.object)
        if ends[0] == name and ends[1]:
            yield _Hop(scope, name, ends[1], pattern), _COSTS["forth"]
        if ends[1] == name and ends[0] and (hubs or not leads_to_hub(pattern)):
            yield _Hop(scope, name, ends[0], pattern), _COSTS["back"]
    for tie in scope.ties:
        for goal in sorted(tied(tie) - {name}):
            routes = tuple(_through(each, scope, name, goal, hubs=hubs) for each in tie)
            if all(route is not None for route in routes):
                yield _Hop(scope, name, goal, routes=tuple(r for r in routes if r is not None)), _COSTS["tie"]


def _through(each: Scope | Equal, scope: Scope, name: str, goal: str, *, hubs: bool) -> tuple[_Hop, ...] | None:
    if isinstance(each, Equal):
        return (_Hop(scope, name, goal),) if {each.first, each.second} == {name, goal} else None
    return _route(each, frozenset([name]), goal, hubs) if {name, goal} <= names_of(each) else None


def _followed(route: tuple[_Hop, ...], values: Mapping[str, Nodes], walker: Walker) -> Nodes:
    nodes = values[route[0].source]
    for hop in route:
        nodes = _possible(hop.scope, {hop.source: nodes}, walker).get(hop.source, frozenset())
        if hop.pattern is not None:
            forth = variable(hop.pattern.subject) == hop.source
            nodes = (walker.image if forth else walker.origin)(hop.pattern.path, nodes)
        elif hop.routes:
            nodes = frozenset(n for way in hop.routes for n in _followed(way, {hop.source: nodes}, walker))
    return nodes
