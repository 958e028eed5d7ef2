"""What suggestions are made from: topics, provisions and the abuses on record, as a view holds them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from hrdd_graph.namespaces import PREFIXES, sparql_prologue
from hrdd_graph.suggestions.words import LANGUAGES
from hrdd_graph.terms import Iri, Literal, Term
from hrdd_graph.view import View

# Impacts infringe these two; what corresponds to them in other instruments is a query away.
_INSTRUMENTS = (PREFIXES["udhr"], PREFIXES["ilo"])

_TEXTS = """
SELECT DISTINCT ?thing ?use ?text WHERE {
  { ?thing a hrdd:Topic } UNION { ?thing hrdd:isProvisionOf ?instrument } UNION { ?thing hrdd:hasIloCategory ?category }
  UNION { ?any hrdd:isAbout ?thing }
  VALUES (?property ?use) {
    (rdfs:label "label") (skos:prefLabel "name") (skos:altLabel "name") (skos:hiddenLabel "name")
    (skos:definition "definition") (dcterms:title "title") (hrdd:officialText "text") (hrdd:number "number")
  }
  ?thing ?property ?text .
}"""
_LINKS = """
SELECT DISTINCT ?from ?link ?to WHERE {
  VALUES (?property ?link) { (hrdd:isAbout "isAbout") (hrdd:isPartOfProvision "part") (hrdd:isProvisionOf "of") }
  ?from ?property ?to .
}"""
_RECORDS = """
SELECT DISTINCT ?record ?label ?text ?provision ?topic WHERE {
  ?record a hrdd:Abuse ; rdfs:label ?label ; hrdd:hasInfringement/hrdd:ofProvision ?provision .
  OPTIONAL { ?record dcterms:description ?text }
  OPTIONAL { ?record hrdd:concernsTopic ?topic }
}"""


@dataclass
class Thing:
    """A topic or a provision: its label in English, and texts by what they are used for and their language."""

    iri: str
    label: str = ""
    texts: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def said(self, use: str, language: str) -> list[str]:
        """The texts for a use in a language, in a stable order."""
        return sorted(self.texts.get((use, language), ()))


@dataclass(frozen=True)
class Precedent:
    """An abuse on record: its texts, the topics that it concerns, and the provisions that it is said to infringe."""

    iri: str
    label: str
    text: str
    topics: frozenset[str]
    provisions: frozenset[str]


@dataclass(frozen=True)
class Facts:
    """Everything that suggestions rest on. ``article_of`` leads from a provision to its article or ILO instrument."""

    topics: tuple[Thing, ...]
    provisions: tuple[Thing, ...]
    about: dict[str, frozenset[str]]
    article_of: dict[str, str]
    precedents: tuple[Precedent, ...]

    @cached_property
    def label_of(self) -> dict[str, str]:
        """The English label of each topic, provision and abuse."""
        things = {thing.iri: thing.label for thing in (*self.topics, *self.provisions)}
        return things | {record.iri: record.label for record in self.precedents}

    @cached_property
    def counted(self) -> tuple[Counter[str], Counter[tuple[str, str]]]:
        """How many abuses concern a topic, and how many of them infringe a provision."""
        topics = Counter(topic for record in self.precedents for topic in record.topics)
        pairs = Counter((t, p) for record in self.precedents for t in record.topics for p in record.provisions)
        return topics, pairs


def suggestible(iri: str) -> bool:
    """Whether suggestions name this provision: one of the Declaration, or of the ILO."""
    return iri.startswith(_INSTRUMENTS)


def facts_of(view: View) -> Facts:
    """Read topics, provisions and abuses with their curated provisions from a view."""
    links: dict[str, dict[str, set[str]]] = {
        "isAbout": defaultdict(set),
        "part": defaultdict(set),
        "of": defaultdict(set),
    }
    for source, link, target in view.select(sparql_prologue() + _LINKS).rows:
        links[_value(link)][_value(source)].add(_value(target))
    things: dict[str, Thing] = {}
    for subject, use, text in view.select(sparql_prologue() + _TEXTS).rows:
        iri = _value(subject)
        if not isinstance(text, Literal) or not (iri.startswith(PREFIXES["topic"]) or suggestible(iri)):
            continue
        language = (text.language or "en").partition("-")[0]
        found = things.setdefault(iri, Thing(iri))
        if language in LANGUAGES:
            found.texts[_value(use), language].append(text.value)
        if _value(use) == "label" and language == "en":
            found.label = min(found.label or text.value, text.value)
    ordered = [things[iri] for iri in sorted(things)]
    provisions = tuple(thing for thing in ordered if suggestible(thing.iri))
    article_of = {}
    for thing in provisions:
        above = links["part"].get(thing.iri) or (
            links["of"].get(thing.iri, set()) if thing.iri.startswith(PREFIXES["ilo"]) else set()
        )
        article_of[thing.iri] = min((iri for iri in above if suggestible(iri)), default=thing.iri)
    return Facts(
        topics=tuple(thing for thing in ordered if not suggestible(thing.iri)),
        provisions=provisions,
        about={topic: frozenset(filter(suggestible, found)) for topic, found in links["isAbout"].items()},
        article_of=article_of,
        precedents=_precedents(view, frozenset(thing.iri for thing in provisions)),
    )


def _precedents(view: View, known: frozenset[str]) -> tuple[Precedent, ...]:
    rows: dict[str, list[tuple[Term | None, ...]]] = defaultdict(list)
    for row in view.select(sparql_prologue() + _RECORDS).rows:
        rows[_value(row[0])].append(row[1:])
    made = []
    for iri, found in sorted(rows.items()):
        labels, texts, provisions, topics = (
            sorted({_value(row[place]) for row in found if row[place] is not None}) for place in range(4)
        )
        infringed = known & frozenset(provisions)
        if infringed:
            made.append(Precedent(iri, labels[0], " ".join(texts), frozenset(topics), infringed))
    return tuple(made)


def _value(term: Term | None) -> str:
    assert isinstance(term, Iri | Literal)
    return term.value
