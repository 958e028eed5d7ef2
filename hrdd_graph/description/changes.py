"""Which data graphs are new or have changed since a day: what a program that keeps a copy must fetch again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.evidence.dates import bounds
from hrdd_graph.namespaces import DCTERMS, HRDD
from hrdd_graph.store import Scope, select
from hrdd_graph.terms import Literal, sparql_text
from hrdd_graph.view import View


@dataclass(frozen=True)
class Change:
    """A data graph, its title and licence, when its content became public, when it was last mended, and its digest."""

    graph: str
    title: str
    licence: str
    issued: date | None
    modified: date | None
    digest: str

    @property
    def day(self) -> date | None:
        """The day of the last change that the catalogue knows of."""
        return max((day for day in (self.issued, self.modified) if day), default=None)


def changes(view: View, since: date | None = None) -> list[Change]:
    """The data graphs of a view that changed on or after a day, the latest first; all without a day.

    A graph of which no day is known is always among them: it may have changed.
    """
    rows = select(
        view.store,
        f"SELECT ?graph ?day WHERE {{ ?set {sparql_text(HRDD.describesGraph)} ?graph ; "
        f"{sparql_text(DCTERMS.modified)} ?day }}",
        Scope((CATALOG_GRAPH,)),
    ).rows
    modified = {
        graph.value: bounds(day.value).last for graph, day in rows if graph is not None and isinstance(day, Literal)
    }
    found = [
        Change(entry.graph, entry.title, entry.licence, entry.issued, modified.get(entry.graph), entry.digest)
        for entry in view.entries
        if not entry.is_vocabulary
    ]
    kept = [change for change in found if since is None or change.day is None or change.day >= since]
    return sorted(kept, key=lambda change: (change.day or date.max, change.graph), reverse=True)
