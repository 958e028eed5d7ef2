"""How a property path leads from one node to another in a view: the statements that make it up, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdd_graph.namespaces import RDF, expand, sparql_prologue
from hrdd_graph.sparql.paths import Alternative, Inverse, Link, Path, Repeat, Sequence, path_text
from hrdd_graph.terms import BlankNode, Iri, Term, Triple, order_key, sparql_text
from hrdd_graph.view import View

_MOST = 50  # tiers that a chain is followed over


@dataclass(frozen=True)
class Walker:
    """Follows paths in a view; ``prefixes`` are PREFIX lines for the names in them."""

    view: View
    prefixes: str = ""

    def steps(self, start: Term, path: Path, end: Term) -> tuple[Triple, ...]:
        """The statements of one shortest way from start to end; none where there is no way, or it has no length."""
        return self._way(start, path, end) or ()

    def _way(self, start: Term, path: Path, end: Term) -> tuple[Triple, ...] | None:
        if isinstance(start, BlankNode) or isinstance(end, BlankNode):
            return None
        if isinstance(path, Link):
            return self._link(start, path, end)
        if isinstance(path, Inverse):
            return self._way(end, path.path, start)
        if isinstance(path, Alternative):
            return next((way for each in path.paths if (way := self._way(start, each, end)) is not None), None)
        if isinstance(path, Sequence):
            for middle in self._between(start, path, end):
                first, rest = self._way(start, path.first, middle), self._way(middle, path.rest, end)
                if first is not None and rest is not None:
                    return first + rest
            return None
        return self._repeat(start, path, end)

    def _link(self, start: Term, path: Link, end: Term) -> tuple[Triple, ...] | None:
        predicate = property_of(path.name)
        if predicate is None or not isinstance(start, Iri):
            return None
        found = self._ask(f"{sparql_text(start)} {sparql_text(predicate)} {sparql_text(end)}")
        return (Triple(start, predicate, end),) if found else None

    def _between(self, start: Term, path: Sequence, end: Term) -> list[Term]:
        pattern = (
            f"{sparql_text(start)} {path_text(path.first)} ?middle . ?middle {path_text(path.rest)} {sparql_text(end)}"
        )
        rows = self.view.select(f"{self._prologue}SELECT DISTINCT ?middle WHERE {{ {pattern} }}").rows
        return sorted((row[0] for row in rows if row[0] is not None), key=order_key)

    def _repeat(self, start: Term, path: Repeat, end: Term) -> tuple[Triple, ...] | None:
        """Level by level from the start, so that the way found is a shortest one."""
        if path.mark in ("*", "?") and start == end:
            return ()
        came_from: dict[Term, Term] = {}
        frontier: list[Term] = [start]
        for _ in range(1 if path.mark == "?" else _MOST):
            found = self._next(frontier, path.path)
            frontier = []
            for before, after in found:
                if after not in came_from and (after != start or after == end):
                    came_from[after] = before
                    frontier.append(after)
            if end in came_from:
                return self._back(start, path.path, end, came_from)
            if not frontier:
                return None
        return None

    def _back(self, start: Term, path: Path, end: Term, came_from: dict[Term, Term]) -> tuple[Triple, ...]:
        way: tuple[Triple, ...] = ()
        node = end
        while True:
            before = came_from[node]
            way = (self._way(before, path, node) or ()) + way
            node = before
            if node == start:
                return way

    def _next(self, nodes: Iterable[Term], path: Path) -> list[tuple[Term, Term]]:
        values = " ".join(sparql_text(node) for node in nodes if not isinstance(node, BlankNode))
        rows = self.view.select(
            f"{self._prologue}SELECT DISTINCT ?before ?after WHERE {{ "
            f"VALUES ?before {{ {values} }} ?before {path_text(path)} ?after }}"
        ).rows
        found = [(before, after) for before, after in rows if before is not None and after is not None]
        return sorted(found, key=lambda pair: (order_key(pair[0]), order_key(pair[1])))

    def _ask(self, pattern: str) -> bool:
        return self.view.ask(f"ASK {{ {pattern} }}")

    @property
    def _prologue(self) -> str:
        return self.prefixes or sparql_prologue()


def property_of(name: str) -> Iri | None:
    """The property that a name in a query stands for; nothing for a variable."""
    if name == "a":
        return RDF.type
    if name.startswith("<"):
        return Iri(name[1:-1])
    return Iri(expand(name)) if ":" in name else None
