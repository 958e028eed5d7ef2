"""Descriptions: everything that a view states about a node, with its nested nodes, and what points to it.

A node's nested nodes (``.../abuse/x#hasInvolvement-1``) belong to its document. Each statement knows the graphs that
it stands in, so that an answer can name its sources' licences and tell what was stated from what follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hrdd_graph.catalog import GraphEntry
from hrdd_graph.labels import Labels, TermDocument, term_document
from hrdd_graph.namespaces import PREFIXES, RDF, RDFS, compact
from hrdd_graph.naming import names_for
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.speech import best
from hrdd_graph.terms import Iri, Term, Triple, parts, sparql_text, triple_key
from hrdd_graph.view import View

_DEPTH = 6  # how far nested nodes may lie below their document
_FIRST = ("dcterms:description", "skos:definition", "hrdd:note")


@dataclass(frozen=True)
class Statement:
    """A statement and the graphs that hold it."""

    triple: Triple
    graphs: frozenset[str]

    @property
    def subject(self) -> str:
        """The address of its subject, or the name of the blank node that it is."""
        return parts(self.triple)[0].value

    @property
    def derived(self) -> bool:
        """Whether it follows from what was stated, and was not itself stated."""
        return all(graph.endswith("/derived") for graph in self.graphs)


@dataclass(frozen=True)
class Description:
    """What is stated about a node (``about``, by subject) and what points to it (``incoming``)."""

    iri: str
    about: dict[str, list[Statement]]
    incoming: list[Statement]
    truncated: bool

    def __bool__(self) -> bool:
        return bool(self.about or self.incoming)

    def triples(self) -> list[Triple]:
        """All its statements, each once, in a stable order."""
        found = {s.triple: None for statements in self.about.values() for s in statements}
        found |= {s.triple: None for s in self.incoming}
        return sorted(found, key=triple_key)

    def terms(self) -> set[Term]:
        """Every term in it, to be named."""
        found: set[Term] = {Iri(self.iri)}
        for triple in self.triples():
            found.update(parts(triple))
        return found

    def entries(self, view: View) -> list[GraphEntry]:
        """The graphs that it rests on."""
        graphs = {g.removesuffix("/derived") for ss in self.about.values() for s in ss for g in s.graphs}
        return [entry for entry in view.entries if entry.graph in graphs]


def describe(view: View, iri: str, limit: int) -> Description:
    """Everything about a node in a view, with at most ``limit`` statements that point to it."""
    about: dict[str, list[Statement]] = {}
    todo = {iri}
    pointing = _incoming(view, iri, limit + 1)
    nested = f"{iri}#"
    todo |= {s.subject for s in pointing if s.subject.startswith(nested)}
    for _ in range(_DEPTH):
        found = _outgoing(view, todo)
        about |= found
        targets = {s.triple.object for statements in found.values() for s in statements}
        todo = {t.value for t in targets if isinstance(t, Iri) and t.value.startswith(nested)} - about.keys()
        if not todo:
            break
    incoming = [s for s in pointing[:limit] if s.subject not in about]
    return Description(iri, about, incoming, len(pointing) > limit)


def _outgoing(view: View, nodes: Iterable[str]) -> dict[str, list[Statement]]:
    names = " ".join(sparql_text(Iri(node)) for node in sorted(nodes))
    rows = view.select(f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}")
    graphs: dict[Triple, set[str]] = defaultdict(set)
    for s, p, o, g in rows.rows:
        if isinstance(s, Iri) and isinstance(p, Iri) and o is not None and g is not None:
            graphs[Triple(s, p, o)].add(g.value)
    found: dict[str, list[Statement]] = defaultdict(list)
    for triple in sorted(graphs, key=triple_key):
        found[parts(triple)[0].value].append(Statement(triple, frozenset(graphs[triple])))
    return dict(found)


def _incoming(view: View, iri: str, limit: int) -> list[Statement]:
    node = Iri(iri)
    rows = view.select(
        f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p {sparql_text(node)} FILTER(isIRI(?s)) }} "
        f"ORDER BY ?p ?s LIMIT {int(limit)}"
    )
    return [
        Statement(Triple(s, p, node), frozenset()) for s, p in rows.rows if isinstance(s, Iri) and isinstance(p, Iri)
    ]


def labels_of(view: View, description: Description, language: str) -> Labels:
    """The names of everything in a description."""
    return names_for(view, description.terms(), language)


def node_document(description: Description, view: View, say: Labels, vocabulary: Vocabulary) -> dict[str, Any]:
    """A description as plain data: label, types, properties with labels, nested nodes in their places, references."""
    writer = _Writer(description, say, vocabulary)
    document = writer.node(description.iri)
    others = sorted(set(description.about) - writer.written)
    references: dict[str, list[TermDocument]] = defaultdict(list)
    for statement in description.incoming:
        subject, prop, _ = parts(statement.triple)
        references[prop.value].append(term_document(subject, say))
    return document | {
        "parts": [writer.node(other) for other in others],
        "referencedBy": [
            {"property": term_document(Iri(prop), say), "subjects": subjects}
            for prop, subjects in sorted(references.items(), key=lambda item: say(Iri(item[0])).casefold())
        ],
        "referencedByTruncated": description.truncated,
        "graphs": [{"graph": e.graph, "title": e.title, "licence": e.licence} for e in description.entries(view)],
        "asOf": view.as_of.isoformat(),
        "graphDigest": view.digest,
    }


class _Writer:
    """Writes each nested node once, in the first place that points to it."""

    def __init__(self, description: Description, say: Labels, vocabulary: Vocabulary) -> None:
        self.description = description
        self.say = say
        self.vocabulary = vocabulary
        self.written: set[str] = set()

    def node(self, iri: str) -> dict[str, Any]:
        self.written.add(iri)
        statements = self.description.about.get(iri, [])
        types = [s.triple.object for s in statements if s.triple.predicate == RDF.type]
        properties: dict[Iri, list[Statement]] = defaultdict(list)
        for statement in statements:
            if statement.triple.predicate not in (RDF.type, RDFS.label) and not self._said_better(
                statement, statements
            ):
                properties[statement.triple.predicate].append(statement)
        return {
            "iri": iri,
            "id": compact(iri),
            "label": self.say(Iri(iri)),
            "types": [term_document(kind, self.say) for kind in self._closest(types)],
            "properties": [
                {
                    "property": term_document(prop, self.say),
                    "values": [self._value(statement) for statement in properties[prop]],
                }
                for prop in sorted(properties, key=self._place)
            ],
        }

    def _place(self, prop: Iri) -> tuple[int, str]:
        short = compact(prop.value)
        return (_FIRST.index(short) if short in _FIRST else len(_FIRST), self.say(prop).casefold())

    def _value(self, statement: Statement) -> dict[str, Any]:
        _, _, term = parts(statement.triple)
        document: dict[str, Any] = {**term_document(term, self.say)}
        if statement.derived:
            document["derived"] = True
        inside = isinstance(term, Iri) and term.value in self.description.about and term.value != self.description.iri
        if inside and term.value not in self.written:
            document["node"] = self.node(term.value)
        return document

    def _closest(self, types: Iterable[Any]) -> list[Term]:
        """The types without those that stand above another of them."""
        names = {kind.value.removeprefix(PREFIXES["hrdd"]) for kind in types}
        above = {a for name in names for a in self.vocabulary.ancestors(name) if a != name}
        return [kind for kind in types if kind.value.removeprefix(PREFIXES["hrdd"]) not in above]

    def _said_better(self, statement: Statement, others: list[Statement]) -> bool:
        """Whether a property below this one already says the same of the same value."""
        name = statement.triple.predicate.value.removeprefix(PREFIXES["hrdd"])
        return statement.derived and any(
            other.triple.object == statement.triple.object
            and name
            in self.vocabulary.super_properties.get(other.triple.predicate.value.removeprefix(PREFIXES["hrdd"]), ())
            for other in others
        )


def pick_languages(values: list[dict[str, Any]], language: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Values in the reader's language (else English, else any), and those in other languages."""
    tagged = [value for value in values if value.get("language")]
    if len(tagged) < 2:
        return values, []
    first = best({value["language"] for value in tagged}, language)
    shown = [value for value in values if value.get("language") in (None, first)]
    return shown, [value for value in tagged if value["language"] != first]
