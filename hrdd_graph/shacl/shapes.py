"""Shapes as they stand in a shapes graph: targets, path, parameters and texts, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hrdd_graph.facts import Facts, Node
from hrdd_graph.namespaces import RDF, RDFS, SH
from hrdd_graph.shacl.exchange import triples_of
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.paths import Path, read_path
from hrdd_graph.shacl.targets import KINDS, Target, is_shape, read_targets
from hrdd_graph.speech import OWN
from hrdd_graph.terms import Iri, Literal, Quad, Term, Triple

if TYPE_CHECKING:
    import rdflib


class IllFormed(ValueError):
    """A shape that breaks SHACL's syntax rules (https://www.w3.org/TR/shacl/#shapes); says which and how."""


@dataclass(frozen=True)
class Shape:
    """One node shape or property shape (``path`` tells them apart). ``facts`` is the graph that it stands in."""

    node: Node
    facts: Facts = field(repr=False, compare=False)

    @cached_property
    def path(self) -> Path | None:
        found = self.facts.objects(self.node, SH.path)
        if len(found) > 1:
            raise IllFormed(f"{self.node} has more than one sh:path.")
        try:
            return read_path(self.facts, found[0]) if found else None
        except ValueError as error:
            raise IllFormed(f"{self.node}: {error}") from error

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        return read_targets(self.facts, self.node)

    @property
    def own_parameters(self) -> list[Term]:
        """Its properties that are parameters of constraint components which the shapes graph declares itself.

        See https://www.w3.org/TR/shacl/#sparql-constraint-components.
        """
        parameters = [
            parameter
            for component, parameter in self.facts.pairs(SH.parameter)
            if SH.ConstraintComponent in self.facts.objects(component, RDF.type)
        ]
        paths = {path for parameter in parameters for path in self.facts.objects(parameter, SH.path)}
        return sorted(paths.intersection(self.facts.predicates(self.node)), key=str)

    @property
    def is_active(self) -> bool:
        return not self.says(SH.deactivated)

    @property
    def severity(self) -> Iri:
        found = self.facts.objects(self.node, SH.severity)
        return found[0] if found and isinstance(found[0], Iri) else SH.Violation

    @property
    def messages(self) -> tuple[Literal, ...]:
        """Its messages, each once, by language."""
        return texts(self.facts, self.node)

    def objects(self, parameter: Iri) -> list[Term]:
        """The values of a parameter, each once, in a stable order."""
        return sorted(set(self.facts.objects(self.node, parameter)), key=str)

    def one(self, parameter: Iri) -> Term | None:
        """The value of a parameter that may be given once. Raises ``IllFormed`` for several."""
        found = self.objects(parameter)
        if len(found) > 1:
            raise IllFormed(f"{self.node} has more than one {parameter}.")
        return found[0] if found else None

    def says(self, parameter: Iri) -> bool:
        """Whether a parameter is given as true."""
        found = self.facts.objects(self.node, parameter)
        return any(isinstance(value, Literal) and value.value in ("true", "1") for value in found)

    def shape(self, node: Term) -> Shape:
        """The shape that another node of the same graph is. Raises ``IllFormed`` for a literal."""
        if isinstance(node, Literal):
            raise IllFormed(f"{self.node} names {node}, which is no shape.")
        return Shape(node, self.facts)

    def members(self, head: Term) -> list[Term]:
        """The members of a SHACL list. Raises ``IllFormed`` where it is none."""
        if head != RDF.nil and not self.facts.objects(head, RDF.first):
            raise IllFormed(f"{self.node}: {head} is not a list.")
        return list(self.facts.members(head))


@dataclass(frozen=True)
class Shapes:
    """A shapes graph: the shapes that have targets, in a stable order, and the classes that it puts in an order."""

    facts: Facts = field(repr=False)
    triples: tuple[Triple, ...] = field(repr=False)

    def __iter__(self) -> Iterator[Shape]:
        return iter(self.roots)

    @cached_property
    def roots(self) -> tuple[Shape, ...]:
        """The shapes that have a target, also by being a class."""
        nodes: list[Node] = [s for kind in (*KINDS, "target") for s, _ in self.facts.pairs(SH[kind])]
        nodes += [node for node, _ in self.facts.pairs(RDF.type) if is_shape(self.facts, node)]
        shapes = (Shape(node, self.facts) for node in sorted(dict.fromkeys(nodes), key=str))
        return tuple(shape for shape in shapes if shape.targets)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy(frozenset(self.facts.pairs(RDFS.subClassOf)))

    def description(self, node: Term) -> str:
        """What a shape says in English about what to do (``sh:description``); empty where it says nothing."""
        return _said(self.facts.objects(node, SH.description), OWN)

    def pairs(self, language: str) -> dict[str, str]:
        """What the shapes say, messages and descriptions, from English to the same in a language."""
        found: dict[str, str] = {}
        for kind in (SH.message, SH.description):
            for node in {node for node, _ in self.facts.pairs(kind)}:
                said = self.facts.objects(node, kind)
                found[_said(said, OWN)] = _said(said, language)
        return {english: told for english, told in found.items() if english and told}


def _said(texts: Iterable[Term], language: str) -> str:
    """The text in a language, which English has without a tag too; empty where there is none."""
    tags = (language, None) if language == OWN else (language,)
    return next((text.value for text in texts if isinstance(text, Literal) and text.language in tags), "")


def texts(facts: Facts, node: Term) -> tuple[Literal, ...]:
    """The ``sh:message`` of a shape or constraint, each once, by language."""
    found = {term for term in facts.objects(node, SH.message) if isinstance(term, Literal)}
    return tuple(sorted(found, key=lambda term: (term.language or "", term.value)))


def read_shapes(graph: rdflib.Graph | Iterable[Triple | Quad]) -> Shapes:
    """Read a shapes graph: an rdflib graph, or triples or quads of this library.

    Shapes without a target are read where others name them. Raises ``ValueError`` for a target that is none.
    """
    triples = tuple(triples_of(graph))
    shapes = Shapes(Facts(triples), triples)
    _ = shapes.roots
    return shapes
