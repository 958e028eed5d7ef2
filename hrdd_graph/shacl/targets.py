"""Targets: which nodes a shape looks at (https://www.w3.org/TR/shacl/#targets, and SPARQL targets of SHACL-AF)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdd_graph.facts import Facts, Node
from hrdd_graph.namespaces import OWL, RDF, RDFS, SH
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.prebinding import declared_prefixes, own_prefixes, spelled_out
from hrdd_graph.sparql.tokens import tokens
from hrdd_graph.terms import Iri, Term, sparql_text

KINDS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_SHAPE_TYPES = frozenset([SH.NodeShape, SH.PropertyShape])


@dataclass(frozen=True)
class Target:
    """What a shape looks at: ``kind`` is a SHACL target property's local name, ``value`` its object.

    For a SPARQL target ``kind`` is ``target`` and ``select`` its query, with full addresses; ``select`` is empty for a
    target of a kind of its own (https://www.w3.org/TR/shacl-af/#SPARQLTargetType), which only a SHACL engine knows.
    """

    kind: str
    value: Term
    select: str = ""


def read_targets(facts: Facts, shape: Node) -> tuple[Target, ...]:
    """The targets of a shape, an implicit class target among them. Raises ``ValueError`` for a kind not known."""
    found = [Target(kind, value) for kind in KINDS for value in sorted(facts.objects(shape, SH[kind]), key=str)]
    if isinstance(shape, Iri) and _is_class(facts, shape) and is_shape(facts, shape):
        found.append(Target("targetClass", shape))
    for node in facts.objects(shape, SH.target):
        queries = facts.objects(node, SH["select"])
        if len(queries) > 1:
            raise ValueError(f"a target of {shape} has more than one sh:select.")
        select = ""
        if queries:
            own, query = own_prefixes(tokens(queries[0].value))
            select = spelled_out(query, declared_prefixes(facts, node) | own)
        found.append(Target("target", node, select))
    return tuple(found)


def is_shape(facts: Facts, node: Node) -> bool:
    """Whether a node is said to be a shape, or has a property of SHACL's, as shapes without a type do."""
    if not _SHAPE_TYPES.isdisjoint(facts.objects(node, RDF.type)):
        return True
    return any(predicate.value.startswith(SH[""].value) for predicate in facts.predicates(node))


def _is_class(facts: Facts, node: Node) -> bool:
    """Whether a node of a shapes graph is an instance of rdfs:Class or owl:Class, also by a class below these."""
    kinds = list(facts.objects(node, RDF.type))
    for kind in kinds:
        kinds += [above for above in facts.objects(kind, RDFS.subClassOf) if above not in kinds]
    return not {RDFS.Class, OWL.Class}.isdisjoint(kinds)


def target_pattern(targets: Iterable[Target], hierarchy: Hierarchy, among: str = "") -> str:
    """The pattern that binds ``?this`` to the focus nodes, possibly more than once; where terms are given as SPARQL, to
    those ``among`` them.

    Raises ``ValueError`` where a target is a blank node, which a query cannot name, or of a kind of its own.
    """
    first = f"VALUES ?this {{ {among} }} " if among else ""
    patterns = [first + _one(target, hierarchy) for target in targets]
    return patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def subjects_of(targets: Iterable[Target]) -> frozenset[Iri]:
    """The properties that have every focus node, and nothing else, as a subject; none for targets of other kinds."""
    found = [t.value if t.kind == "targetSubjectsOf" else None for t in targets]
    return frozenset(value for value in found if isinstance(value, Iri)) if None not in found else frozenset()


def target_test(targets: Iterable[Target], hierarchy: Hierarchy) -> str:
    """The filter that keeps focus nodes among bound values of ``?this``; empty where not all targets are classes."""
    listed = tuple(targets)
    if not all(target.kind == "targetClass" and hierarchy.is_named(target.value) for target in listed):
        return ""
    return f"FILTER EXISTS {{ {target_pattern(listed, hierarchy)} }}"


def _one(target: Target, hierarchy: Hierarchy) -> str:
    if target.kind == "target":
        if not target.select:
            raise ValueError(f"{target.value} is a target without sh:select.")
        return f"{{ SELECT DISTINCT ?this WHERE {{ {{ {target.select} }} }} }}"
    if target.kind == "targetClass":
        return hierarchy.instances("this", target.value, "targetType")
    value = sparql_text(target.value)
    if target.kind == "targetNode":
        return f"VALUES ?this {{ {value} }}"
    if target.kind == "targetSubjectsOf":
        return f"?this {value} ?targetObject ."
    return f"?targetSubject {value} ?this ."
