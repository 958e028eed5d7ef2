"""Dumps: the graphs of a view in one file, sorted, so that the same graph gives the same bytes.

A dump is of a whole view, or of one graph with what follows from it; it holds what the view shows, and nothing else.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from pyoxigraph import QueryBoolean, QuerySolutions

from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.errors import UnusableInput
from hrdd_graph.namespaces import HOME, PREFIXES
from hrdd_graph.store import Scope, StoreError
from hrdd_graph.terms import Iri, Quad, RdfFormat, order_key, serialize
from hrdd_graph.view import View

FORMATS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
MEDIA_TYPES = {"nq": "application/n-quads", "trig": "application/trig", "jsonld": "application/ld+json"}
GZIP = "application/gzip"
ALL = "all"
_PATH = re.compile(rf"(?P<name>.+)\.(?P<form>{'|'.join(FORMATS)})(?P<packed>\.gz)?")


def write_dump(view: View, name: str, stream: BinaryIO, *, of: str = ALL, packed: bool = False) -> None:
    """Write the view's graphs, or those of one dump. Raises ``UnusableInput`` for a format that cannot name graphs."""
    if name not in FORMATS:
        raise UnusableInput.one("--format", f"{name} is no dump format.", fix=f"Choose {', '.join(FORMATS)}.")
    quads = _quads(view, graphs_in(view, of))
    if not packed:
        serialize(quads, stream, FORMATS[name], prefixes=dict(PREFIXES))
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as smaller:  # no name and no time: same bytes
        serialize(quads, cast(BinaryIO, smaller), FORMATS[name], prefixes=dict(PREFIXES))


def graphs_in(view: View, name: str) -> tuple[str, ...]:
    """The graphs of a dump: ``all`` that are public, or ``graph/nieri-2016``. Empty where the view has no such graph.

    A restricted graph that the caller may read has a dump of its own, and is never mixed with others.
    """
    if name == ALL:
        return replace(view, entries=tuple(entry for entry in view.entries if entry.public)).graphs
    entry = next((entry for entry in view.entries if entry.graph == HOME + name), None)
    return (entry.graph, entry.derived_graph) if entry else ()


def licences_in(view: View, name: str) -> tuple[str, ...]:
    """The licences of a dump, each once."""
    graphs = set(graphs_in(view, name))
    return tuple(sorted({entry.licence for entry in view.entries if entry.graph in graphs}))


def dump_names(name: str) -> Iterator[tuple[str, bool, str]]:
    """For each form of a dump its format, whether it is compressed, and its path."""
    for form in FORMATS:
        for packed in (False, True):
            yield form, packed, f"{name}.{form}{'.gz' if packed else ''}"


def read_name(path: str) -> tuple[str, str, bool] | None:
    """The dump, format and compression that a path of ``dump_names`` stands for."""
    found = _PATH.fullmatch(path)
    return (found["name"], found["form"], bool(found["packed"])) if found else None


def _quads(view: View, graphs: tuple[str, ...]) -> Iterator[Quad]:
    shown = {*view.graphs, CATALOG_GRAPH}
    for graph in graphs:
        assert graph in shown
        answer = view.store.query("CONSTRUCT WHERE { ?s ?p ?o }", Scope((graph,)))
        if isinstance(answer, QuerySolutions | QueryBoolean):
            raise StoreError("The store answered a CONSTRUCT query with a table.")
        name = Iri(graph)
        for triple in sorted(answer, key=lambda t: (order_key(t.subject), t.predicate.value, order_key(t.object))):
            yield Quad(triple.subject, triple.predicate, triple.object, name)
