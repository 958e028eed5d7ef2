"""What the graph has already, as far as an import needs it: what may be pointed to, and what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrdd_graph.build import BACKGROUND, needs_description, read_graph
from hrdd_graph.catalog import CATALOG_GRAPH, read_catalog, read_imports
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.choices import Lists
from hrdd_graph.intake.save import Saved, root_of
from hrdd_graph.namespaces import PREFIXES, RDF
from hrdd_graph.ontology import Vocabulary, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.terms import Iri, Quad, Triple


@dataclass(frozen=True)
class _Shipped:
    """What a folder of resources holds besides imports: statements by subject, graphs, and lists of choices."""

    about: Mapping[str, list[Triple]]
    graphs: frozenset[str]
    lists: Lists


@cache
def _shipped(root: Path, _fingerprint: str) -> _Shipped:
    resources = Resources(root)
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    entries = [e for e in read_catalog(resources) if e.path and resources.imports not in e.path.parents]
    quads = [quad for entry in entries for quad in read_graph(entry, vocabulary).quads]
    about: dict[str, list[Triple]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, Iri):
            about[quad.subject.value].append(quad.triple)
    return _Shipped(dict(about), frozenset(e.graph for e in entries), Lists(quads, vocabulary))


class Known:
    """The statements of all graphs but one by subject, and the classes of what this import has made so far."""

    def __init__(self, resources: Resources, vocabulary: Vocabulary, saved: Saved, graph: str) -> None:
        self._vocabulary = vocabulary
        shipped = _shipped(resources.root, Resources(resources.root).fingerprint)
        self._about: Mapping[str, list[Triple]] = shipped.about
        self._graphs = {CATALOG_GRAPH, graph} | shipped.graphs
        self.lists = shipped.lists
        self._made: dict[str, frozenset[Iri]] = {}
        if graph in shipped.graphs:
            what = f"{saved.folder.name} is the name of another graph."
            raise UnusableInput.one("--name", what, fix="Name the import otherwise.")
        for entry in read_imports(resources, []):
            if entry.graph not in self._graphs:
                self._graphs.add(entry.graph)
                self.add(read_graph(entry, vocabulary).quads)

    def add(self, quads: Iterable[Quad]) -> None:
        """Remember what records of this import are."""
        for quad in quads:
            if quad.predicate == RDF.type and isinstance(quad.object, Iri) and isinstance(quad.subject, Iri):
                name = quad.subject.value
                self._made[name] = self._made.get(name, frozenset()) | {quad.object}

    def points_nowhere(self, term: object, beside: frozenset[str]) -> bool:
        """Whether an address of ours is described neither in the graph, nor in this import, nor ``beside``."""
        return (
            isinstance(term, Iri)
            and needs_description(term, self._vocabulary)
            and term.value not in self._about
            and term.value not in self._made
            and term.value not in self._graphs
            and term.value not in beside
        )

    def around(self, quads: Iterable[Quad]) -> Iterator[Triple]:
        """What is known of the things that the statements point to."""
        todo = {q.object.value for q in quads if isinstance(q.object, Iri)}
        todo |= {root_of(Iri(name)) for name in todo if "#" in name and not name.startswith(PREFIXES["hrdd"])}
        reached: set[str] = set()
        while todo:
            name = todo.pop()
            reached.add(name)
            onward = {
                t.object.value
                for t in self._about.get(name, ())
                if t.predicate in BACKGROUND and isinstance(t.object, Iri)
            }
            todo |= onward - reached
        for name in reached:
            yield from self._about.get(name, ())
            yield from (Triple(Iri(name), RDF.type, kind) for kind in self._made.get(name, ()))
