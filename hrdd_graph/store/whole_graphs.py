"""Whole graphs from a service that may cut its answers: read in parts, and counted against what it says it holds.

A service with a limit of rows gives the first so many, and often says nothing of it. Parts are chosen so that they do
not depend on an order, which SPARQL leaves open: by property, and within a large one by a hash of subject and object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from hrdd_graph.store.base import AnswerCut, QueryError, Scope, Store, StoreError, select
from hrdd_graph.terms import Iri, Literal, Term, Triple, sparql_text

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_EVERYTHING = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
_HASH = "SUBSTR(MD5(CONCAT(STR(?s), STR(?o))), 1, 4)"
_HASHES = 16**4
_FILLED = 0.8  # of the limit; hashes do not fall evenly, and a part that is full is split again


@dataclass(frozen=True)
class WholeGraph:
    """A graph's statements, and in how many answers they came: the names of blank nodes hold within one."""

    triples: frozenset[Triple]
    answers: int


class WholeGraphs:
    """Reads graphs of one service, and remembers how many rows it gives at most."""

    def __init__(self, service: Store) -> None:
        self._service = service
        self._most: int | None = None

    def read(self, graph: str) -> WholeGraph:
        """Every statement of a graph. Raises ``StoreError`` where they are not as many as the service counts."""
        scope = Scope((graph,), ())
        counted = self._number(*self._rows(_COUNT, scope))
        found: set[Triple] = set()
        answers = 0
        for triples in self._parts(scope, counted):
            found.update(triples)
            answers += 1
        if len(found) != counted:
            raise StoreError(
                f"{self._service.name} says that {graph} holds {counted} statements, and gave {len(found)}. Where the "
                "graph is being loaded, try again afterwards; else raise the service's limits of rows and of time."
            )
        return WholeGraph(frozenset(found), answers)

    def _parts(self, scope: Scope, counted: int) -> Iterator[list[Triple]]:
        if self._most is None or counted < self._most:
            try:
                everything = [self._triple(*row) for row in self._rows(_EVERYTHING, scope)]
            except AnswerCut as cut:
                self._most = cut.most
            else:
                if len(everything) >= counted:
                    yield everything
                    return
                self._most = len(everything)
        if not self._most:
            return
        for name, number in self._rows(_PROPERTIES, scope):
            if isinstance(name, Iri):
                yield from self._with_property(name, self._number((number,)), scope)

    def _with_property(self, name: Iri, number: int, scope: Scope) -> Iterator[list[Triple]]:
        assert self._most
        whole = self._of(name, "", scope) if number < self._most else None
        if whole is not None:
            yield whole
            return
        parts = min(ceil(number / (self._most * _FILLED)), _HASHES)
        for first, behind in pairwise(part * _HASHES // parts for part in range(parts + 1)):
            yield from self._hashed(name, first, behind, scope)

    def _hashed(self, name: Iri, first: int, behind: int, scope: Scope) -> Iterator[list[Triple]]:
        """The statements whose hash is ``first`` or above and below ``behind``."""
        triples = self._of(name, f'FILTER({_HASH} >= "{first:04x}" && {_HASH} <= "{behind - 1:04x}")', scope)
        if triples is not None:
            yield triples
        elif behind - first > 1:
            middle = (first + behind) // 2
            yield from self._hashed(name, first, middle, scope)
            yield from self._hashed(name, middle, behind, scope)

    def _of(self, name: Iri, condition: str, scope: Scope) -> list[Triple] | None:
        """The statements with a property that a condition holds for; ``None`` where they may have been cut."""
        text = f"SELECT ?s ?o WHERE {{ ?s {sparql_text(name)} ?o {condition} }}"
        try:
            rows = self._rows(text, scope)
        except AnswerCut:
            return None
        full = self._most is not None and len(rows) >= self._most
        return None if full else [self._triple(subject, name, value) for subject, value in rows]

    def _rows(self, text: str, scope: Scope) -> tuple[tuple[Term | None, ...], ...]:
        try:
            return select(self._service, text, scope).rows
        except QueryError as error:  # no caller's query, but one of ours
            raise StoreError(f"No graph can be read from this service. {error}") from error

    def _number(self, *rows: tuple[Term | None, ...]) -> int:
        terms = [term for row in rows for term in row if term is not None]
        if len(terms) != 1 or not terms[0].value.isdigit():
            raise StoreError(f"{self._service.name} was asked for a count and gave {[str(term) for term in terms]}.")
        return int(terms[0].value)

    def _triple(self, subject: Term | None, name: Term | None, value: Term | None) -> Triple:
        if subject is None or isinstance(subject, Literal) or not isinstance(name, Iri) or value is None:
            raise StoreError(f"{self._service.name} gave {subject} {name} {value}, which is no statement.")
        return Triple(subject, name, value)
