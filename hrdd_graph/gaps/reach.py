"""What a change can reach in a rule, and what a rule can see from a node: both by walking the rule's own patterns.

``focus_within_reach`` walks from changed statements to the focus nodes whose findings may be others than before.
``neighbourhood`` walks the other way, from focus nodes to every statement that the rule can look at for them, so that
the rule may be asked over these few statements instead of the whole graph.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import TypeAlias

from hrdd_graph.gaps.scopes import THIS, Equal, Scope, Tie
from hrdd_graph.gaps.steps import Nodes, Unbounded, Walker
from hrdd_graph.namespaces import HRDD, RDF, SKOS, expand
from hrdd_graph.rules import Rule
from hrdd_graph.sparql.paths import Alternative, Inverse, Link, Path, Pattern, Repeat, Sequence
from hrdd_graph.terms import Iri, Quad, Term, Triple

Values: TypeAlias = dict[str, Nodes]
# What many records point to: from there one comes to half the graph, so only where there is no other way.
_HUBS = frozenset(
    [
        *(HRDD.concernsTopic, HRDD.coversTopic, HRDD.infringes, HRDD.engages, HRDD.commitsTo, HRDD.statedIn),
        *(HRDD.isBasedIn, HRDD.locatedIn, HRDD.hasJurisdiction, SKOS.broader),
    ]
)
_COST_OF_TIE, _COST_OF_CLASS, _COST_OF_HUB = 30, 1_000, 10_000
_COSTS = {"forth": 1, "back": 3, "tie": 2}  # what leaves a node is little, what leads to one may be much


def classes_of(rule: Rule) -> frozenset[Term]:
    """The classes that a rule looks at. Raises ``Unbounded`` for another kind of target."""
    if any(target.kind != "targetClass" for target in rule.targets):
        raise Unbounded("its target is no class")
    return frozenset(target.value for target in rule.targets)


def touches(rule: Rule, scope: Scope, change: Iterable[Triple]) -> list[Triple]:
    """Those statements of a change that a rule can see at all."""
    targets = classes_of(rule)
    return [t for t in change if (t.predicate == RDF.type and t.object in targets) or _patterns_over(scope, t)]


def focus_within_reach(rule: Rule, scope: Scope, change: Iterable[Triple], walker: Walker) -> Nodes:
    """The focus nodes for which a change may matter. Raises ``Unbounded`` where they cannot be told."""
    kinds = classes_of(rule)
    found: set[Term] = set()
    for triple in touches(rule, scope, change):
        if triple.predicate == RDF.type and triple.object in kinds and not isinstance(triple.subject, Triple):
            found.add(triple.subject)
        for line, pattern in _patterns_over(scope, triple):
            for first, last in walker.through(pattern.path, triple):
                if values := _bound(pattern, first, last):
                    try:
                        found |= _climbed(line, values, walker)
                    except Unbounded:
                        found |= _climbed(line, values, walker, hubs=True)
    types = walker.forth(RDF.type, frozenset(found))
    return frozenset(node for node in found if kinds & set(types.get(node, ())))


def find_routes(scope: Scope) -> None:
    """Find beforehand the routes that lead from each pattern to the focus."""
    for scope_of_pattern, *above in scope.every():
        for pattern in scope_of_pattern.patterns:
            known = frozenset(name for name in (_variable(pattern.subject), _variable(pattern.object)) if name)
            for each in (scope_of_pattern, *above):
                ways = _ways_out(each, known, False)
                if THIS in ways:
                    break
                known = frozenset(ways)


def neighbourhood(rule: Rule, scope: Scope, focus: Nodes, walker: Walker) -> Iterator[Quad]:
    """Every statement that a rule can look at for the given focus nodes, perhaps twice; none where these show already
    that there is nothing to find. Raises ``Unbounded``.
    """
    classes_of(rule)
    walker.forth(RDF.type, focus)
    return walker.seen() if _gather(scope, {THIS: focus}, walker) else iter(())


_Place: TypeAlias = tuple[tuple[Scope, ...], Pattern]


def _patterns_over(scope: Scope, triple: Triple) -> list[_Place]:
    """The patterns of a scope, and of those in it, that may pass over a statement, each with the scopes around it."""
    places = _by_property(scope)
    found = places.get((triple.predicate, None), [])
    return [*found, *places.get((triple.predicate, triple.object), [])] if isinstance(triple.object, Iri) else found


@lru_cache(maxsize=1_000)
def _by_property(scope: Scope) -> dict[tuple[Iri, Iri | None], list[_Place]]:
    """Patterns by the properties in them; one that asks for a class by the class too."""
    found: dict[tuple[Iri, Iri | None], list[_Place]] = defaultdict(list)
    for line in scope.every():
        for pattern in line[0].patterns:
            props = {_property(link) for link in _links(pattern.path)}
            kind = _constant(pattern.object) if isinstance(pattern.path, Link) and props == {RDF.type} else None
            for prop in props:
                found[prop, kind].append((line, pattern))
    return dict(found)


# -- up: from a changed statement to the focus -----------------------------------------------------------------------


def _bound(pattern: Pattern, first: Nodes, last: Nodes) -> Values:
    """The values of a pattern's variables where it passes over a statement; none where its constants do not fit."""
    values: Values = {}
    for end, nodes in ((pattern.subject, first), (pattern.object, last)):
        if name := _variable(end):
            values[name] = values[name] & nodes if name in values else nodes
        elif (term := _constant(end)) is not None and term not in nodes:
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
        name, constant = _variable(pattern.subject), _constant(pattern.object)
        if name in left and constant is not None and isinstance(pattern.path, Link):
            found = walker.forth(_property(pattern.path), left[name])
            left[name] = frozenset(node for node, objects in found.items() if constant in objects)
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
    inside = {name: nodes for name, nodes in values.items() if name in _names(each) & each.outside}
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
    for pattern in scope.patterns:
        ends = _variable(pattern.subject), _variable(pattern.object)
        if ends[0] == name and ends[1]:
            yield _Hop(scope, name, ends[1], pattern), _COSTS["forth"]
        if ends[1] == name and ends[0] and (hubs or not _leads_to_hub(pattern)):
            yield _Hop(scope, name, ends[0], pattern), _COSTS["back"]
    for tie in scope.ties:
        for goal in sorted(_tied(tie) - {name}):
            routes = tuple(_through(each, scope, name, goal, hubs=hubs) for each in tie)
            if all(route is not None for route in routes):
                yield _Hop(scope, name, goal, routes=tuple(r for r in routes if r is not None)), _COSTS["tie"]


def _through(each: Scope | Equal, scope: Scope, name: str, goal: str, *, hubs: bool) -> tuple[_Hop, ...] | None:
    if isinstance(each, Equal):
        return (_Hop(scope, name, goal),) if {each.first, each.second} == {name, goal} else None
    return _route(each, frozenset([name]), goal, hubs) if {name, goal} <= _names(each) else None


def _followed(route: tuple[_Hop, ...], values: Mapping[str, Nodes], walker: Walker) -> Nodes:
    nodes = values[route[0].source]
    for hop in route:
        nodes = _possible(hop.scope, {hop.source: nodes}, walker).get(hop.source, frozenset())
        if hop.pattern is not None:
            forth = _variable(hop.pattern.subject) == hop.source
            nodes = (walker.image if forth else walker.origin)(hop.pattern.path, nodes)
        elif hop.routes:
            nodes = frozenset(n for way in hop.routes for n in _followed(way, {hop.source: nodes}, walker))
    return nodes


# -- down: from the focus to what a rule can see ---------------------------------------------------------------------


def _gather(scope: Scope, known: Values, walker: Walker) -> Values | None:
    """Pass over everything that can match in a scope, given what some variables can be; gives what the others can be,
    and nothing where the scope has no solution.
    """
    values = _solved(scope.patterns, scope.ties, known, walker)
    if values is not None:
        for inner in scope.inner:
            _gather(inner, {name: values[name] for name in inner.outside if name in values}, walker)
    return values


def _solved(patterns: Iterable[Pattern], ties: Iterable[Tie], known: Values, walker: Walker) -> Values | None:
    """What the variables of patterns and ties can be, given what some can be; nothing where there is no solution.

    The cheapest comes first. Where what is left can only be had by way of a hub after alternatives that speak of
    different variables, each alternative is followed by a way of its own.
    """
    values = dict(known)
    patterns, ties = list(patterns), list(ties)
    while patterns or ties:
        cost, place = _cheapest(patterns, values, walker)
        opened = next((tie for tie in ties if _opens(tie, values)), None) if cost >= _COST_OF_TIE else None
        if opened is not None:
            ties.remove(opened)
            told = list(_told(opened, values, walker))
            if not told:
                return None
            values = _both(values, _either(told))
            if patterns and len(told) > 1 and _cheapest(patterns, values, walker)[0] >= _COST_OF_HUB:
                solved = (_solved(patterns, ties, _both(values, each), walker) for each in told)
                found = [each for each in solved if each is not None]
                return _either(found) if found else None
        elif cost < inf:
            if not _match(patterns.pop(place), values, walker):
                return None
        elif patterns:
            raise Unbounded("a part of its query is not tied to the focus")
        else:
            break
    return values


def _cheapest(patterns: list[Pattern], values: Values, walker: Walker) -> tuple[float, int]:
    """The cost and the place of the pattern to follow next; infinite where none is tied to what is known."""
    return min(((_cost(pattern, values, walker), place) for place, pattern in enumerate(patterns)), default=(inf, 0))


def _both(values: Values, more: Values) -> Values:
    """What variables can be by two accounts."""
    return values | {name: values[name] & nodes if name in values else nodes for name, nodes in more.items()}


def _either(told: list[Values]) -> Values:
    """What variables can be by one of several accounts, where all speak of them."""
    names = frozenset.intersection(*(frozenset(each) for each in told))
    return {name: frozenset(node for each in told for node in each[name]) for name in names}


def _cost(pattern: Pattern, values: Values, walker: Walker) -> float:
    first, last = _variable(pattern.subject), _variable(pattern.object)
    if first and not last and first not in values:
        return _COST_OF_CLASS + walker.few(RDF.type, kind) if (kind := _class(pattern)) else inf
    if first in values:
        return len(values[first]) if last else 0
    if not first and (not last or last not in values):
        return 1
    if last not in values:
        return inf
    return (_COST_OF_HUB if _leads_to_hub(pattern) else 0) + 10 * len(values[last]) + 10


def _class(pattern: Pattern) -> Iri | None:
    """The class that a pattern asks for."""
    return _constant(pattern.object) if isinstance(pattern.path, Link) and _property(pattern.path) == RDF.type else None


def _match(pattern: Pattern, values: Values, walker: Walker) -> bool:
    first, last = _variable(pattern.subject), _variable(pattern.object)
    constant = _constant(pattern.subject)
    if first in values or (not first and constant is not None):
        starts = values[first] if first else frozenset([constant] if constant is not None else [])
        ends = walker.image(pattern.path, starts)
        if last:
            values[last] = values[last] & ends if last in values else ends
            return bool(values[last])
        kind = _constant(pattern.object)
        if kind is not None and isinstance(pattern.path, Link):
            found = walker.forth(_property(pattern.path), starts)
            left = frozenset(node for node, objects in found.items() if kind in objects)
            if first:
                values[first] = left
            return bool(left)
        return bool(ends)
    kind = _class(pattern)
    ends = values.get(last, frozenset()) if last else frozenset([kind] if kind is not None else [])
    if last in values or kind is not None:
        values[first] = walker.origin(pattern.path, ends)
        return bool(values[first])
    raise Unbounded("a part of its query is not tied to the focus")


def _opens(tie: Tie, values: Values) -> bool:
    return all(
        each.first in values or each.second in values if isinstance(each, Equal) else _names(each) & set(values)
        for each in tie
    )


def _told(tie: Tie, values: Values, walker: Walker) -> Iterator[Values]:
    """What further variables can be by each alternative that has a solution."""
    for each in tie:
        if isinstance(each, Equal):
            known = values.get(each.first, values.get(each.second, frozenset()))
            yield {each.first: known, each.second: known}
        else:
            inside = {name: values[name] for name in each.outside if name in values}
            if (solved := _solved(each.patterns, each.ties, inside, walker)) is not None:
                yield {name: nodes for name, nodes in solved.items() if name in _names(each) & each.outside}


# -- names and constants ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=50_000)
def _names(scope: Scope) -> frozenset[str]:
    """Variables that every solution of a scope binds by patterns of its own."""
    ends = (end for pattern in scope.patterns for end in (pattern.subject, pattern.object))
    return frozenset(name for end in ends if (name := _variable(end))) | frozenset(
        name for tie in scope.ties for name in _tied(tie)
    )


@lru_cache(maxsize=50_000)
def _tied(tie: Tie) -> frozenset[str]:
    """Variables that every alternative binds, or compares with one that is bound."""
    names = [frozenset([e.first, e.second]) if isinstance(e, Equal) else _names(e) & e.outside for e in tie]
    return frozenset.intersection(*names)


@lru_cache(maxsize=10_000)
def _leads_to_hub(pattern: Pattern) -> bool:
    return any(_property(link) in _HUBS for link in _links(pattern.path))


def _variable(end: str) -> str:
    return end[1:] if end[0] in "?$" else ""


@lru_cache(maxsize=10_000)
def _constant(end: str) -> Iri | None:
    """The address that a constant stands for; nothing for a literal, which may be written in several ways."""
    if end[0] in "?$\"'" or end[0].isdigit() or end in ("true", "false"):
        return None
    return Iri(end[1:-1]) if end[0] == "<" else Iri(expand(end))


@lru_cache(maxsize=10_000)
def _property(link: Link) -> Iri:
    if link.name[0] in "?$":
        raise Unbounded("a property is not named")
    return RDF.type if link.name == "a" else Iri(link.name[1:-1] if link.name[0] == "<" else expand(link.name))


def _links(path: Path) -> Iterable[Link]:
    if isinstance(path, Link):
        yield path
    elif isinstance(path, Inverse | Repeat):
        yield from _links(path.path)
    elif isinstance(path, Sequence):
        yield from _links(path.first)
        yield from _links(path.rest)
    elif isinstance(path, Alternative):
        for each in path.paths:
            yield from _links(each)
