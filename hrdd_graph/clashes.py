"""Contradictions in words: which statements about one node exclude each other by the ontology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import OWL, RDF, RDFS, XSD, compact
from hrdd_graph.terms import BlankNode, Iri, Literal, Term, Triple

# Datatypes whose values are values of the one that a property asks for.
_ALSO = {XSD.decimal: {XSD.decimal, XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger},
         XSD.integer: {XSD.integer, XSD.int, XSD.long, XSD.nonNegativeInteger}}  # fmt: skip
_SIDES = ((RDFS.domain, 0, "has"), (RDFS.range, 1, "is the value of"))

Reasons = Mapping[Term, str]


def find_clashes(triples: Iterable[Triple]) -> tuple[str, ...]:
    """Nodes with two classes that exclude each other, by their own types, by the domain or range of a property or by
    being the same as another node; nodes with two values of a property that takes one; values of the wrong datatype.

    This names the usual causes of an inconsistency; where none of them is there, the answer says so.
    """
    graph = _Index(triples)
    found = {*graph.class_clashes(), *graph.same_clashes(), *graph.value_clashes(), *graph.datatype_clashes()}
    return tuple(sorted(found)) or (
        "The contradiction is not one of two classes or two values on one node; "
        "take records away until it goes, to find those that take part.",
    )


class _Index(Facts):
    """Facts, asked for what excludes what."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        super().__init__(triples)
        self._disjoint = {frozenset(pair) for pair in self.pairs(OWL.disjointWith)}
        for _, members in self.pairs(OWL.members):
            self._disjoint |= {frozenset(pair) for pair in combinations(self.members(members), 2)}
        self._reasons = self._why()

    def above(self, kind: Term) -> set[Term]:
        found, todo = {kind}, [kind]
        while todo:
            for parent in self.objects(todo.pop(), RDFS.subClassOf):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return found

    def excluding(self, one: Term, other: Term) -> Iterator[tuple[Term, Term]]:
        """The classes, at or above the two, that exclude each other."""
        for left, right in product(self.above(one), self.above(other)):
            if left != right and frozenset((left, right)) in self._disjoint:
                yield left, right

    def _why(self) -> Mapping[Term, dict[Term, str]]:
        """For each node the classes that it has, and why."""
        reasons: dict[Term, dict[Term, str]] = defaultdict(dict)
        for subject, kind in self.pairs(RDF.type):
            reasons[subject][kind] = f"is stated to be {_name(kind)}"
        for side, position, words in _SIDES:
            for prop, kind in self.pairs(side):
                if isinstance(kind, Iri) and isinstance(prop, Iri):
                    for pair in self.pairs(prop):
                        if isinstance(pair[position], Iri | BlankNode):
                            reasons[pair[position]].setdefault(
                                kind, f"{words} {_name(prop)}, which makes it {_name(kind)}"
                            )
        return reasons

    def class_clashes(self) -> Iterator[str]:
        for node, kinds in self._reasons.items():
            for (one, why), (other, because) in combinations(_in_order(kinds), 2):
                for left, right in self.excluding(one, other):
                    yield f"{_name(node)} {why} and {because}; {_never_both(left, right)}."
        for side, position, words in _SIDES:
            for prop, expression in self.pairs(side):
                choices = [m for union in self.objects(expression, OWL.unionOf) for m in self.members(union)]
                for pair in self.pairs(prop) if choices and isinstance(prop, Iri) else ():
                    for kind, why in _in_order(self._reasons.get(pair[position], {})):
                        if all(any(self.excluding(kind, choice)) for choice in choices):
                            listed = " or ".join(_name(choice) for choice in choices)
                            yield (
                                f"{_name(pair[position])} {why} and {words} {_name(prop)}, which makes it {listed}; "
                                f"nothing is both {_name(kind)} and one of these."
                            )

    def same_clashes(self) -> Iterator[str]:
        for node, other in self.pairs(OWL.sameAs):
            mine, theirs = self._reasons.get(node, {}), self._reasons.get(other, {})
            for (one, why), (two, because) in product(_in_order(mine), _in_order(theirs)):
                for left, right in self.excluding(one, two):
                    yield (
                        f"{_name(node)} {why}, {_name(other)} {because}, and the two are said to be the same; "
                        f"{_never_both(left, right)}."
                    )

    def value_clashes(self) -> Iterator[str]:
        functional = [prop for prop, kind in self.pairs(RDF.type) if kind == OWL.FunctionalProperty]
        for prop in functional:
            if isinstance(prop, Iri):
                for node in {subject for subject, _ in self.pairs(prop)}:
                    values = sorted({_name(value) for value in self.objects(node, prop)})
                    if len(values) > 1:
                        listed = ", ".join(values)
                        yield f"{_name(node)} has several values of {_name(prop)}, which takes one: {listed}."

    def datatype_clashes(self) -> Iterator[str]:
        for prop, kind in self.pairs(RDFS.range):
            fitting = _ALSO.get(kind, {kind}) if isinstance(kind, Iri) else set()
            for node, value in self.pairs(prop) if isinstance(prop, Iri) else ():
                if isinstance(value, Literal) and fitting and value.datatype not in fitting:
                    yield (
                        f'{_name(node)} has {_name(prop)} "{value.value}" ({_name(value.datatype)}), '
                        f"which must be {_name(kind)}."
                    )


def _in_order(kinds: Reasons) -> list[tuple[Term, str]]:
    return sorted(kinds.items(), key=lambda item: str(item[0]))


def _never_both(one: Term, other: Term) -> str:
    return "nothing is both " + " and ".join(sorted((_name(one), _name(other))))


def _name(term: Term) -> str:
    return "A node without a name" if isinstance(term, BlankNode) else compact(term.value)
