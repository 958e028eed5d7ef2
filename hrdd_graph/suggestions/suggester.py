"""Rights that a text may be about: provisions in order, each with the words that led there and the reason.

Three kinds of reason speak for a provision p, each with a strength from 0 to 1:

- topics:  T(p) = 1 - product over topics t named in the text of (1 - n(t) * l(t, p)). n(t) joins the names that the
  text uses (see ``phrases``) and the likeness of the text to all that the thesaurus says of t. The link l(t, p) =
  (a * stated + infringing) / (a + concerning): whether the thesaurus leads from t to p, and how many of the abuses on
  record that concern t infringe p;
- wording: A(p) = b / (b + c), b the BM25 of the text and the provision's own words;
- records: V(p) = share of p among the k abuses on record that are most like the text, weighed by likeness, times
  b / (b + c), b the BM25 of the nearest.

score(p) = wT * T(p) + wA * A(p) + wV * V(p), the three weights adding up to 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from hrdd_graph.errors import UnusableInput
from hrdd_graph.suggestions.bm25 import Hit, TextIndex
from hrdd_graph.suggestions.facts import Facts, facts_of
from hrdd_graph.suggestions.phrases import Strengths, Thesaurus, together
from hrdd_graph.suggestions.words import LANGUAGES, Word, language_of, normal, stems_of, words_of
from hrdd_graph.view import View

MOST_CHARACTERS = 20_000
Kind = Literal["topic", "wording", "record"]


@dataclass(frozen=True)
class Weights:
    """What the formula leaves open."""

    topics: float = 0.5
    wording: float = 0.1
    records: float = 0.4
    prior: float = 2.0  # a: how many abuses a link of the thesaurus is worth
    half: float = 10.0  # c: the BM25 at which a likeness has half its strength
    nearest: int = 8  # k
    soft: float = 0.3  # the share of a topic's strength that likeness alone can give
    floor: float = 0.03  # what scores less is not suggested
    names: Strengths = field(default_factory=Strengths)


@dataclass(frozen=True)
class Span:
    """A stretch of the text: first character, the one after the last, counted from 0 in the text as NFC; its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Reason:
    """Why a provision is suggested: the topic, the provision itself or the abuse that the words led to."""

    kind: Kind
    iri: str
    label: str
    strength: float
    words: tuple[Span, ...]


@dataclass(frozen=True)
class Suggestion:
    """A provision that the text may be about; its article or ILO instrument; a score from 0 to 1; the reasons."""

    provision: str
    label: str
    article: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Suggestions:
    """What a text led to, best first. An empty one says nothing about the text."""

    language: str
    found: tuple[Suggestion, ...]


class Suggester:
    """Suggestions from what a view holds; made once, it may be asked by many threads."""

    def __init__(self, facts: Facts, weights: Weights = Weights()) -> None:
        self._facts = facts
        self._weights = weights
        self._index = cache(self._made)

    def suggest(self, text: str, *, language: str | None = None, limit: int = 5) -> Suggestions:
        """The likeliest provisions for a text.

        ``language`` is one of ``LANGUAGES``, or none to go by the text's commonest words. The same text over the same
        facts gives the same answer. Raises ``UnusableInput`` for another language, an empty text, or one above
        ``MOST_CHARACTERS``.
        """
        text = normal(text)
        tag = check(text, language) or language_of(text)
        words = words_of(text, tag)
        reasons = self._reasons(text, words, self._index(tag))
        ranked = sorted(((score, p) for p, (score, _) in reasons.items()), key=lambda pair: (-pair[0], pair[1]))
        return Suggestions(
            tag,
            tuple(
                Suggestion(
                    p,
                    self._facts.label_of[p],
                    self._facts.article_of[p],
                    round(score, 4),
                    tuple(sorted(reasons[p][1], key=lambda r: (-r.strength, r.kind, r.iri))),
                )
                for score, p in ranked[:limit]
                if score >= self._weights.floor
            ),
        )

    def _made(self, language: str) -> _Index:
        return _Index.of(self._facts, language, self._weights.names, self._weights.prior)

    def _reasons(self, text: str, words: Sequence[Word], index: _Index) -> dict[str, tuple[float, list[Reason]]]:
        facts, weights = self._facts, self._weights
        stems = [word.stem for word in words]
        reasons: dict[str, list[Reason]] = defaultdict(list)
        totals: dict[str, float] = defaultdict(float)

        topics: dict[str, list[float]] = defaultdict(list)
        for topic, (strength, led) in self._topics(words, index).items():
            for provision, link in index.links[topic].items():
                topics[provision].append(strength * link)
                shown = weights.topics * strength * link
                reasons[provision].append(
                    Reason("topic", topic, facts.label_of[topic], round(shown, 4), _spans(text, led))
                )
        for provision, strengths in topics.items():
            totals[provision] += weights.topics * together(strengths)

        for hit in index.provisions.find(stems):
            gain = weights.wording * self._half(hit)
            totals[hit.key] += gain
            reasons[hit.key].append(
                Reason("wording", hit.key, facts.label_of[hit.key], round(gain, 4), _spans(text, _of(words, hit)))
            )

        near = index.records.find(stems)[: weights.nearest]
        likeness = sum(hit.score for hit in near)
        by_iri = {record.iri: record for record in facts.precedents}
        for hit in near:
            gain = weights.records * self._half(near[0]) * hit.score / likeness
            for provision in by_iri[hit.key].provisions:
                totals[provision] += gain
                reasons[provision].append(
                    Reason("record", hit.key, facts.label_of[hit.key], round(gain, 4), _spans(text, _of(words, hit)))
                )
        return {provision: (total, reasons[provision]) for provision, total in totals.items()}

    def _topics(self, words: Sequence[Word], index: _Index) -> dict[str, tuple[float, list[Word]]]:
        """The topics that the words lead to, each with its strength n(t) and the words."""
        found = {
            topic: (together(use.strength for use in uses), [word for use in uses for word in use.words])
            for topic, uses in index.thesaurus.uses(words).items()
        }
        for hit in index.topics.find(word.stem for word in words):
            strength, led = found.get(hit.key, (0.0, []))
            soft = self._weights.soft * self._half(hit)
            found[hit.key] = (together((strength, soft)), led or _of(words, hit))
        return found

    def _half(self, hit: Hit) -> float:
        return hit.score / (hit.score + self._weights.half)


@dataclass(frozen=True)
class _Index:
    """The facts, made ready for texts in one language."""

    thesaurus: Thesaurus
    topics: TextIndex
    provisions: TextIndex
    records: TextIndex
    links: dict[str, dict[str, float]]

    @classmethod
    def of(cls, facts: Facts, language: str, names: Strengths, prior: float) -> _Index:
        def stems(texts: Iterable[str]) -> list[str]:
            return [stem for text in texts for stem in stems_of(text, language)]

        concerning, infringing = facts.counted
        links: dict[str, dict[str, float]] = defaultdict(dict)
        pairs = {(t, p) for t, found in facts.about.items() for p in found} | set(infringing)
        for topic, provision in sorted(pairs):
            stated = prior * (provision in facts.about.get(topic, ()))
            links[topic][provision] = (stated + infringing[topic, provision]) / (prior + concerning[topic])
        return cls(
            Thesaurus(facts.topics, language, names),
            TextIndex(
                {t.iri: stems([*t.said("name", language), *t.said("definition", language)]) for t in facts.topics}
            ),
            TextIndex(
                {
                    p.iri: stems(
                        text for use in ("label", "title", "definition", "text") for text in p.said(use, language)
                    )
                    for p in facts.provisions
                }
            ),
            # The records are written in English; in another language they speak through their topics.
            TextIndex({r.iri: stems([r.label, r.text]) for r in facts.precedents} if language == "en" else {}),
            links,
        )


def check(text: str, language: str | None) -> str | None:
    """The primary tag of the language, if one was named. Raises ``UnusableInput`` as ``Suggester.suggest`` does."""
    if not text.strip():
        raise UnusableInput.one("text", "is empty.", fix="Say in a sentence what was done to whom.")
    if len(text) > MOST_CHARACTERS:
        raise UnusableInput.one(
            "text", f"has {len(text)} characters; at most {MOST_CHARACTERS} are read.", fix="Send one passage."
        )
    tag = language.partition("-")[0].lower() if language else None
    if tag is not None and tag not in LANGUAGES:
        raise UnusableInput.one(
            "language", f'"{language}" is not one of {", ".join(LANGUAGES)}.', fix="Translate the text first."
        )
    return tag


def suggester_of(view: View) -> Suggester:
    """A suggester over what a view holds."""
    return Suggester(facts_of(view))


def _of(words: Sequence[Word], hit: Hit) -> list[Word]:
    """The words of the text that made a hit: those that add most, up to four, where they first stand."""
    best = sorted(hit.gains, key=lambda stem: (-hit.gains[stem], stem))[:4]
    first: dict[str, Word] = {}
    for word in words:
        first.setdefault(word.stem, word)
    return [first[stem] for stem in best]


def _spans(text: str, words: Iterable[Word]) -> tuple[Span, ...]:
    """The words as stretches of the text, in order."""
    return tuple(
        Span(word.start, word.end, text[word.start : word.end])
        for word in sorted(set(words), key=lambda word: word.start)
    )
