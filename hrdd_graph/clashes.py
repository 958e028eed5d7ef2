"""Contradictions in words: which statements about one node exclude each other by the ontology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import OWL, RDF, RDFS, compact
from hrdd_graph.terms import Iri, Term, Triple


def find_clashes(triples: Iterable[Triple]) -> tuple[str, ...]:
    """Nodes with two classes that exclude each other, by their own types or by the domain or range of a property, and
    nodes with two values of a property that takes one.

    This names the usual causes of an inconsistency; an empty answer means that the cause is another one.
    """
    graph = _Index(triples)
    return tuple(sorted({*graph.class_clashes(), *graph.value_clashes()})) or (
        "The contradiction is not one of two classes or two values on one node; "
        "take records away until it goes, to find those that take part.",
    )


class _Index(Facts):
    """Facts, asked for what excludes what."""

    def above(self, kind: Term) -> set[Term]:
        found, todo = {kind}, [kind]
        while todo:
            for parent in self.objects(todo.pop(), RDFS.subClassOf):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return found

    def disjoint_pairs(self) -> set[frozenset[Term]]:
        pairs = {frozenset(pair) for pair in self.pairs(OWL.disjointWith)}
        for _, members in self.pairs(OWL.members):
            pairs |= {frozenset(pair) for pair in combinations(self.members(members), 2)}
        return pairs

    def class_clashes(self) -> Iterator[str]:
        reasons: dict[Term, dict[Term, str]] = defaultdict(dict)
        for subject, kind in self.pairs(RDF.type):
            reasons[subject][kind] = f"is stated to be {_name(kind)}"
        for side, position, words in ((RDFS.domain, 0, "has"), (RDFS.range, 1, "is the value of")):
            for prop, kind in self.pairs(side):
                if isinstance(kind, Iri) and isinstance(prop, Iri):
                    for pair in self.pairs(prop):
                        if isinstance(pair[position], Iri):
                            reasons[pair[position]].setdefault(
                                kind, f"{words} {_name(prop)}, which makes it {_name(kind)}"
                            )
        disjoint = self.disjoint_pairs()
        for node, kinds in reasons.items():
            for (one, why), (other, because) in combinations(sorted(kinds.items(), key=lambda item: str(item[0])), 2):
                for left in self.above(one):
                    for right in self.above(other):
                        if left != right and frozenset((left, right)) in disjoint:
                            both = f"{_name(left)} and {_name(right)}"
                            yield f"{_name(node)} {why} and {because}; nothing is both {both}."

    def value_clashes(self) -> Iterator[str]:
        functional = [prop for prop, kind in self.pairs(RDF.type) if kind == OWL.FunctionalProperty]
        for prop in functional:
            if isinstance(prop, Iri):
                for node in {subject for subject, _ in self.pairs(prop)}:
                    values = sorted({_name(value) for value in self.objects(node, prop)})
                    if len(values) > 1:
                        listed = ", ".join(values)
                        yield f"{_name(node)} has several values of {_name(prop)}, which takes one: {listed}."


def _name(term: Term) -> str:
    return compact(term.value)
