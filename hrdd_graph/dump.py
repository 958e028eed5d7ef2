"""Dumps: all the graphs of a view in one file, sorted, so that the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pyoxigraph import QueryBoolean, QuerySolutions

from hrdd_graph.errors import UnusableInput
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.store import Scope, StoreError
from hrdd_graph.terms import Iri, Quad, RdfFormat, order_key, serialize
from hrdd_graph.view import View

FORMATS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}


def write_dump(view: View, name: str, stream: BinaryIO) -> None:
    """Write the view's graphs. Raises ``UnusableInput`` for a format that cannot name graphs."""
    if name not in FORMATS:
        raise UnusableInput.one("--format", f"{name} is no dump format.", fix=f"Choose {', '.join(FORMATS)}.")
    serialize(_quads(view), stream, FORMATS[name], prefixes=dict(PREFIXES))


def _quads(view: View) -> Iterator[Quad]:
    for graph in view.graphs:
        answer = view.store.query("CONSTRUCT WHERE { ?s ?p ?o }", Scope((graph,)))
        if isinstance(answer, QuerySolutions | QueryBoolean):
            raise StoreError("The store answered a CONSTRUCT query with a table.")
        name = Iri(graph)
        for triple in sorted(answer, key=lambda t: (order_key(t.subject), t.predicate.value, order_key(t.object))):
            yield Quad(triple.subject, triple.predicate, triple.object, name)
