"""A view: what a question may see. A set of named graphs, and the day that it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry, stored_catalog
from hrdd_graph.store import Answer, Rows, Scope, Store, ask, select

EVERY_GRAPH = "*"  # among the restricted graphs that a caller may read: all of them


@dataclass(frozen=True)
class View:
    """Graphs times a day. Queries and rules see a view, never a store.

    ``as_of`` is the day for which the world is judged; ``known_on`` the day whose published knowledge is used
    (``None``: all of it). ``entries`` are the visible graphs.
    """

    store: Store
    entries: tuple[GraphEntry, ...]
    as_of: date
    known_on: date | None = None

    @cached_property
    def graphs(self) -> tuple[str, ...]:
        """The addresses of the visible graphs, with what follows from each, and the catalogue."""
        return (*(g for e in self.entries for g in (e.graph, e.derived_graph)), CATALOG_GRAPH)

    @cached_property
    def digest(self) -> str:
        """One digest for all the visible graphs, in any order of loading."""
        lines = "".join(sorted(f"{entry.graph} {entry.digest}\n" for entry in self.entries))
        return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()

    def select(self, text: str) -> Rows:
        """Answer a SELECT query over the view."""
        return select(self.store, text, Scope(self.graphs))

    def ask(self, text: str) -> bool:
        """Answer an ASK query over the view."""
        return ask(self.store, text, Scope(self.graphs))

    def query(self, text: str) -> Answer:
        """Answer a query of any form over the view."""
        return self.store.query(text, Scope(self.graphs))


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
