"""Terms and graphs between rdflib, the common ground of RDF in Python, and this library's own terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hrdd_graph.terms import BlankNode, Iri, Literal, Quad, Term, Triple

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node


def triples_of(graph: rdflib.Graph | Iterable[Triple | Quad]) -> Iterator[Triple]:
    """The triples of an rdflib graph, or of anything that gives triples or quads."""
    for statement in graph:
        if isinstance(statement, Triple):
            yield statement
        elif isinstance(statement, Quad):
            yield statement.triple
        else:
            subject, predicate, value = (term_of(term) for term in statement)
            assert isinstance(subject, Iri | BlankNode)
            assert isinstance(predicate, Iri)
            yield Triple(subject, predicate, value)


def term_of(node: Node) -> Term:
    """An rdflib term as one of ours, under the same name and in the same spelling."""
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return Iri(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=Iri(str(node.datatype))) if node.datatype else Literal(str(node))


def is_respelled(node: Node) -> bool:
    """Whether rdflib itself has spelled an ill-formed literal anew, and only its mark tells that it is ill-formed."""
    import rdflib

    if not isinstance(node, rdflib.Literal) or not node.ill_typed:
        return False
    return not rdflib.Literal(str(node), datatype=node.datatype).ill_typed


def node_of(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """One of our terms as an rdflib term, in the same spelling."""
    import rdflib

    if isinstance(term, Iri):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value), normalize=False)


def rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """An rdflib graph of triples; RDF 1.2 triple terms are left out."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        if not isinstance(triple.subject, Triple) and not isinstance(triple.object, Triple):
            graph.add((node_of(triple.subject), node_of(triple.predicate), node_of(triple.object)))
    return graph
