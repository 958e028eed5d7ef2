"""Pitfalls of the OOPS! catalogue that concern properties."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import HRDD, OWL, RDF, RDFS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import Iri

_REASONS = {RDFS.domain: HRDD.openDomainReason, RDFS.range: HRDD.openRangeReason}


def p05_wrong_inverses(model: Model) -> Iterator[Problem]:
    """P05: two inverse properties where the domain of one is not the range of the other."""
    for one, other in _inverses(model):
        crossed = ((RDFS.domain, RDFS.range), (RDFS.range, RDFS.domain))
        if any(model.meaning(one, here) != model.meaning(other, there) for here, there in crossed):
            for term, twin in ((one, other), (other, one)):
                yield model.problem(
                    term,
                    f"is no inverse of {compact(twin.value)}: domain and range of the two do not cross.",
                    "Give each the other's domain as its range.",
                )


def p11_no_domain_or_range(model: Model) -> Iterator[Problem]:
    """P11: a property without domain or range, and without hrdd:openDomainReason or hrdd:openRangeReason."""
    for term in model.properties:
        for side, reason in _REASONS.items():
            if not model.facts.objects(term, side) and not model.facts.objects(term, reason):
                word = compact(side.value).partition(":")[2]
                yield model.problem(
                    term, f"has no {word} and does not say why.", f"Add rdfs:{word} or {compact(reason.value)}."
                )


def p13_no_inverse(model: Model) -> Iterator[Problem]:
    """P13: an object property without an inverse, where neither it nor its ontology says why (hrdd:noInverseReason).

    Two properties whose domains and ranges cross look like inverses: each of them must say for itself why it is not.
    """
    declared = set(model.facts.of_type(OWL.ObjectProperty))
    linked = {term for pair in _inverses(model) if declared.issuperset(pair) for term in pair}
    linked |= {p for p, kind in model.facts.pairs(RDF.type) if kind == OWL.SymmetricProperty and isinstance(p, Iri)}
    lone = [term for term in model.own(OWL.ObjectProperty) if term not in linked]
    twins: dict[Iri, Iri] = {}
    for one, other in combinations(lone, 2):
        sides = [model.meaning(term, side) for term in (one, other) for side in (RDFS.domain, RDFS.range)]
        if all(sides) and sides[0] == sides[3] and sides[1] == sides[2] and sides[0] != sides[1]:
            twins |= {one: other, other: one}
    for term in lone:
        homes = model.facts.objects(term, RDFS.isDefinedBy) or list(model.headers)
        if model.facts.objects(term, HRDD.noInverseReason):
            continue
        if term in twins:
            yield model.problem(
                term,
                f"may be the inverse of {compact(twins[term].value)}, whose domain and range cross with its own.",
                "Say owl:inverseOf, or why not with hrdd:noInverseReason.",
            )
        elif not any(model.facts.objects(home, HRDD.noInverseReason) for home in homes):
            yield model.problem(term, "has no inverse.", "Add one, or say why not with hrdd:noInverseReason.")


def p19_several_domains_or_ranges(model: Model) -> Iterator[Problem]:
    """P19: several domains or ranges mean all of them at once, hardly ever one of them."""
    for term in model.properties:
        for side in (RDFS.domain, RDFS.range):
            if len(model.facts.objects(term, side)) > 1:
                yield model.problem(
                    term, f"has several {compact(side.value)}, which hold all at once.", "Use one owl:unionOf."
                )


def p25_inverse_of_itself(model: Model) -> Iterator[Problem]:
    """P25: a property that is the inverse of itself is a symmetric property."""
    for one, other in _inverses(model):
        if one == other:
            yield model.problem(one, "is the inverse of itself.", "Declare it an owl:SymmetricProperty.")


def p26_inverse_of_a_symmetric_property(model: Model) -> Iterator[Problem]:
    """P26: a symmetric property is its own inverse and needs no other."""
    for pair in _inverses(model):
        for term in pair:
            if OWL.SymmetricProperty in model.facts.objects(term, RDF.type):
                yield model.problem(term, "is symmetric and has an inverse.", "Drop one of the two.")


def p27_wrong_equivalent_properties(model: Model) -> Iterator[Problem]:
    """P27: two equivalent properties with different domains or ranges, or of one namespace."""
    for one, other in model.facts.pairs(OWL.equivalentProperty):
        if isinstance(one, Iri) and isinstance(other, Iri):
            if all(model.meaning(one, side) == model.meaning(other, side) for side in (RDFS.domain, RDFS.range)):
                continue
            for term, twin in ((one, other), (other, one)):
                if model.is_own(term):
                    yield model.problem(
                        term,
                        f"is declared equivalent to {compact(twin.value)} and has another domain or range.",
                        "Use rdfs:subPropertyOf, or make domains and ranges agree.",
                    )


def p28_wrong_symmetric_properties(model: Model) -> Iterator[Problem]:
    """P28: a symmetric property leads from its domain to its domain."""
    yield from _closed_on_itself(model, OWL.SymmetricProperty, "symmetric")


def p29_wrong_transitive_properties(model: Model) -> Iterator[Problem]:
    """P29: a transitive property leads from its domain to its domain."""
    yield from _closed_on_itself(model, OWL.TransitiveProperty, "transitive")


def _closed_on_itself(model: Model, kind: Iri, word: str) -> Iterator[Problem]:
    for term in model.own(kind):
        if model.meaning(term, RDFS.domain) != model.meaning(term, RDFS.range):
            yield model.problem(
                term, f"is {word} and leads to another class than it starts from.", "Make domain and range one class."
            )


def _inverses(model: Model) -> list[tuple[Iri, Iri]]:
    """Pairs of named properties, without the inverses inside chains."""
    pairs = model.facts.pairs(OWL.inverseOf)
    return [(one, other) for one, other in pairs if isinstance(one, Iri) and isinstance(other, Iri)]
