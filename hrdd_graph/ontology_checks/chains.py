"""Property chains keep to OWL 2 DL (https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import OWL, RDF, RDFS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import BlankNode, Iri, Term

_NEED_SIMPLE = (OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty)
_CARDINALITIES = (OWL.minCardinality, OWL.maxCardinality, OWL.cardinality, OWL.minQualifiedCardinality,
                  OWL.maxQualifiedCardinality, OWL.qualifiedCardinality, OWL.hasSelf)  # fmt: skip


def chains_that_are_not_regular(model: Model) -> Iterator[Problem]:
    """The properties of a chain stand below the one that it gives, in an order without a circle; the one that it gives
    may only open or close it.
    """
    below: dict[Term, set[Term]] = defaultdict(set)
    for prop, path in _chains(model):
        if path == [(prop, False), (prop, False)]:
            continue
        inner = path[1:] if path[0] == (prop, False) else path[:-1] if path[-1] == (prop, False) else path
        if any(step == prop for step, _ in inner):
            yield model.problem(prop, "comes up inside its own chain.", "Let it open or close the chain, once.")
        below[prop] |= {step for step, _ in inner if step != prop}
    for prop, parent in model.facts.pairs(RDFS.subPropertyOf):
        if prop != parent:
            below[parent].add(prop)
    for prop, steps in below.items():
        reached: set[Term] = set()
        todo = [*steps]
        while todo:
            step = todo.pop()
            if step not in reached:
                reached.add(step)
                todo += below.get(step, ())
        if prop in reached and model.is_own(prop):
            yield model.problem(
                prop,
                "is needed by a chain that it is made from: the order of chains has a circle.",
                "Break the circle.",
            )


def restrictions_on_properties_with_chains(model: Model) -> Iterator[Problem]:
    """A property that follows from a chain or is transitive is counted nowhere, nor functional, nor asymmetric."""
    complex_ones = {prop for prop, _ in _chains(model)} | set(model.facts.of_type(OWL.TransitiveProperty))
    complex_ones |= {parent for prop in list(complex_ones) for parent in model.above(prop, RDFS.subPropertyOf)}
    for prop in sorted(complex_ones, key=str):
        kinds = [kind for kind in model.facts.objects(prop, RDF.type) if kind in _NEED_SIMPLE]
        counted = [
            node for node, on in model.facts.pairs(OWL.onProperty)
            if on == prop and any(model.facts.objects(node, count) for count in _CARDINALITIES)
        ]  # fmt: skip
        words = [compact(kind.value) for kind in kinds] + ["counted in a restriction"] * bool(counted)
        for word in words:
            yield model.problem(prop, f"follows from a chain or is transitive, and is {word}.", "Drop one of the two.")


def _chains(model: Model) -> Iterator[tuple[Term, list[tuple[Term, bool]]]]:
    """Each property with a chain, and the chain's steps: a property, and whether it is walked backwards."""
    for prop, head in model.facts.pairs(OWL.propertyChainAxiom):
        path: list[tuple[Term, bool]] = []
        for step in model.facts.members(head):
            inverse = model.facts.objects(step, OWL.inverseOf) if isinstance(step, BlankNode) else []
            path.append((inverse[0], True) if inverse else (step, False))
        if isinstance(prop, Iri) and path:
            yield prop, path
