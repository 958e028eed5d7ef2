"""Steps in the graph: from sets of nodes over properties and paths to sets of nodes, each looked up once.

The statements that steps pass over are kept, so that a walk leaves behind the part of the graph that it has seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from math import inf
from typing import Protocol

from hrdd_graph.reach.names import Unbounded, named, property_of
from hrdd_graph.sparql.paths import Alternative, Inverse, Link, Path, Repeat, Sequence
from hrdd_graph.store import Rows
from hrdd_graph.terms import BlankNode, Iri, Literal, Quad, Term, Triple, sparql_text

Nodes = frozenset[Term]
Ends = list[tuple[Nodes, Nodes]]

_FEW = 50  # the members of a class that are all looked at rather than found from what is near by


class Selects(Protocol):
    """A view, or whatever answers a SELECT as one does."""

    def select(self, text: str) -> Rows: ...


class Graph:
    """The statements of a view, looked up as they are needed: all that leave a node, and those of a property that
    lead to one. No more than ``limit`` nodes are looked up.
    """

    def __init__(self, view: Selects, limit: int = 20_000) -> None:
        self._view = view
        self._most = self._limit = limit
        self._out: dict[Term, dict[Iri, list[Term]]] = {}
        self._in: dict[tuple[Iri, Term], list[Term]] = {}
        self._few: dict[tuple[Iri, Term], float] = {}

    def begin(self) -> None:
        """Count the nodes that are looked up anew; what was read is kept."""
        self._limit = self._most

    def out(self, prop: Iri, nodes: Iterable[Term]) -> dict[Term, list[Term]]:
        """The objects of a property for each node, none for literals. The other statements about them are read too."""
        wanted = [node for node in nodes if not isinstance(node, Literal)]
        new = [node for node in wanted if node not in self._out]
        if new:
            rows = self._rows(new, "SELECT ?a ?p ?b WHERE {{ VALUES ?a {{ {} }} ?a ?p ?b }}")
            for node in new:
                self._out[node] = {}
            for a, p, b in rows:
                if isinstance(p, Iri) and b is not None and a is not None:
                    self._out[a].setdefault(p, []).append(b)
        return {node: self._out[node].get(prop, []) for node in wanted}

    def into(self, prop: Iri, nodes: Iterable[Term]) -> dict[Term, list[Term]]:
        """The subjects that lead to each node by a property."""
        wanted = list(nodes)
        new = [node for node in wanted if (prop, node) not in self._in]
        if new:
            rows = self._rows(new, f"SELECT ?a ?b WHERE {{{{ VALUES ?a {{{{ {{}} }}}} ?b {prop} ?a }}}}")
            for node in new:
                self._in[prop, node] = []
            for a, b in rows:
                if (prop, a) not in self._in:
                    raise Unbounded("the store spells a literal otherwise")
                if a is not None and b is not None:
                    self._in[prop, a].append(b)
        return {node: self._in[prop, node] for node in wanted}

    def few(self, prop: Iri, node: Term) -> float:
        """How many subjects lead to a node by a property; infinite where there are more than a few."""
        if (prop, node) not in self._few:
            query = f"SELECT ?a WHERE {{ ?a {prop} {sparql_text(node)} }} LIMIT {_FEW + 1}"
            number = len(self._view.select(query).rows)
            self._few[prop, node] = number if number <= _FEW else inf
        return self._few[prop, node]

    def _rows(self, nodes: Collection[Term], query: str) -> Iterable[tuple[Term | None, ...]]:
        if any(isinstance(node, BlankNode) for node in nodes):
            raise Unbounded("a node without a name is in the way")
        self._limit -= len(nodes)
        if self._limit < 0:
            raise Unbounded("too many nodes are within reach")
        return self._view.select(query.format(" ".join(sparql_text(node) for node in nodes))).rows


class Walker:
    """Walks over a graph and, beside it, over statements that are no longer in it."""

    def __init__(self, graph: Graph, beside: Iterable[Triple] = ()) -> None:
        self._graph = graph
        self._beside_out: dict[tuple[Iri, Term], list[Term]] = defaultdict(list)
        self._beside_in: dict[tuple[Iri, Term], list[Term]] = defaultdict(list)
        for triple in beside:
            if not isinstance(triple.object, Triple) and not isinstance(triple.subject, Triple):
                self._beside_out[triple.predicate, triple.subject].append(triple.object)
                self._beside_in[triple.predicate, triple.object].append(triple.subject)
        self._forth: dict[Iri, set[Term]] = defaultdict(set)
        self._origins: dict[Iri, set[Term]] = defaultdict(set)

    def seen(self) -> Iterator[Quad]:
        """The statements of the graph that were passed over, in no graph; one may come twice."""
        for prop, nodes in self._forth.items():
            for a, ends in self._graph.out(prop, nodes).items():
                for b in ends:
                    yield Quad(a, prop, b)  # type: ignore[arg-type]  # no literal starts a statement
        for prop, nodes in self._origins.items():
            for b, starts in self._graph.into(prop, nodes).items():
                for a in starts:
                    yield Quad(a, prop, b)  # type: ignore[arg-type]  # no literal starts a statement

    def few(self, prop: Iri, node: Term) -> float:
        """How many subjects lead to a node by a property; infinite where there are more than a few."""
        return self._graph.few(prop, node) + len(self._beside_in.get((prop, node), ()))

    def image(self, path: Path, nodes: Nodes) -> Nodes:
        """Where a path leads from any of the nodes."""
        if not nodes:
            return nodes
        if isinstance(path, Link):
            return frozenset(chain.from_iterable(self.forth(named(path), nodes).values()))
        if isinstance(path, Inverse):
            return self.origin(path.path, nodes)
        if isinstance(path, Sequence):
            return self.image(path.rest, self.image(path.first, nodes))
        if isinstance(path, Alternative):
            return frozenset(chain.from_iterable(self.image(each, nodes) for each in path.paths))
        return self._repeated(path, nodes, back=False)

    def origin(self, path: Path, nodes: Nodes) -> Nodes:
        """From where a path leads to any of the nodes."""
        if not nodes:
            return nodes
        if isinstance(path, Link):
            return frozenset(chain.from_iterable(self._back(named(path), nodes).values()))
        if isinstance(path, Inverse):
            return self.image(path.path, nodes)
        if isinstance(path, Sequence):
            return self.origin(path.first, self.origin(path.rest, nodes))
        if isinstance(path, Alternative):
            return frozenset(chain.from_iterable(self.origin(each, nodes) for each in path.paths))
        return self._repeated(path, nodes, back=True)

    def through(self, path: Path, triple: Triple) -> Ends:
        """The ends between which a path may pass over a statement."""
        if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
            return []
        if isinstance(path, Link):
            if property_of(path) not in (None, triple.predicate):
                return []
            return [(frozenset([triple.subject]), frozenset([triple.object]))]
        if isinstance(path, Inverse):
            return [(last, first) for first, last in self.through(path.path, triple)]
        if isinstance(path, Sequence):
            begun = [(first, self.image(path.rest, last)) for first, last in self.through(path.first, triple)]
            return begun + [(self.origin(path.first, first), last) for first, last in self.through(path.rest, triple)]
        if isinstance(path, Alternative):
            return [ends for each in path.paths for ends in self.through(each, triple)]
        ends = self.through(path.path, triple)
        if path.mark == "?":
            return ends
        more = Repeat(path.path, "*")
        return [(self.origin(more, first), self.image(more, last)) for first, last in ends]

    def forth(self, prop: Iri, nodes: Nodes) -> dict[Term, list[Term]]:
        """The objects of a property for each node."""
        found = self._graph.out(prop, nodes)
        self._forth[prop].update(found)
        return _with(found, self._beside_out, prop) if self._beside_out else found

    def _back(self, prop: Iri, nodes: Nodes) -> dict[Term, list[Term]]:
        found = self._graph.into(prop, nodes)
        self._origins[prop].update(found)
        return _with(found, self._beside_in, prop) if self._beside_in else found

    def _repeated(self, path: Repeat, nodes: Nodes, *, back: bool) -> Nodes:
        step = self.origin if back else self.image
        if path.mark == "?":
            return nodes | step(path.path, nodes)
        found = nodes if path.mark == "*" else frozenset[Term]()
        edge = nodes
        while edge:
            edge = step(path.path, edge) - found
            found |= edge
        return found


def _with(
    found: dict[Term, list[Term]], beside: dict[tuple[Iri, Term], list[Term]], prop: Iri
) -> dict[Term, list[Term]]:
    return {node: [*ends, *beside.get((prop, node), ())] for node, ends in found.items()}
