"""A copy of what a service holds, for those whose own answers are not to be relied on: our engine asks the copy.

The copy holds every graph that the service's catalogues describe, in memory, and belongs to one state of these
catalogues. Each graph is counted against the service's own count, and checked by the digest that the catalogue gives.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph

from hrdd_graph.canonical import digest, has_blank_nodes, named_for_good
from hrdd_graph.catalog import CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH, GraphEntry, stored_catalog
from hrdd_graph.namespaces import HRDD
from hrdd_graph.store.base import Scope, StoreError, select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.store.remote import RemoteStore
from hrdd_graph.store.renewal import Renewal
from hrdd_graph.store.whole_graphs import WholeGraphs
from hrdd_graph.terms import Iri, Quad, sparql_text

_CATALOGUES = (CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH)
_SECONDS = 5.0  # between two words on how far it is

Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Catalogues:
    """What the service's catalogues said at one time."""

    quads: tuple[Quad, ...]
    entries: tuple[GraphEntry, ...]
    digests: Mapping[str, str]  # by graph, those of what follows too
    state: str


class CopiedStore(EmbeddedStore):
    """The graphs of a service as they were in one state, answered from by our own engine."""

    def __init__(self, service: RemoteStore, say: Progress = lambda _: None) -> None:
        """Take the copy. Raises ``StoreError`` where it would not be what the service holds."""
        super().__init__(pyoxigraph.Store(), service.name)
        self._service = service
        self._say = say
        begun = time.perf_counter()
        reader = WholeGraphs(service)
        before = _read_catalogues(service.name, reader)
        quads = [*before.quads, *_described(service.name, reader, before, say)]
        if _read_catalogues(service.name, reader).state != before.state:
            raise StoreError(f"The catalogue at {service.name} changed while its graphs were copied; try again.")
        public = (entry for entry in before.entries if entry.public)
        self.load(quads, [CATALOG_GRAPH, *(graph for e in public for graph in (e.graph, e.derived_graph))])
        self._state = before.state
        self._renewal = Renewal(self._newer)
        graphs = len(before.entries)
        say(f"copied {len(quads):,} statements, {graphs} graphs with what follows, {time.perf_counter() - begun:.1f} s")

    def current(self) -> EmbeddedStore:
        """The same copy; where the service's catalogues have changed since, a newer one as soon as it has been taken.

        Raises ``StoreError`` where the service is out of reach, or a newer copy cannot be taken.
        """
        state = _read_catalogues(self.name, WholeGraphs(self._service)).state
        if state == self._state:
            self._renewal = Renewal(self._newer)
            return self
        return self._renewal.made(state) or self

    def _newer(self) -> CopiedStore:
        return CopiedStore(self._service, self._say)

    def close(self) -> None:
        """Let go of the connections to the service."""
        self._service.close()


def _read_catalogues(name: str, reader: WholeGraphs) -> _Catalogues:
    quads = [
        Quad(t.subject, t.predicate, t.object, Iri(graph)) for graph in _CATALOGUES for t in reader.read(graph).triples
    ]
    if not quads:
        raise StoreError(
            f"{name} holds no graph {CATALOG_GRAPH}: load a whole dump, with the names of its graphs (`hrdd dump`)."
        )
    if has_blank_nodes(quads):
        raise StoreError(f"The catalogue at {name} has blank nodes, which are no names that last; load a dump of ours.")
    alone = EmbeddedStore.in_memory()
    alone.load(quads, ())
    rows = select(alone, f"SELECT ?of ?digest WHERE {{ ?of {sparql_text(HRDD.graphDigest)} ?digest }}", Scope()).rows
    entries = stored_catalog(alone, restricted=True)
    digests = {of.value: told.value for of, told in rows if of is not None and told is not None}
    digests |= {entry.graph: entry.digest for entry in entries}
    return _Catalogues(tuple(quads), tuple(entries), digests, digest(quads))


def _described(name: str, reader: WholeGraphs, catalogues: _Catalogues, say: Progress) -> Iterator[Quad]:
    """The statements of every graph that the catalogues describe, and of what follows from each."""
    number, told = 0, time.monotonic()
    for index, entry in enumerate(catalogues.entries):
        for graph in (entry.graph, entry.derived_graph):
            quads = _checked(name, reader, graph, catalogues.digests.get(graph, ""), graph == entry.graph)
            number += len(quads)
            yield from quads
        if time.monotonic() - told > _SECONDS:
            told = time.monotonic()
            say(f"{number:,} statements, {index + 1} of {len(catalogues.entries)} graphs")


def _checked(name: str, reader: WholeGraphs, graph: str, expected: str, may_be_blank: bool) -> list[Quad]:
    """The statements of one graph, as its digest has them where the catalogue gives one.

    The names of blank nodes hold within one answer, so that only a digest can tell whether those of several answers
    belong together; and a graph of what follows would speak of the same ones under other names.
    """
    whole = reader.read(graph)
    quads = [Quad(t.subject, t.predicate, t.object, Iri(graph)) for t in whole.triples]
    if has_blank_nodes(quads):
        if not may_be_blank or (whole.answers > 1 and not expected):
            raise StoreError(
                f"{graph} at {name} has blank nodes, which lose their names on the way. Give them addresses; or, where "
                "they stand in a graph with a digest, load that graph from a dump of ours."
            )
        quads = list(named_for_good(quads, Iri(graph)))
    if expected and digest(quads) != expected:
        raise StoreError(
            f"{graph} at {name} is not what its catalogue describes: as many statements as the service counts, and "
            "another digest. Load the graph and the catalogue from one dump; where it stays so, the service changes "
            "what it is given (numbers, dates or languages), and cannot be copied from."
        )
    return quads
