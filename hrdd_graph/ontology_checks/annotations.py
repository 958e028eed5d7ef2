"""What every term says of itself, and that no two are called the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import OWL, RDF, RDFS, SKOS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import Iri, Literal

_STATUS = Iri("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
_STATUSES = frozenset(["unstable", "testing", "stable", "archaic"])
_TERMS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
_EVERYWHERE = (RDFS.label, SKOS.definition)


def terms_that_say_too_little(model: Model) -> Iterator[Problem]:
    """Every class, property and list value has an English label, definition and example, a status, and says which
    module defines it; every node of a reference module has the first two and the last.
    """
    terms = set(model.own(*_TERMS))
    nodes = {s for s, _ in model.facts.pairs(RDF.type) if isinstance(s, Iri) and model.is_own(s)} - set(model.headers)
    for node in sorted(nodes, key=str):
        for predicate in (*_EVERYWHERE, SKOS.example) if node in terms else _EVERYWHERE:
            english = [t.value for t in model.facts.objects(node, predicate)
                       if isinstance(t, Literal) and t.language == "en" and t.value.strip()]  # fmt: skip
            if not english:
                yield model.problem(node, f"has no English {compact(predicate.value)}.", "Write one.")
        if not any(home in model.headers for home in model.facts.objects(node, RDFS.isDefinedBy)):
            yield model.problem(node, "does not say which module defines it.", "Add rdfs:isDefinedBy.")
        if node in terms and model.facts.text(node, _STATUS) not in _STATUSES:
            yield model.problem(node, "has no status.", f"Add vs:term_status, one of {', '.join(sorted(_STATUSES))}.")


def terms_with_one_label(model: Model) -> Iterator[Problem]:
    """No two things of ours have the same English label, whatever its capitals, in any module."""
    called: dict[str, set[Iri]] = defaultdict(set)
    for node, label in model.facts.pairs(RDFS.label):
        if isinstance(node, Iri) and isinstance(label, Literal) and label.language == "en" and model.is_own(node):
            called[label.value.strip().casefold()].add(node)
    for text, nodes in called.items():
        first, *others = sorted(nodes, key=lambda node: node.value)
        for node in others:
            yield model.problem(
                node, f'has the label "{text}", like {compact(first.value)}.', "Say in the label what sets them apart."
            )
