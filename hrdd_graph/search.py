"""Finding things by words: the labels, other names and texts of everything in a view, the likeliest first.

The index is SQLite's FTS5 (https://www.sqlite.org/fts5.html), kept in memory and ranked by its BM25, in which a word of
a label weighs more than one of another name, and that more than one of a definition. Names in any script are folded to
ASCII first, as they are for reconciliation. What was typed is never query text: it becomes folded words in quotes.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from hrdd_graph.errors import UnusableInput
from hrdd_graph.matching.names import folded
from hrdd_graph.namespaces import HOME, PREFIXES, sparql_prologue
from hrdd_graph.receipts import Receipt, document_receipt
from hrdd_graph.rules import Rule
from hrdd_graph.speech import best
from hrdd_graph.templates import Template
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

MOST = 5_000  # hits that are ranked and counted; a question with more is too wide to be read through
LONGEST = 200  # characters of a question
QUESTION = "PreparedQuestion"  # the kind of a query template, which is no class of the ontology
_WEIGHTS = "12.0, 6.0, 1.0"
_RECORDS = frozenset({"Record", "StandingRecord"})

_TEXTS = """
SELECT ?thing ?place ?text WHERE {
  { ?thing rdfs:label ?text . BIND ( "label" AS ?place ) }
  UNION { ?thing skos:altLabel|hrdd:abbreviation|hrdd:identifier ?text . BIND ( "other" AS ?place ) }
  UNION { ?thing skos:definition|hrdd:officialText|dcterms:description ?text . BIND ( "said" AS ?place ) }
}"""
_KINDS = "SELECT ?thing ?kind WHERE { ?thing rdfs:label [] ; a ?kind }"


@dataclass(frozen=True)
class Thing:
    """What may be found: its address, its classes (local names), the one that says most, and its texts.

    ``labels`` maps languages to labels; ``others`` are other names, and ``said`` definitions and wordings.
    """

    iri: str
    kinds: frozenset[str]
    kind: str
    labels: Mapping[str, str]
    others: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def is_record(self) -> bool:
        """Whether it is what somebody says about things, and not a thing."""
        return not _RECORDS.isdisjoint(self.kinds)

    def label(self, language: str) -> str:
        """Its label in a language, else in English, else in any."""
        return self.labels[best(self.labels, language)]

    def named(self, words: Sequence[str]) -> int:
        """How well words fit its names: 0 where they are a name, 1 where a name has them all, otherwise 2."""
        names = [folded(name) for name in (*self.labels.values(), *self.others)]
        if " ".join(words) in names:
            return 0
        return 2 - any(all(f" {word}" in f" {name}" for word in words) for name in names)


@dataclass(frozen=True)
class Found:
    """What words lead to: things, the likeliest first, and how many there are of each kind.

    ``kinds`` counts before anything was narrowed down to a kind. ``all_words`` is false where no thing has all of the
    words, and the hits are those that have some. ``cut`` is true where there were more than ``MOST``.
    """

    things: tuple[Thing, ...]
    kinds: tuple[tuple[str, int], ...]
    all_words: bool = True
    cut: bool = False


class SearchIndex:
    """The things of a view, by the words that are said of them."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = tuple(sorted(things, key=lambda thing: (thing.label("en").casefold(), thing.iri)))
        self.kinds = frozenset(kind for thing in self.things for kind in thing.kinds)
        self._lock = Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "CREATE VIRTUAL TABLE things USING fts5(label, other, said, tokenize='ascii', prefix='2 3')"
        )
        self._index.executemany(
            "INSERT INTO things(rowid, label, other, said) VALUES (?, ?, ?, ?)",
            (
                (
                    number,
                    *(" . ".join(map(folded, texts)) for texts in (thing.labels.values(), thing.others, thing.said)),
                )
                for number, thing in enumerate(self.things)
            ),
        )

    def find(self, text: str, kinds: Sequence[str] = ()) -> Found:
        """What the words of a text lead to; the last word may be a beginning. ``kinds`` are alternatives.

        Without words, everything of the kinds by name, and without kinds nothing. Raises ``UnusableInput`` for a kind
        that nothing is of.
        """
        wanted = frozenset(kinds)
        if unknown := sorted(wanted - self.kinds):
            raise UnusableInput.one(
                "kind", f"{unknown[0]} is no kind of thing in this view.", fix=self._near(unknown[0])
            )
        words = folded(text[:LONGEST]).split()
        if not words:
            hits = [thing for thing in self.things if wanted & thing.kinds]
            return Found(tuple(hits[:MOST]), _counted(self.things), cut=len(hits) > MOST)
        found, all_words = self._match(words, " "), True
        if not found and len(words) > 1:
            found, all_words = self._match(words, " OR "), False
        hits = [self.things[number] for number in found[:MOST]]
        if all_words:  # what is called so comes before what is said about it
            hits.sort(key=lambda thing: (named := thing.named(words), bool(named) and thing.is_record))
        kept = tuple(thing for thing in hits if not wanted or wanted & thing.kinds)
        return Found(kept, _counted(hits), all_words, len(found) > MOST)

    def _match(self, words: list[str], together: str) -> list[int]:
        quoted = [f'"{word}"' for word in words]
        asked = together.join([*quoted[:-1], f"{quoted[-1]}*"])
        with self._lock:
            rows = self._index.execute(
                f"SELECT rowid FROM things WHERE things MATCH ? ORDER BY bm25(things, {_WEIGHTS}), rowid LIMIT ?",
                (asked, MOST + 1),
            ).fetchall()
        return [row[0] for row in rows]

    def _near(self, kind: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(kind, self.kinds, n=3)
        return f"Did you mean {' or '.join(near)}?" if near else "Search without a kind to see which there are."


def index_of(view: View, rules: Iterable[Rule], templates: Iterable[Template]) -> SearchIndex:
    """Everything of ours in the view that has a label, with the rules and the prepared questions."""
    texts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for thing, place, text in view.select(sparql_prologue() + _TEXTS).rows:
        if isinstance(thing, Iri) and isinstance(place, Literal) and isinstance(text, Literal):
            if place.value == "label":
                tag = text.language or "en"
                labels[thing.value][tag] = min(text.value, labels[thing.value].get(tag, text.value))
            else:
                texts[thing.value][place.value].add(text.value)
    kinds: dict[str, set[str]] = defaultdict(set)
    for thing, kind in view.select(sparql_prologue() + _KINDS).rows:
        if isinstance(thing, Iri) and isinstance(kind, Iri) and kind.value.startswith(PREFIXES["hrdd"]):
            kinds[thing.value].add(kind.value.removeprefix(PREFIXES["hrdd"]))
    # Of the classes of a thing the rarest says most.
    members = Counter(kind for found in kinds.values() for kind in found)
    things = [
        Thing(
            iri,
            frozenset(kinds[iri]),
            min(kinds[iri], key=lambda kind: (members[kind], kind), default=""),
            named,
            *(tuple(sorted(texts[iri][place])) for place in ("other", "said")),
        )
        for iri, named in labels.items()
        if iri.startswith(HOME)
    ]
    rule, question = frozenset({"GapRule"}), frozenset({QUESTION})
    things += [
        Thing(r.iri, rule, "GapRule", r.label, (r.name,), tuple(r.definition.values()))
        for r in rules
        if r.iri not in labels
    ]
    things += [
        Thing(f"{HOME}queries/{t.name}", question, QUESTION, {"en": t.summary}, (t.name, *t.tags), (t.description,))
        for t in templates
    ]
    return SearchIndex(things)


def search_receipt(view: View, text: str, kinds: Sequence[str], found: Found, language: str) -> Receipt:
    """The receipt of a search; its result is the addresses in their order."""
    asked = {"q": [text], "kind": list(kinds)}
    return document_receipt(view, "search", asked, (), language, [thing.iri for thing in found.things])


def _counted(things: Iterable[Thing]) -> tuple[tuple[str, int], ...]:
    counted = Counter(thing.kind for thing in things if thing.kind)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
