"""What things are called, in the reader's language where the graph knows it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NotRequired

from typing_extensions import TypedDict

from hrdd_graph.memory import MOST
from hrdd_graph.namespaces import HRDD, IDS, compact
from hrdd_graph.terms import Iri, Literal, Term, sparql_text
from hrdd_graph.view import View

_CHUNK = 5000


class NamedTerm(TypedDict):
    """An address with its short form and its label."""

    iri: str
    id: str
    label: str


class ValueTerm(TypedDict):
    """A value with its datatype or its language."""

    value: str
    datatype: NotRequired[str]
    language: NotRequired[str]


class BlankTerm(TypedDict):
    """A node without an address."""

    blank: str


TermDocument = NamedTerm | ValueTerm | BlankTerm


@dataclass(frozen=True)
class Labels:
    """Names for terms: call it with a term to get words for a person."""

    names: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, term: Term) -> str:
        if isinstance(term, Literal):
            return term.value
        return self.names.get(term.value) or compact(term.value)


def term_document(term: Term, say: Labels) -> TermDocument:
    """A term as plain data: an address with its short form and label, or a value with its datatype or language."""
    if isinstance(term, Iri):
        return named(term, say)
    if isinstance(term, Literal):
        if term.language:
            return {"value": term.value, "language": term.language}
        return {"value": term.value, "datatype": compact(term.datatype.value)}
    return {"blank": term.value}


def named(term: Iri, say: Labels) -> NamedTerm:
    """An address as plain data."""
    return {"iri": term.value, "id": compact(term.value), "label": say(term)}


def words(name: str) -> str:
    """A name of a program as words: ``siteMatch`` is ``site match``, ``dcterms:description`` is ``description``."""
    local = name.rpartition(":")[2] if "//" not in name else name
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local).lower()


def labels_for(view: View, terms: Iterable[Term], language: str = "en") -> Labels:
    """The labels of the given IRIs in a language, else in English, else in any; literals name themselves.

    A part of a record that has no label goes by the record: ``.../abuse/x#hasEvidence-2`` is ``X: evidence 2``.
    """
    asked = {term for term in terms if isinstance(term, Iri)}
    parts = {term.value: part for term in asked if (part := part_of(term)) is not None}
    about = {iri for part in parts.values() for iri in (part.record, part.property)}
    found = _labels(view, asked | about, language)
    own = {iri: part.named(found) for iri, part in parts.items() if part.record.value in found.names}
    return Labels({**own, **found.names})


@dataclass(frozen=True)
class Part:
    """A node inside a record: the property that leads to it, and which of several it is ("2", or "")."""

    record: Iri
    property: Iri
    number: str

    def named(self, say: Labels) -> str:
        return f"{say(self.record)}: {self.kind(say)} {self.number}".rstrip()

    def kind(self, say: Labels) -> str:
        """What it is to the record, in words: ``evidence``."""
        named = say.names.get(self.property.value) or words(self.property.value.rpartition("#")[2])
        return named.removeprefix("has ")  # as English names of properties begin


def part_of(term: Iri) -> Part | None:
    """The part of a record that an address stands for; ``None`` where it is a thing of its own."""
    record, hash_, name = term.value.partition("#")
    if not hash_ or not record.startswith(IDS):
        return None
    local, _, number = name.partition("-")
    try:
        return Part(Iri(record), HRDD[local], number)
    except ValueError:  # a fragment of somebody else's making
        return None


def _labels(view: View, asked: set[Iri], language: str) -> Labels:
    """The labels of IRIs that have one."""
    known = view.memory.get("labels", partial(_all_labels, view)) if view.memory else None
    if known is not None:
        named = {term.value for term in asked} & known.keys()
        return Labels({iri: min((_rank(tag, language), text) for tag, text in known[iri])[1] for iri in named})
    iris = sorted(map(sparql_text, asked))
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(iris), _CHUNK):
        values = " ".join(iris[start : start + _CHUNK])
        rows = view.select(
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
            f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {values} }} ?thing rdfs:label ?label }}"
        )
        for thing, label in rows.rows:
            if isinstance(thing, Iri) and isinstance(label, Literal):
                candidate = (_rank(label.language, language), label.value)
                if thing.value not in found or candidate < found[thing.value]:
                    found[thing.value] = candidate
    return Labels({iri: label for iri, (_, label) in found.items()})


def _all_labels(view: View) -> dict[str, list[tuple[str | None, str]]] | None:
    """Every label in the view with its language; ``None`` where there are too many to keep."""
    found: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    rows = view.select(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"SELECT ?thing ?label WHERE {{ ?thing rdfs:label ?label }} LIMIT {MOST + 1}"
    ).rows
    for thing, label in rows:
        if isinstance(thing, Iri) and isinstance(label, Literal):
            found[thing.value].append((label.language, label.value))
    return dict(found) if len(rows) <= MOST else None


def _rank(tag: str | None, wanted: str) -> int:
    if tag == wanted:
        return 0
    if tag and tag.partition("-")[0] == wanted.partition("-")[0]:
        return 1
    return 2 if tag == "en" else 3 if tag is None else 4
