"""What every store can do: answer SPARQL over a chosen set of named graphs. Nothing else is asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyoxigraph import QueryBoolean, QuerySolutions

from hrdd_graph.terms import Term, Triple

Answer: TypeAlias = QuerySolutions | QueryBoolean | Iterable[Triple]


class StoreError(Exception):
    """The store could not answer: it is missing, broken, busy, or out of reach."""


class AnswerCut(StoreError):
    """A service gave the first rows of an answer only, ``most`` of them, and said so."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(f"{name} cuts its answers at {most} rows. Raise its limit, or name it copy:{name}.")
        self.most = most


class QueryError(Exception):
    """The store refused the query: its text is not SPARQL, or asks for what is not allowed."""


@dataclass(frozen=True)
class Scope:
    """The named graphs that a query may see; their union is its default graph. ``None`` stands for all of them.

    ``named`` are those that GRAPH reaches, where they are others than those of the default graph.
    """

    graphs: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Rows:
    """A table of solutions: the variables' names, and one tuple of terms (``None`` where unbound) for each solution."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def dicts(self) -> list[dict[str, Term]]:
        """Each solution as a mapping of the variables that are bound in it."""
        return [
            {name: term for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]


class Store(Protocol):
    """A SPARQL 1.1 query service over named graphs."""

    @property
    def name(self) -> str:
        """How the user named the store."""
        ...

    def query(self, text: str, scope: Scope) -> Answer:
        """Answer any SPARQL query form. Raises ``QueryError`` or ``StoreError``."""
        ...


def select(store: Store, text: str, scope: Scope) -> Rows:
    """Answer a SELECT query. Raises ``QueryError`` when it is of another form."""
    return select_from(store.query(text, scope), store.name)


def select_from(answer: Answer, name: str) -> Rows:
    """The table in the answer of a store with this name. Raises ``QueryError`` where it is of another form."""
    if not isinstance(answer, QuerySolutions):
        raise QueryError("A SELECT query was expected here.")
    names = tuple(variable.value for variable in answer.variables)
    try:
        return Rows(names, tuple(tuple(solution) for solution in answer))
    except SyntaxError as error:  # what a service sent is read as it goes
        broken = str(error)
    del answer  # an error may be let go of by another thread, which may not let go of a table
    raise StoreError(f"{name} answered with a broken table: {broken}")


def ask(store: Store, text: str, scope: Scope) -> bool:
    """Answer an ASK query. Raises ``QueryError`` when it is of another form."""
    answer = store.query(text, scope)
    if not isinstance(answer, QueryBoolean):
        raise QueryError("An ASK query was expected here.")
    return bool(answer)
