"""What follows from a graph by the ontology: classes above, properties above, and direct properties from chains.

This is the part of OWL 2 that queries rely on, written into a graph of its own beside each named graph, so that a
view which leaves a graph out leaves its consequences out too. The DL reasoner (``hrdd reason``) checks the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from hrdd_graph.namespaces import HRDD, PREFIXES, RDF
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.terms import BlankNode, Iri, Literal, Quad, Triple

Node: TypeAlias = Iri | BlankNode


def consequences(quads: Iterable[Quad], vocabulary: Vocabulary, background: Iterable[Quad] = ()) -> Iterator[Triple]:
    """The statements that follow from the given ones and are not among them, each once.

    ``background`` holds statements that chains may pass through, such as the order of topics; what follows from them
    alone is left out.
    """
    stated = {quad.triple for quad in quads}
    closed = set(stated)
    around = [quad.triple for quad in background]
    closed |= set(_types(stated, vocabulary))
    closed |= _chains(closed, vocabulary, around)
    closed |= set(_standing(closed, around))
    for triple in list(closed):
        closed |= set(_above(triple, vocabulary))
    yield from (triple for triple in closed if triple not in stated)


def _types(triples: Iterable[Triple], vocabulary: Vocabulary) -> Iterator[Triple]:
    prefix = PREFIXES["hrdd"]
    for triple in triples:
        if triple.predicate == RDF.type and isinstance(triple.object, Iri) and triple.object.value.startswith(prefix):
            name = triple.object.value.removeprefix(prefix)
            for ancestor in vocabulary.ancestors(name) - {name}:
                if ":" not in ancestor:  # classes of other ontologies stay out of the data
                    yield Triple(triple.subject, RDF.type, HRDD[ancestor])


def _standing(triples: set[Triple], background: Iterable[Triple]) -> Iterator[Triple]:
    """Records that are neither withdrawn nor corrected: those that rules judge by."""
    corrects, status, retracted, kind, record = HRDD.corrects, HRDD.hasStatus, HRDD.Retracted, RDF.type, HRDD.Record
    fallen = {t.object for t in (*triples, *background) if t.predicate == corrects}
    fallen |= {t.subject for t in triples if t.predicate == status and t.object == retracted}
    for triple in triples:
        if triple.predicate == kind and triple.object == record and triple.subject not in fallen:
            yield Triple(triple.subject, kind, HRDD.StandingRecord)


def _above(triple: Triple, vocabulary: Vocabulary) -> Iterator[Triple]:
    name = triple.predicate.value.removeprefix(PREFIXES["hrdd"])
    for parent in vocabulary.super_properties.get(name, ()):
        yield Triple(triple.subject, HRDD[parent], triple.object)


class _Pairs:
    """For each step of a chain (``p`` or, backwards, ``^p``) what leads where, and whether the graph itself says so."""

    def __init__(self, steps: set[str]) -> None:
        self._steps = steps
        self.onward: dict[str, dict[Node, dict[Node, bool]]] = {step: defaultdict(dict) for step in steps}

    def add(self, name: str, subject: Node, obj: Node, *, own: bool) -> None:
        for step, first, last in ((name, subject, obj), ("^" + name, obj, subject)):
            if step in self._steps:
                reached = self.onward[step][first]
                reached[last] = own or reached.get(last, False)


def _chains(triples: set[Triple], vocabulary: Vocabulary, background: Iterable[Triple]) -> set[Triple]:
    """Direct properties: ``^hasBuyer hasSupplier`` gives ``sourcesFrom`` by way of the supply node; to a fixed point,
    since a chain may lead through what a chain has given. A chain counts where the graph itself has one of its steps;
    what it starts from may be described in another graph.
    """
    pairs = _Pairs({step for paths in vocabulary.chains.values() for path in paths for step in path})
    for statements, own in ((triples, True), (background, False)):
        for triple in statements:
            if not isinstance(triple.object, Literal | Triple) and not isinstance(triple.subject, Triple):
                name = triple.predicate.value.removeprefix(PREFIXES["hrdd"])
                pairs.add(name, triple.subject, triple.object, own=own)
    found: set[Triple] = set()
    passed = set(background)  # what follows from the background alone is passed through, and not given
    grown = True
    while grown:
        grown = False
        for prop, paths in vocabulary.chains.items():
            for path in paths:
                for first, last, own in _walk(path, pairs):
                    triple = Triple(first, HRDD[prop], last)
                    if triple in triples or triple in found or (not own and triple in passed):
                        continue
                    (found if own else passed).add(triple)
                    pairs.add(prop, first, last, own=own)
                    grown = True
    return found


def _walk(path: tuple[str, ...], pairs: _Pairs) -> list[tuple[Node, Node, bool]]:
    """Where a path leads from and to, and whether the graph itself has one of the steps taken."""
    reached = [
        (first, middle, own) for first, middles in pairs.onward[path[0]].items() for middle, own in middles.items()
    ]
    for step in path[1:]:
        onward = pairs.onward[step]
        reached = [
            (first, last, own or mine)
            for first, middle, own in reached
            for last, mine in onward.get(middle, {}).items()
        ]
    return reached
