"""Callers' queries within limits: in worker processes over an embedded store, within its own over a remote one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from hrdd_graph.store.base import Answer, Scope, Store
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.store.limits import Limits
from hrdd_graph.store.worker import Count, kind_of, pieces_of
from hrdd_graph.store.workers import QueryWorkers


class Answering(Protocol):
    """A query that is being answered: its kind (rows, graph or boolean), then the answer in pieces.

    ``rows`` and ``truncated`` are known when all the pieces have been read.
    """

    kind: str
    variables: tuple[str, ...]
    rows: int
    truncated: bool

    def pieces(self, form: str, rows: int | None = None) -> Iterator[bytes]:
        """The answer as json, xml, csv or tsv, or as a format for graphs; no more than ``rows`` of it."""
        ...


class LimitedQueries(Protocol):
    """Answers callers' queries; each within limits that hold."""

    def answer(self, text: str, scope: Scope, *, wait: float = 10.0) -> AbstractContextManager[Answering]:
        """Begin a query. Raises ``Busy``, ``LimitReached``, ``QueryError`` or ``StoreError``."""
        ...

    def prepare(self) -> None:
        """Have ready from now on whatever takes time to start. Returns at once."""
        ...

    def close(self) -> None:
        """Let go of whatever runs."""
        ...


def limited(store: Store, *, size: int, limits: Limits) -> LimitedQueries:
    """The way to answer callers' queries over a store."""
    if isinstance(store, EmbeddedStore):
        return QueryWorkers(store, size=size, limits=limits)
    return _Direct(store, limits)


class _Direct:
    """Over a store that has limits of its own: a remote one, which answers within its time or not at all."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits

    @contextmanager
    def answer(self, text: str, scope: Scope, *, wait: float = 10.0) -> Iterator[Answering]:
        """Ask the store, and cut what it answers at the limit."""
        del wait
        yield _Answer(self._store.query(text, scope), self._limits.rows)

    def prepare(self) -> None:
        """Nothing is to be started here."""

    def close(self) -> None:
        """Nothing runs here."""


class _Answer:
    def __init__(self, answer: Answer, limit: int) -> None:
        self._answer = answer
        self._limit = limit
        facts = kind_of(answer)
        self.kind = str(facts["kind"])
        self.variables: tuple[str, ...] = tuple(facts.get("variables", ()))
        self.rows = 0
        self.truncated = False

    def pieces(self, form: str, rows: int | None = None) -> Iterator[bytes]:
        count = Count()
        yield from pieces_of(self._answer, form, min(rows or self._limit, self._limit), count)
        self.rows, self.truncated = count.rows, count.truncated
