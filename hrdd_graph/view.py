"""A view: what a question may see. A set of named graphs, and the day that it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry, stored_catalog
from hrdd_graph.memory import Memory
from hrdd_graph.store import Answer, Rows, Scope, Store, ask, select
from hrdd_graph.terms import Term

EVERY_GRAPH = "*"  # among the restricted graphs that a caller may read: all of them


@dataclass(frozen=True)
class View:
    """Graphs times a day. Queries and rules see a view, never a store.

    ``as_of`` is the day for which the world is judged; ``known_on`` the day whose published knowledge is used
    (``None``: all of it). ``entries`` are the visible graphs. ``memory`` keeps what is looked up again and again.
    """

    store: Store
    entries: tuple[GraphEntry, ...]
    as_of: date
    known_on: date | None = None
    memory: Memory | None = field(default=None, compare=False, repr=False)

    @cached_property
    def graphs(self) -> tuple[str, ...]:
        """The addresses of the visible graphs, with what follows from each, and the catalogue."""
        return (*(g for e in self.entries for g in (e.graph, e.derived_graph)), CATALOG_GRAPH)

    @cached_property
    def licences(self) -> tuple[str, ...]:
        """The licences of the data in the view, each once."""
        return tuple(sorted({entry.licence for entry in self.entries if not entry.is_vocabulary}))

    @cached_property
    def data_graphs(self) -> Mapping[str, str]:
        """The data graphs with the first half of their digests."""
        data = (entry for entry in self.entries if not entry.is_vocabulary)
        return {entry.graph: entry.digest.removeprefix("sha256:")[:32] for entry in data}

    @cached_property
    def digest(self) -> str:
        """One digest for all the visible graphs, in any order of loading."""
        lines = "".join(sorted(f"{entry.graph} {entry.digest}\n" for entry in self.entries))
        return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()

    @cached_property
    def _scope(self) -> Scope:
        return Scope(self.graphs)

    @cached_property
    def _plain(self) -> Scope:
        return Scope(self.graphs, ())

    def select(self, text: str) -> Rows:
        """Answer a SELECT query over the view."""
        return select(self.store, text, self._scope)

    def rows(self, text: str, *, names_graphs: bool = True) -> tuple[tuple[Term | None, ...], ...]:
        """The rows of a SELECT query, under the query's own variables."""
        return select(self.store, text, self._scope if names_graphs else self._plain).rows

    def ask(self, text: str) -> bool:
        """Answer an ASK query over the view."""
        return ask(self.store, text, self._scope)

    def query(self, text: str, *, names_graphs: bool = True) -> Answer:
        """Answer a query of any form. Without ``names_graphs``, GRAPH in it reaches none, which is faster."""
        return self.store.query(text, self._scope if names_graphs else self._plain)


def open_view(
    store: Store,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    restricted: Iterable[str] = (),
) -> View:
    """The public graphs of a store that were known on a day, and those restricted ones that the caller may read.

    ``restricted`` holds addresses of graphs, or ``EVERY_GRAPH``.
    """
    allowed = frozenset(restricted)
    entries = tuple(
        entry
        for entry in stored_catalog(store, restricted=bool(allowed))
        if (entry.public or entry.graph in allowed or EVERY_GRAPH in allowed)
        and (known_on is None or entry.issued is None or entry.issued <= known_on)
    )
    return View(store, entries, as_of or date.today(), known_on)
