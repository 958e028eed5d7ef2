"""Names for everything that an answer shows: labels, titles of graphs, and words for nested nodes without a label."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import HOME
from hrdd_graph.terms import Iri, Term
from hrdd_graph.view import View


def words(name: str) -> str:
    """A name of a program as words: ``siteMatch`` is ``site match``, ``dcterms:description`` is ``description``."""
    local = name.rpartition(":")[2] if "//" not in name else name
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local).lower()


def names_for(view: View, terms: Iterable[Term], language: str) -> Labels:
    """Names in a language. ``.../abuse/x#hasEvidence-2`` without a label is called after ``x``: ``X: evidence 2``."""
    iris = {term.value for term in terms if isinstance(term, Iri)}
    parts = {iri: iri.partition("#")[0] for iri in iris if iri.startswith(HOME) and "#" in iri}
    found = labels_for(view, [Iri(iri) for iri in iris | set(parts.values())], language)
    names = {entry.graph: entry.title for entry in view.entries if entry.graph in iris and entry.title}
    names |= {
        entry.derived_graph: f"{entry.title}: what follows" for entry in view.entries if entry.derived_graph in iris
    }
    for iri, parent in parts.items():
        if parent in found.names:
            part = words(iri.partition("#")[2].removeprefix("has")).replace("-", " ").strip()
            names[iri] = f"{found.names[parent]}: {part}"
    return Labels({**names, **found.names})
