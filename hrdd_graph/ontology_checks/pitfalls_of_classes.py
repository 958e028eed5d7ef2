"""Pitfalls of the OOPS! catalogue that concern classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import HRDD, OWL, RDF, RDFS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import BlankNode, Iri, Term

# Names that join two words and still mean one thing.
_ONE_THING = frozenset(["bedandbreakfast", "researchanddevelopment"])


def p02_classes_that_are_synonyms(model: Model) -> Iterator[Problem]:
    """P02: two classes of one namespace that are declared equivalent are one class with two names."""
    for one, other in model.facts.pairs(OWL.equivalentClass):
        if isinstance(one, Iri) and isinstance(other, Iri) and _namespace(one) == _namespace(other):
            for term, twin in ((one, other), (other, one)):
                if model.is_own(term):
                    yield model.problem(
                        term,
                        f"is declared equivalent to {compact(twin.value)}, so that one thing has two classes.",
                        "Keep one class and give it the other name as skos:altLabel.",
                    )


def p04_unconnected_terms(model: Model) -> Iterator[Problem]:
    """P04: a class with no place in the hierarchy and no property, or a property with no tie to any other term."""
    used = set(_used_in_properties(model)) | {kind for _, kind in model.facts.pairs(RDF.type)}
    for term in model.classes:
        parents = {p for p in model.above(term) if isinstance(p, Iri) and p != OWL.Thing and term not in model.above(p)}
        children = {
            child for child, parent in model.facts.pairs(RDFS.subClassOf)
            if parent == term and child not in model.above(term)
        }  # fmt: skip
        if not parents and not children and term not in used:
            yield model.problem(
                term, "stands alone: no class above or below it, no property that uses it.", "Connect it or drop it."
            )
    ties = (RDFS.domain, RDFS.range, RDFS.subPropertyOf, OWL.inverseOf, OWL.propertyChainAxiom, OWL.equivalentProperty)
    reached = {value for tie in ties for _, value in model.facts.pairs(tie)}
    reached |= {m for _, head in model.facts.pairs(OWL.propertyChainAxiom) for m in model.facts.members(head)}
    for term in model.properties:
        spoken_of = model.facts.objects(term, HRDD.openDomainReason) and model.facts.objects(term, HRDD.openRangeReason)
        if term not in reached and not spoken_of and not any(model.facts.objects(term, tie) for tie in ties):
            yield model.problem(term, "is tied to no other term.", "Give it a domain and a range, or drop it.")


def p06_cycles_of_classes(model: Model) -> Iterator[Problem]:
    """P06: a class that stands above itself."""
    for term in model.classes:
        for parent in model.facts.objects(term, RDFS.subClassOf):
            if parent == term or (isinstance(parent, Iri) and term in model.above(parent)):
                yield model.problem(
                    term, f"stands above itself, by way of {compact(parent.value)}.", "Take one of the steps out."
                )


def p07_two_concepts_in_one_class(model: Model) -> Iterator[Problem]:
    """P07: a class whose name joins two things by "and" or "or"."""
    for term in model.classes:
        name = re.split(r"[#/]", term.value)[-1]
        if re.search(r"(?<=[a-z])(And|Or)(?=[A-Z])", name) and name.lower() not in _ONE_THING:
            yield model.problem(term, "joins two things in one class.", "Make two classes, or find one word.")


def p10_no_disjointness(model: Model) -> Iterator[Problem]:
    """P10: an ontology of several classes that says nowhere which of them exclude each other."""
    predicates = (OWL.disjointWith, OWL.disjointUnionOf)
    stated = any(model.facts.pairs(p) for p in predicates) or model.facts.of_type(OWL.AllDisjointClasses)
    if len(model.classes) > 1 and not stated:
        for header in model.headers or [model.classes[0]]:
            yield model.problem(
                header, "says of no two classes that they exclude each other.", "Add owl:AllDisjointClasses."
            )


def _used_in_properties(model: Model) -> Iterator[Term]:
    """Classes in the domain or range of a declared property, in a restriction, or in a union."""
    declared = {*model.facts.of_type(OWL.ObjectProperty), *model.facts.of_type(OWL.DatatypeProperty)}
    for side in (RDFS.domain, RDFS.range):
        for prop, expression in model.facts.pairs(side):
            if prop in declared:
                yield from model.named_in(expression)
    for filler in (OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass):
        for _, expression in model.facts.pairs(filler):
            yield from model.named_in(expression)
    for node, _ in model.facts.pairs(OWL.unionOf):
        if isinstance(node, BlankNode):
            yield from model.named_in(node)


def _namespace(term: Iri) -> str:
    return re.sub(r"[^#/]*$", "", term.value)
