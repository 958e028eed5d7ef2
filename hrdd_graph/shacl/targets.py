"""Targets: which nodes a shape looks at (https://www.w3.org/TR/shacl/#targets, and SPARQL targets of SHACL-AF)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdd_graph.facts import Facts, Node
from hrdd_graph.namespaces import OWL, RDF, RDFS, SH
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.prebinding import declared_prefixes, spelled_out
from hrdd_graph.sparql.tokens import tokens
from hrdd_graph.terms import Iri, Term, sparql_text

KINDS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_SHAPE_TYPES = (SH.NodeShape, SH.PropertyShape)


@dataclass(frozen=True)
class Target:
    """What a shape looks at: ``kind`` is a SHACL target property's local name, ``value`` its object.

    For a SPARQL target ``kind`` is ``target`` and ``select`` its query, with full addresses.
    """

    kind: str
    value: Term
    select: str = ""


def read_targets(facts: Facts, shape: Node) -> tuple[Target, ...]:
    """The targets of a shape, an implicit class target among them. Raises ``ValueError`` for a kind not known."""
    found = [Target(kind, value) for kind in KINDS for value in sorted(facts.objects(shape, SH[kind]), key=str)]
    types = facts.objects(shape, RDF.type)
    if isinstance(shape, Iri) and any(t in types for t in (RDFS.Class, OWL.Class)) and set(types) & set(_SHAPE_TYPES):
        found.append(Target("targetClass", shape))
    for node in facts.objects(shape, SH.target):
        queries = facts.objects(node, SH["select"])
        if len(queries) != 1:
            raise ValueError(f"the target of {shape} is none that has one sh:select.")
        found.append(Target("target", node, spelled_out(tokens(queries[0].value), declared_prefixes(facts, node))))
    return tuple(found)


def target_pattern(targets: Iterable[Target], hierarchy: Hierarchy) -> str:
    """The pattern that binds ``?this`` to the focus nodes, possibly more than once.

    Raises ``ValueError`` where a target is a blank node, which a query cannot name.
    """
    patterns = [_one(target, hierarchy) for target in targets]
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
        return f"{{ SELECT DISTINCT ?this WHERE {{ {{ {target.select} }} }} }}"
    if target.kind == "targetClass":
        return hierarchy.instances("this", target.value, "targetType")
    value = sparql_text(target.value)
    if target.kind == "targetNode":
        return f"VALUES ?this {{ {value} }}"
    if target.kind == "targetSubjectsOf":
        return f"?this {value} ?targetObject ."
    return f"?targetSubject {value} ?this ."
