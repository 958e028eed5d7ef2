"""RDF terms, common to every module, and the few ways in which they are written.

The terms are those of pyoxigraph (see docs/decisions/0003-terms.md); nothing outside ``hrdd_graph`` needs to know.
"""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, Variable, parse, serialize

Iri = NamedNode
Term: TypeAlias = NamedNode | BlankNode | Literal

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Iri",
    "Literal",
    "NamedNode",
    "Quad",
    "RdfFormat",
    "Term",
    "Triple",
    "Variable",
    "order_key",
    "parse",
    "parts",
    "serialize",
    "sparql_text",
    "triple_key",
]


def sparql_text(term: Term) -> str:
    """The term as it stands in a query. Only for IRIs and literals, which serialise and escape themselves.

    Raises ``ValueError`` for a blank node, which in a query would be a variable and not a name.
    """
    if isinstance(term, BlankNode):
        raise ValueError("A blank node has no name that a query could use.")
    return str(term)


def parts(triple: Triple) -> tuple[NamedNode | BlankNode, NamedNode, Term]:
    """Subject, property and object. RDF 1.2 lets a triple stand for a term, which no graph of ours does."""
    subject, value = triple.subject, triple.object
    assert not isinstance(subject, Triple)
    assert not isinstance(value, Triple)
    return subject, triple.predicate, value


def order_key(term: Term | None) -> tuple[int, str, str, str]:
    """A key that sorts terms the same way on every store: unbound, blank nodes, IRIs, then literals."""
    if term is None:
        return (0, "", "", "")
    if isinstance(term, BlankNode):
        return (1, term.value, "", "")
    if isinstance(term, NamedNode):
        return (2, term.value, "", "")
    assert isinstance(term, Literal)
    return (3, term.value, term.datatype.value, term.language or "")


def triple_key(triple: Triple) -> tuple[tuple[int, str, str, str], ...]:
    """A key that sorts triples the same way on every store: by subject, property and object."""
    return tuple(order_key(term) for term in parts(triple))
