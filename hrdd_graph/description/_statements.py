"""A small list of statements in the making."""

from __future__ import annotations

from hrdd_graph.namespaces import RDF, XSD, Namespace
from hrdd_graph.terms import BlankNode, Iri, Literal, Term, Triple

FOAF = Namespace("http://xmlns.com/foaf/0.1/")
VOID = Namespace("http://rdfs.org/ns/void#")
SCHEMA = Namespace("https://schema.org/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")

# The prefixes that descriptions need beside the project's own.
EXTRA_PREFIXES = {
    "foaf": "http://xmlns.com/foaf/0.1/",
    "void": "http://rdfs.org/ns/void#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}


class Statements(list[Triple]):
    """Statements, added subject by subject."""

    def about(self, node: Iri | BlankNode, kind: Iri | None, *pairs: tuple[Iri, Term | None]) -> None:
        """Say what kind of thing a node is, and what it has; a pair without a value is left out."""
        if kind is not None:
            self.append(Triple(node, RDF.type, kind))
        self += [Triple(node, predicate, value) for predicate, value in pairs if value is not None]


def english(text: str) -> Literal | None:
    """A text in English; nothing for an empty one."""
    return Literal(text, language="en") if text else None


def number(value: int) -> Literal:
    """A count."""
    return Literal(str(value), datatype=XSD.integer)
