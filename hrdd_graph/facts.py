"""A small graph in memory, read by subject and predicate: for ontologies, shapes and the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from hrdd_graph.namespaces import RDF
from hrdd_graph.terms import BlankNode, Iri, Quad, Term, Triple

Node = Iri | BlankNode


class Facts:
    """Statements that can be asked for the objects of a subject; RDF 1.2 triple terms are left out."""

    def __init__(self, statements: Iterable[Quad | Triple]) -> None:
        self._objects: dict[Term, dict[Iri, list[Term]]] = defaultdict(dict)
        self._pairs: dict[Iri, list[tuple[Node, Term]]] = defaultdict(list)
        for statement in statements:
            subject, predicate, value = statement.subject, statement.predicate, statement.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            self._objects[subject].setdefault(predicate, []).append(value)
            self._pairs[predicate].append((subject, value))

    def objects(self, subject: Term, predicate: Iri) -> list[Term]:
        """The objects of a subject and predicate, in the order in which they stand in the file."""
        return self._objects.get(subject, {}).get(predicate, [])

    def predicates(self, subject: Term) -> Collection[Iri]:
        """The properties that a subject has."""
        return self._objects.get(subject, {}).keys()

    def text(self, subject: Term, predicate: Iri) -> str:
        """The first object as text; empty where there is none."""
        found = self.objects(subject, predicate)
        return found[0].value if found else ""

    def pairs(self, predicate: Iri) -> list[tuple[Node, Term]]:
        """Every subject and object of a predicate."""
        return self._pairs.get(predicate, [])

    def of_type(self, kind: Iri) -> list[Node]:
        """Every subject of a class, each once."""
        return list(dict.fromkeys(subject for subject, value in self.pairs(RDF.type) if value == kind))

    def members(self, head: Term) -> Iterator[Term]:
        """The members of an RDF list."""
        while head != RDF.nil and self.objects(head, RDF.first):
            yield self.objects(head, RDF.first)[0]
            head = self.objects(head, RDF.rest)[0]
