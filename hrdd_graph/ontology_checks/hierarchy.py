"""Hierarchies, what excludes what, and which values differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import HRDD, OWL, RDF, RDFS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import Iri, Term


def properties_above_themselves(model: Model) -> Iterator[Problem]:
    """No property stands above itself."""
    for term in model.properties:
        for parent in model.facts.objects(term, RDFS.subPropertyOf):
            if parent == term or term in model.above(parent, RDFS.subPropertyOf):
                yield model.problem(
                    term, f"stands above itself, by way of {compact(parent.value)}.", "Take one of the steps out."
                )


def siblings_that_may_overlap(model: Model) -> Iterator[Problem]:
    """Every class excludes its siblings, or one of the two says in hrdd:overlapReason why they may overlap.

    Classes whose parents are all of other ontologies are siblings of the classes at the top.
    """
    excluded = _disjoint(model)
    families: dict[Term, list[Iri]] = defaultdict(list)
    ours = set(model.classes)
    for term in model.classes:
        parents = [parent for parent in model.facts.objects(term, RDFS.subClassOf) if parent in ours]
        for parent in parents or [OWL.Thing]:
            families[parent].append(term)
    seen = set()
    for family in families.values():
        for one, other in combinations(family, 2):
            above_one, above_other = model.above(one), model.above(other)
            if other in above_one or one in above_other or (one, other) in seen:
                continue
            seen.add((one, other))
            if any(model.facts.objects(term, HRDD.overlapReason) for term in (one, other)):
                continue
            if not any(frozenset((left, right)) in excluded for left in above_one for right in above_other):
                yield model.problem(
                    one,
                    f"may overlap with its sibling {compact(other.value)}.",
                    "Add the two to an owl:AllDisjointClasses, or say why they overlap with hrdd:overlapReason.",
                )


def values_that_may_be_one(model: Model) -> Iterator[Problem]:
    """The values of every list (a class below hrdd:Qualifier) are stated to be different from each other."""
    different = {frozenset(pair) for pair in model.facts.pairs(OWL.differentFrom)}
    for node in model.facts.of_type(OWL.AllDifferent):
        for head in (*model.facts.objects(node, OWL.distinctMembers), *model.facts.objects(node, OWL.members)):
            different |= {frozenset(pair) for pair in combinations(model.facts.members(head), 2)}
    for term in model.classes:
        if term == HRDD.Qualifier or HRDD.Qualifier not in model.above(term):
            continue
        values = sorted((v for v, kind in model.facts.pairs(RDF.type) if kind == term), key=str)
        for one, other in combinations(values, 2):
            if frozenset((one, other)) not in different:
                yield model.problem(
                    one, f"may be the same value as {compact(other.value)}.", "Add both to one owl:AllDifferent."
                )


def _disjoint(model: Model) -> set[frozenset[Term]]:
    pairs = {frozenset(pair) for pair in model.facts.pairs(OWL.disjointWith)}
    heads = [head for node in model.facts.of_type(OWL.AllDisjointClasses)
             for head in model.facts.objects(node, OWL.members)]  # fmt: skip
    heads += [head for _, head in model.facts.pairs(OWL.disjointUnionOf)]
    for head in heads:
        pairs |= {frozenset(pair) for pair in combinations(model.facts.members(head), 2)}
    return pairs
