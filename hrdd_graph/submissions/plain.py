"""The records of a submission in words, for the person who decides on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hrdd_graph.intake.save import root_of
from hrdd_graph.labels import words
from hrdd_graph.namespaces import DCTERMS, HRDD, RDF, RDFS, compact
from hrdd_graph.terms import Iri, Literal, Quad, Term, Triple

_SAID_ELSEWHERE = {RDF.type, RDFS.label, HRDD.statedIn, DCTERMS.source}
_DAYS = {HRDD[name] for name in ("startEarliest", "startLatest", "endEarliest", "endLatest")}  # made from what is said


@dataclass(frozen=True)
class Line:
    """A property in words, and its values: the words of each, and where they lead (empty: nowhere)."""

    what: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """A record: its id, what kinds of thing it is, its name, and what is said of it."""

    id: str
    kinds: tuple[str, ...]
    label: str
    lines: tuple[Line, ...]


def terms_of(quads: Iterable[Quad]) -> set[Iri]:
    """Every address that needs a name before the records can be told."""
    return {t for q in quads for t in (q.predicate, q.subject, q.object) if isinstance(t, Iri)}


def in_words(quads: Iterable[Quad], say: Callable[[Term], str]) -> list[Told]:
    """The records, impacts first. A nested node is told within the record that it belongs to."""
    about: dict[Iri, list[Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, Iri):
            about[quad.subject].append(quad)
    names = {s: q.object.value for s, found in about.items() for q in found
             if q.predicate == RDFS.label and isinstance(q.object, Literal)}  # fmt: skip

    def name(term: Term | Triple) -> str:
        if isinstance(term, Iri) and term in names:
            return names[term]
        return term.value if isinstance(term, Literal) else str(term) if isinstance(term, Triple) else say(term)

    def property_(predicate: Iri) -> str:
        label = say(predicate)
        return words(label) if label == compact(predicate.value) else label

    def lines(node: Iri) -> tuple[Line, ...]:
        grouped: dict[Iri, list[tuple[str, str]]] = defaultdict(list)
        for quad in about[node]:
            if quad.predicate not in _SAID_ELSEWHERE | _DAYS:
                grouped[quad.predicate].append(value(quad.object, node))
        return tuple(
            Line(property_(predicate), tuple(found)) for predicate, found in sorted(grouped.items(), key=_order)
        )

    def value(term: Term | Triple, holder: Iri) -> tuple[str, str]:
        if isinstance(term, Iri) and term in about and term != holder and root_of(term) != term.value:
            told = (f"{line.what} {', '.join(said for said, _ in line.values)}" for line in lines(term))
            return "; ".join(told), ""
        return name(term), term.value if isinstance(term, Iri) and term not in about else ""

    roots = [node for node in about if root_of(node) == node.value]
    found = [
        Told(
            compact(node.value).removeprefix("id:"),
            tuple(name(q.object) for q in about[node] if q.predicate == RDF.type),
            names.get(node, ""),
            lines(node),
        )
        for node in roots
    ]
    return sorted(found, key=lambda told: (not told.id.startswith(("abuse/", "risk/")), told.id))


def _order(pair: tuple[Iri, list[tuple[str, str]]]) -> tuple[bool, str]:
    return pair[0] != DCTERMS.description, pair[0].value
