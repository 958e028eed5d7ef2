"""Results after a change, without checking everything again. They equal those of a full run.

Only shapes that can see what changed are checked again, and of their focus nodes only those within reach of it. Which
these are is read from the shape's own queries: the statements in them are walked backwards from what changed. Where
reach cannot be bounded, the whole shape is checked, and the report says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Store as Oxigraph

from hrdd_graph.namespaces import RDF, RDFS
from hrdd_graph.reach.asked import Asked, in_words
from hrdd_graph.reach.change import Change
from hrdd_graph.reach.climb import find_routes, focus_within_reach
from hrdd_graph.reach.gather import neighbourhood
from hrdd_graph.reach.names import Unbounded
from hrdd_graph.reach.scopes import Scope, scope_of
from hrdd_graph.reach.steps import Graph, Nodes, Walker
from hrdd_graph.shacl.checks import Check
from hrdd_graph.shacl.compile import Compiled
from hrdd_graph.shacl.hierarchy import SUBCLASSES, Hierarchy, hierarchy_of
from hrdd_graph.shacl.result import Result
from hrdd_graph.shacl.run import WHOLE, Data, StorePart, by_engine, results_of
from hrdd_graph.shacl.shapes import Shape
from hrdd_graph.sparql.subselects import sub_select
from hrdd_graph.store import Store, select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Term, order_key, sparql_text

_ANY_NODE = "<focus:any>"


@dataclass(frozen=True)
class Revalidated:
    """The results after a change, in the order of a run, and what was asked for them, of so many ``shapes``."""

    results: list[Result]
    asked: tuple[Asked, ...]
    shapes: int

    @property
    def sentence(self) -> str:
        """What was asked, in words."""
        return in_words(self.asked, self.shapes, "shapes")


def revalidate(
    data: Data | Store,
    compiled: Compiled,
    before: Iterable[Result],
    change: Change,
    *,
    hierarchy: Hierarchy | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> Revalidated:
    """Every result of the shapes over the data as they are now, from those ``before`` the change, as ``run`` gave them.

    The other arguments are those of ``run``.
    """
    source = data if isinstance(data, Data) else StorePart(data)
    below = hierarchy_of(source.select(SUBCLASSES).rows) if hierarchy is None else hierarchy
    reordered = hierarchy is None and any(triple.predicate == RDFS.subClassOf for triple in change.statements)
    near = _by_root(compiled.checks(below, among=_ANY_NODE))
    graph = Graph(source)
    asked: list[Asked] = []
    results = list(before)
    for shape in compiled.compiled:
        graph.begin()
        try:
            if reordered:
                raise Unbounded("the order of classes changed")
            walker = Walker(graph, change.removed)
            focus = _within_reach(shape, near[shape.node], change, walker, compiled.shapes.hierarchy | below)
            if not focus:
                continue
            found = [r for check in near[shape.node] for r in _asked_nearby(source, check, graph, focus)]
            _forget(results, shape, focus)
            asked.append(Asked(str(shape.node), len(focus)))
        except (Unbounded, ValueError) as error:
            checks = _by_root(compiled.checks(below))[shape.node]
            found = [r for check in checks for r in results_of(check, source.select(check.text))]
            results = [result for result in results if result.root != shape.node]
            asked.append(Asked(str(shape.node), whole=str(error)))
        for result in found:
            insort(results, result, key=lambda each: each.sort_key)
    if compiled.fall_back and change.statements:
        left = {fallback.shape.node for fallback in compiled.fall_back}
        results = [result for result in results if result.root not in left]
        results = sorted([*results, *by_engine(source, compiled, notice)], key=lambda result: result.sort_key)
        asked += (Asked(str(each.shape.node), whole=each.reason) for each in compiled.fall_back)
    return Revalidated(results, tuple(asked), len(compiled.compiled) + len(compiled.fall_back))


def prepare(compiled: Compiled, hierarchy: Hierarchy | None = None) -> None:
    """Read the queries beforehand, and find the ways through them: the first change takes no longer then."""
    for check in compiled.checks(hierarchy, among=_ANY_NODE):
        find_routes(_scope(check.text))


@lru_cache(maxsize=5_000)
def _scope(text: str) -> Scope:
    query = sub_select(text)
    if query is None:
        raise ValueError("it has a query that is not read here.")
    return scope_of(query.group)


def _by_root(checks: Iterable[Check]) -> dict[Term, list[Check]]:
    found: dict[Term, list[Check]] = defaultdict(list)
    for check in checks:
        found[check.root.node].append(check)
    return found


def _within_reach(shape: Shape, checks: Iterable[Check], change: Change, walker: Walker, hierarchy: Hierarchy) -> Nodes:
    """The focus nodes, as they were and as they are, whose results may be others now."""
    found = frozenset[Term]().union(
        *(focus_within_reach(_scope(check.text), change.statements, walker) for check in checks)
    )
    if not found or not all(target.kind == "targetClass" for target in shape.targets):
        return found
    classes = frozenset[Term]().union(*(hierarchy.down_from(target.value) for target in shape.targets))
    types = walker.forth(RDF.type, found)
    return frozenset(node for node in found if not classes.isdisjoint(types.get(node, ())))


def _asked_nearby(source: Data, check: Check, graph: Graph, focus: Nodes) -> list[Result]:
    """What a check finds about some nodes: over the statements that it can see from there, or else over all the data.

    The few statements matter where the store would begin elsewhere than with the focus nodes.
    """
    if not all(isinstance(node, Iri) for node in focus):
        raise Unbounded("a focus node has no name")
    text = check.text.replace(_ANY_NODE, " ".join(sorted(map(sparql_text, focus))))
    try:
        around = frozenset(neighbourhood(_scope(check.text), focus, Walker(graph)))
    except Unbounded:
        return results_of(check, source.select(text))
    part = Oxigraph()
    part.extend(around)
    return results_of(check, select(EmbeddedStore(part, "memory:"), text, WHOLE))


def _forget(results: list[Result], shape: Shape, focus: Nodes) -> None:
    """Take out what was said of focus nodes of a shape, from results in their order."""
    for node in focus:
        key = order_key(node)
        first = bisect_left(results, key, key=lambda result: order_key(result.focus))
        last = bisect_right(results, key, lo=first, key=lambda result: order_key(result.focus))
        results[first:last] = [result for result in results[first:last] if result.root != shape.node]
