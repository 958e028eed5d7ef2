"""Literals that the embedded store does not keep as they are written.

Oxigraph keeps the value of a number, boolean or time: ``"01"^^xsd:integer`` comes back as 1, and ``"5"^^xsd:byte`` as
an integer. A store is filled once and is what it is; a graph that is handed over for validation is another matter:
there a result names the literal as written, and a shape that would be misled by the change goes to the SHACL engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from pyoxigraph import Store as Oxigraph

from hrdd_graph.namespaces import RDF, XSD
from hrdd_graph.terms import Iri, Literal, Quad, Term, Triple

_AnyTerm = TypeVar("_AnyTerm", bound=Term | None)
_KEPT = frozenset([XSD.string, XSD.date, RDF.langString])


@dataclass(frozen=True)
class Spelling:
    """What becomes of literals: ``written`` leads from what the store keeps, where it differs, to what was written.

    ``is_lossy`` says that a datatype was lost or that two literals became one.
    """

    written: dict[Literal, Literal] = field(default_factory=dict)
    is_lossy: bool = False

    def __call__(self, term: _AnyTerm) -> _AnyTerm | Literal:
        """A term of a result as it was written."""
        return self.written.get(term, term) if isinstance(term, Literal) else term


def spelling_of(triples: Iterable[Triple]) -> Spelling:
    """What the embedded store makes of the literals of triples."""
    literals = {t.object for t in triples if isinstance(t.object, Literal) and t.object.datatype not in _KEPT}
    store, kept_as, name = Oxigraph(), Iri("urn:kept-as"), "urn:literal:"
    listed = list(literals)
    store.extend(Quad(Iri(f"{name}{place}"), kept_as, literal) for place, literal in enumerate(listed))
    written: dict[Literal, Literal] = {}
    seen: set[Term | Triple] = set()
    lossy = False
    for quad in store:
        assert isinstance(quad.subject, Iri)
        original, kept = listed[int(quad.subject.value.removeprefix(name))], quad.object
        assert isinstance(kept, Literal)
        lossy = lossy or kept in seen or kept.datatype != original.datatype
        seen.add(kept)
        if kept != original:
            written[kept] = original
    return Spelling(written, lossy)
