"""Names for everything that an answer shows: labels, and titles of graphs."""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.terms import Iri, Term
from hrdd_graph.view import View


def names_for(view: View, terms: Iterable[Term], language: str) -> Labels:
    """Names in a language; a graph goes by its title."""
    asked = {term for term in terms if isinstance(term, Iri)}
    iris = {term.value for term in asked}
    titles = {entry.graph: entry.title for entry in view.entries if entry.graph in iris and entry.title}
    titles |= {
        entry.derived_graph: f"{entry.title}: what follows" for entry in view.entries if entry.derived_graph in iris
    }
    return Labels({**titles, **labels_for(view, asked, language).names})
