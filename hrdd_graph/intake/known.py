"""What the graph has already, as far as an import needs it: what may be pointed to, and what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrdd_graph.build import BACKGROUND, needs_description, read_graph
from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry, read_catalog, read_imports
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.choices import Lists
from hrdd_graph.intake.save import Description, Saved, addresses_beside, root_of
from hrdd_graph.matching.directory import Directory, Entry
from hrdd_graph.matching.names import LegalForms
from hrdd_graph.matching.score import Profile
from hrdd_graph.namespaces import HRDD, PREFIXES, RDF, compact
from hrdd_graph.ontology import Vocabulary, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.terms import Iri, Literal, Quad, Triple
from hrdd_graph.view import EVERY_GRAPH

_NAMED = frozenset([HRDD.NamedParty])


@dataclass(frozen=True)
class _Shipped:
    """What a folder of resources holds besides imports: statements by subject, graphs, and lists of choices."""

    about: Mapping[str, list[Triple]]
    graphs: frozenset[str]
    lists: Lists


@cache
def _shipped(root: Path, _fingerprint: str, readable: frozenset[str]) -> _Shipped:
    resources = Resources(root)
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    entries = [
        entry
        for entry in read_catalog(resources)
        if entry.path and resources.imports not in entry.path.parents and _is_visible(entry, readable)
    ]
    quads = [quad for entry in entries for quad in read_graph(entry, vocabulary).quads]
    about: dict[str, list[Triple]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, Iri):
            about[quad.subject.value].append(quad.triple)
    return _Shipped(dict(about), frozenset(e.graph for e in entries), Lists(quads, vocabulary))


def _is_visible(entry: GraphEntry, readable: frozenset[str]) -> bool:
    return entry.public or entry.graph in readable or EVERY_GRAPH in readable


def _kinds(quads: Iterable[Quad]) -> Mapping[str, frozenset[Iri]]:
    found: dict[str, set[Iri]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == RDF.type and isinstance(quad.object, Iri) and isinstance(quad.subject, Iri):
            found[quad.subject.value].add(quad.object)
    return {name: frozenset(kinds) for name, kinds in found.items()}


class Known:
    """The statements of all graphs but one by subject, and the classes of what imports have.

    A public import knows nothing of restricted ones, since who reads it could not follow it there. Of restricted graphs
    only those in ``readable`` are known: whoever may not read one must not learn what is in it.
    """

    def __init__(
        self,
        resources: Resources,
        vocabulary: Vocabulary,
        saved: Saved,
        about: Description,
        readable: frozenset[str] = frozenset([EVERY_GRAPH]),
    ) -> None:
        graph = about.graph
        self._vocabulary = vocabulary
        shipped = _shipped(resources.root, Resources(resources.root).fingerprint, readable)
        self._about: Mapping[str, list[Triple]] = shipped.about
        self._graphs = {CATALOG_GRAPH, graph} | shipped.graphs
        self.lists = shipped.lists
        self._made: dict[str, frozenset[Iri]] = {}
        self._named: dict[str, list[Triple]] = {}
        self._addresses: dict[str, str] = {}
        if graph in shipped.graphs:
            what = f"{saved.folder.name} is the name of another graph."
            raise UnusableInput.one("--name", what, fix="Name the import otherwise.")
        for entry in read_imports(resources, []):
            visible = _is_visible(entry, readable) and (entry.public or not about.public)
            if entry.graph not in self._graphs and visible:
                self._graphs.add(entry.graph)
                quads = list(read_graph(entry, vocabulary).quads)
                self.remember(_kinds(quads))
                self._remember_parties(quads)
                self._addresses |= addresses_beside(entry.path)

    def _remember_parties(self, quads: Iterable[Quad]) -> None:
        named = {q.subject for q in quads if q.predicate == RDF.type and q.object in _NAMED}
        for quad in quads:
            if quad.subject in named and isinstance(quad.subject, Iri):
                self._named.setdefault(quad.subject.value, []).append(quad.triple)

    def remember(self, kinds: Mapping[str, frozenset[Iri]]) -> None:
        """Remember what records of this import are, by their addresses."""
        self._made.update(kinds)

    def describes(self, iri: str) -> bool:
        """Whether a graph that is shipped describes the thing."""
        return iri in self._about

    def is_record(self, iri: str) -> bool:
        """Whether an address is that of a record of another graph: a claim, which belongs to one source."""
        prefix, stated = PREFIXES["hrdd"], {t.object for t in self._about.get(iri, ()) if t.predicate == RDF.type}
        kinds = stated | self._made.get(iri, frozenset())
        names = [k.value.removeprefix(prefix) for k in kinds if isinstance(k, Iri) and k.value.startswith(prefix)]
        return self._vocabulary.is_a(names, "Record")

    def parties(self, forms: LegalForms) -> Directory:
        """Everybody in the graph whom others may mean: parties that are named, states apart."""
        named = {**self._named}
        for iri, triples in self._about.items():
            if _NAMED & {t.object for t in triples if t.predicate == RDF.type}:
                named[iri] = triples
        entries = (self._entry(iri, triples, forms) for iri, triples in sorted(named.items()))
        return Directory((entry for entry in entries if entry), forms)

    def _entry(self, iri: str, triples: Iterable[Triple], forms: LegalForms) -> Entry | None:
        about: dict[str, list[str]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.object, Iri | Literal):
                about[compact(triple.predicate.value)].append(triple.object.value)
        kinds = tuple(kind.removeprefix(PREFIXES["hrdd"]) for kind in about["rdf:type"])
        names = [*about["rdfs:label"], *about["skos:altLabel"]]
        if not names or any(self._vocabulary.is_a(kinds, left_out) for left_out in ("UnnamedParty", "StateBody")):
            return None
        countries = [c.removeprefix(PREFIXES["country"]).lower() for c in about["hrdd:isBasedIn"]]
        pairs = (text.partition(":") for text in about["hrdd:identifier"])
        features = Profile(
            tuple(forms.name(name) for name in dict.fromkeys(names)),
            next(iter(countries), ""),
            self._addresses.get(iri, ""),
            frozenset((scheme, value) for scheme, _, value in pairs if value),
        )
        return Entry(iri, names[0], kinds, features)

    def has(self, term: Iri) -> bool:
        """Whether the graph or this import describes an address, as far as it is one that something has to describe."""
        name = term.value
        return (
            name in self._about
            or name in self._made
            or name in self._graphs
            or not needs_description(term, self._vocabulary)
        )

    def around(self, names: Iterable[str]) -> Iterator[Triple]:
        """What is known of the things with these addresses, to which statements point."""
        todo = set(names)
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
