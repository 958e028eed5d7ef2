"""Where a text uses the names that a thesaurus has for its topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from hrdd_graph.suggestions.facts import Thing
from hrdd_graph.suggestions.words import Word, stems_of


@dataclass(frozen=True)
class Strengths:
    """How much a name of a topic tells, from 0 to 1."""

    phrase: float = 0.8  # two words or more, one after the other
    word: float = 0.5  # a name of a single word
    scattered: float = 0.4  # two words or more, all within one sentence


@dataclass(frozen=True)
class Use:
    """A name of a topic in a text: the words of the text, and how much it tells."""

    words: tuple[Word, ...]
    strength: float


class Thesaurus:
    """The names of topics in one language, as stems."""

    def __init__(self, topics: Iterable[Thing], language: str, strengths: Strengths) -> None:
        self._strengths = strengths
        self._by_stem: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._topics: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for topic in topics:
            for name in topic.said("name", language):
                stems = tuple(stems_of(name, language))
                if stems:
                    self._topics[stems].add(topic.iri)
                    self._by_stem[stems[0]].add(stems)

    def uses(self, words: Sequence[Word]) -> dict[str, list[Use]]:
        """For each topic that the text names, where; a word serves a topic once, in the name that tells most."""
        sentences: dict[int, dict[str, Word]] = defaultdict(dict)
        for word in words:
            sentences[word.sentence].setdefault(word.stem, word)
        found: dict[str, set[Use]] = defaultdict(set)
        for place, word in enumerate(words):
            for stems in self._by_stem.get(word.stem, ()):
                use = self._use(stems, words[place : place + len(stems)], sentences[word.sentence])
                if use:
                    for topic in self._topics[stems]:
                        found[topic].add(use)
        return {topic: _apart(uses) for topic, uses in sorted(found.items())}

    def _use(self, stems: tuple[str, ...], run: Sequence[Word], sentence: dict[str, Word]) -> Use | None:
        shared = len(self._topics[stems]) ** -0.5
        if tuple(word.stem for word in run) == stems:
            return Use(tuple(run), shared * (self._strengths.word if len(stems) == 1 else self._strengths.phrase))
        if set(stems) <= set(sentence):
            within = sorted({sentence[stem] for stem in stems}, key=lambda word: word.start)
            return Use(tuple(within), shared * self._strengths.scattered)
        return None


def together(strengths: Iterable[float]) -> float:
    """The strength of several independent signs: 1 less the chance that all of them mislead."""
    return 1 - prod(1 - strength for strength in strengths)


def _apart(uses: Iterable[Use]) -> list[Use]:
    """The uses that share no word, the strongest and longest first."""
    kept: list[Use] = []
    taken: set[str] = set()
    for use in sorted(uses, key=lambda use: (-use.strength, -len(use.words), [word.start for word in use.words])):
        stems = {word.stem for word in use.words}
        if not stems & taken:
            kept.append(use)
            taken |= stems
    return kept
