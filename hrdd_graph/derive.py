"""What follows from a graph by the ontology: classes above, properties above, and direct properties from chains.

This is the part of OWL 2 that queries rely on, written into a graph of its own beside each named graph, so that a
view which leaves a graph out leaves its consequences out too. The DL reasoner (``hrdd reason``) checks the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from hrdd_graph.namespaces import HRDD, RDF
from hrdd_graph.ontology import Vocabulary, iri_of
from hrdd_graph.terms import BlankNode, Iri, Literal, Quad, Triple

Node: TypeAlias = Iri | BlankNode


def consequences(quads: Iterable[Quad], vocabulary: Vocabulary, background: Iterable[Quad] = ()) -> Iterator[Triple]:
    """The statements that follow from the given ones and are not among them, each once.

    ``background`` holds statements that chains may pass through, such as the order of topics; what follows from them
    alone is left out.
    """
    leading = vocabulary.leading  # most statements are texts, from which nothing follows
    stated = {quad.triple for quad in quads if quad.predicate in leading}
    around = [quad.triple for quad in background]
    closed = stated | set(_types(stated, vocabulary))
    closed |= _chains(closed, vocabulary, around)
    closed |= set(_standing(closed, around))
    closed |= {above for triple in closed for above in _above(triple, vocabulary)}
    yield from closed - stated


def _types(triples: Iterable[Triple], vocabulary: Vocabulary) -> Iterator[Triple]:
    above, kind = vocabulary.classes_above, RDF.type
    for triple in triples:
        if triple.predicate == kind:
            subject = triple.subject
            for ancestor in above.get(triple.object, ()):
                yield Triple(subject, kind, ancestor)


def _standing(triples: set[Triple], background: Iterable[Triple]) -> Iterator[Triple]:
    """Records that are neither withdrawn nor corrected: those that rules judge by."""
    corrects, status, retracted, kind, record = HRDD.corrects, HRDD.hasStatus, HRDD.Retracted, RDF.type, HRDD.Record
    fallen = {t.object for t in (*triples, *background) if t.predicate == corrects}
    fallen |= {t.subject for t in triples if t.predicate == status and t.object == retracted}
    for triple in triples:
        if triple.predicate == kind and triple.object == record and triple.subject not in fallen:
            yield Triple(triple.subject, kind, HRDD.StandingRecord)


def _above(triple: Triple, vocabulary: Vocabulary) -> Iterator[Triple]:
    for parent in vocabulary.properties_above.get(triple.predicate, ()):
        yield Triple(triple.subject, parent, triple.object)


class _Pairs:
    """For each step of a chain (``p`` or, backwards, ``^p``) what leads where, and whether the graph itself says so."""

    def __init__(self, steps: set[str]) -> None:
        self._steps: dict[Iri, list[tuple[str, bool]]] = defaultdict(list)
        for step in steps:
            self._steps[iri_of(step.removeprefix("^"))].append((step, step.startswith("^")))
        self.onward: dict[str, dict[Node, dict[Node, bool]]] = {step: defaultdict(dict) for step in steps}

    def __contains__(self, predicate: Iri) -> bool:
        return predicate in self._steps

    def add(self, predicate: Iri, subject: Node, obj: Node, *, own: bool) -> None:
        for step, is_backwards in self._steps.get(predicate, ()):
            first, last = (obj, subject) if is_backwards else (subject, obj)
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
            if triple.predicate not in pairs:
                continue
            if not isinstance(triple.object, Literal | Triple) and not isinstance(triple.subject, Triple):
                pairs.add(triple.predicate, triple.subject, triple.object, own=own)
    found: set[Triple] = set()
    passed = set(background)  # what follows from the background alone is passed through, and not given
    grown = True
    while grown:
        grown = False
        for prop, paths in vocabulary.chains.items():
            direct = HRDD[prop]
            for path in paths:
                for first, last, own in _walk(path, pairs):
                    triple = Triple(first, direct, last)
                    if triple in triples or triple in found or (not own and triple in passed):
                        continue
                    (found if own else passed).add(triple)
                    pairs.add(direct, first, last, own=own)
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
