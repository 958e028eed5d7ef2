"""What every term says to those who do not read English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import RDF, RDFS, SKOS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import Iri, Literal

# The languages of the pages, English first: what a page shows of the graph, it shows in the reader's.
READERS = ("en", "fr", "es", "pt")


def labels_in_every_language(model: Model) -> Iterator[Problem]:
    """Every term and every node of a reference module has one label in each language of the pages."""
    nodes = {s for s, _ in model.facts.pairs(RDF.type) if isinstance(s, Iri) and model.is_own(s)} - set(model.headers)
    for node in sorted(nodes, key=str):
        said = [t.language for t in model.facts.objects(node, RDFS.label) if isinstance(t, Literal) and t.value.strip()]
        if lacking := [language for language in READERS if said.count(language) != 1]:
            yield model.problem(node, f"has not one label in {', '.join(lacking)}.", "Write one in each language.")


def texts_in_some_languages_only(model: Model) -> Iterator[Problem]:
    """A definition or note that some of those who do not read English can read, all of them can."""
    for predicate in (SKOS.definition, SKOS.scopeNote):
        said: dict[Iri, set[str]] = defaultdict(set)
        for node, text in model.facts.pairs(predicate):
            if isinstance(node, Iri) and model.is_own(node) and isinstance(text, Literal) and text.language in READERS:
                said[node].add(text.language)
        for node, languages in sorted(said.items(), key=str):
            lacking = [language for language in READERS if language not in languages]
            if lacking and languages != {"en"}:
                yield model.problem(
                    node, f"has its {compact(predicate.value)} not in {', '.join(lacking)}.", "Write it in each."
                )
