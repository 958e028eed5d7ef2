"""What a query can see from focus nodes: every statement that it can look at for them, so that it may be asked over
these few statements instead of the whole graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf

from hrdd_graph.namespaces import RDF
from hrdd_graph.reach.climb import Values
from hrdd_graph.reach.names import Unbounded, constant, leads_to_hub, named, names_of, variable
from hrdd_graph.reach.scopes import THIS, Equal, Scope, Tie
from hrdd_graph.reach.steps import Nodes, Walker
from hrdd_graph.sparql.paths import Link, Pattern
from hrdd_graph.terms import Iri, Quad

_COST_OF_TIE, _COST_OF_CLASS, _COST_OF_HUB = 30, 1_000, 10_000


def neighbourhood(scope: Scope, focus: Nodes, walker: Walker) -> Iterator[Quad]:
    """Every statement that a query can look at for the given focus nodes, perhaps twice; none where these show already
    that there is nothing to find. Raises ``Unbounded``.
    """
    walker.forth(RDF.type, focus)
    return walker.seen() if _gather(scope, {THIS: focus}, walker) else iter(())


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
    first, last = variable(pattern.subject), variable(pattern.object)
    if first and not last and first not in values:
        return _COST_OF_CLASS + walker.few(RDF.type, kind) if (kind := _class(pattern)) else inf
    if first in values:
        return len(values[first]) if last else 0
    if not first and (not last or last not in values):
        return 1
    if last not in values:
        return inf
    return (_COST_OF_HUB if leads_to_hub(pattern) else 0) + 10 * len(values[last]) + 10


def _class(pattern: Pattern) -> Iri | None:
    """The class that a pattern asks for."""
    return constant(pattern.object) if isinstance(pattern.path, Link) and named(pattern.path) == RDF.type else None


def _match(pattern: Pattern, values: Values, walker: Walker) -> bool:
    first, last = variable(pattern.subject), variable(pattern.object)
    start = constant(pattern.subject)
    if first in values or (not first and start is not None):
        starts = values[first] if first else frozenset([start] if start is not None else [])
        ends = walker.image(pattern.path, starts)
        if last:
            values[last] = values[last] & ends if last in values else ends
            return bool(values[last])
        kind = constant(pattern.object)
        if kind is not None and isinstance(pattern.path, Link):
            found = walker.forth(named(pattern.path), starts)
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
        each.first in values or each.second in values if isinstance(each, Equal) else names_of(each) & set(values)
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
                yield {name: nodes for name, nodes in solved.items() if name in names_of(each) & each.outside}
