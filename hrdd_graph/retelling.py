"""A sentence that was put together in English, said again in the reader's language.

What goes wrong is told in English where it happens, with the caller's values in it, and is kept so. A page that shows
it looks for the pattern that the sentence was made by, and puts the same values into that pattern's translation. What
no pattern explains stays English, and so does what a pattern explains in two ways: the reader never gets a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from hrdd_graph import speech
from hrdd_graph.speech import OWN

FOLDER = speech.FOLDER / "errors"  # the messages of what this package says
PLACE = re.compile(r"%\((\w+)\)s")
BETWEEN = re.compile(r"(?<=[.?!])\s+")  # where one sentence may end and another begin
TOLD = "told"  # a place for a text of ours, which is retold in its turn; others come after it as told2, told3
JOINED = {"either": " or ", "all": " and "}  # places for names that a word of ours joins
KIND = "kind"  # a place for a kind of thing, or for several: "Site or Organisation"
_MOST_CHARACTERS = 20_000  # of a text that is looked at
_MOST_SENTENCES = 40  # ends of sentences in it, also in the values that it holds
_DEEPEST = 3  # texts within texts


class Retold(NamedTuple):
    """A text, and the language that it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class Pattern:
    """An English text with places for values, such as ``"%(text)s" is not a day.``, and the same in a language."""

    english: str
    told: str

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """What stands before, between and behind the places."""
        return tuple(PLACE.split(self.english)[::2])

    @cached_property
    def places(self) -> tuple[str, ...]:
        return tuple(PLACE.findall(self.english))

    @cached_property
    def weight(self) -> int:
        """The characters of literal text."""
        return sum(map(len, self.literals))

    def fit(self, text: str) -> dict[str, str] | None:
        """The values with which the pattern is exactly this text; ``None`` where there are none, or more than one."""
        first, last = self.literals[0], self.literals[-1]
        if not self.places:
            return {} if text == first else None
        if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
            return None
        middle, between = text[len(first) : len(text) - len(last)], self.literals[1:-1]
        if "" in between:  # nothing tells where the one value ends and the next begins
            return None
        found = _cut_from_the_left(middle, between)
        if found is None or found != _cut_from_the_right(middle, between):
            return None
        values = dict(zip(self.places, found, strict=True))
        return values if [values[name] for name in self.places] == found else None  # a name that comes twice


def _cut_from_the_left(text: str, between: Iterable[str]) -> list[str] | None:
    cut = []
    for literal in between:
        value, found, text = text.partition(literal)
        if not found:
            return None
        cut.append(value)
    return [*cut, text]


def _cut_from_the_right(text: str, between: tuple[str, ...]) -> list[str] | None:
    cut = []
    for literal in reversed(between):
        text, found, value = text.rpartition(literal)
        if not found:
            return None
        cut.append(value)
    return [text, *reversed(cut)]


class _Reading(NamedTuple):
    """How a text, or the rest of one, is made: of more literal text is better, then of fewer patterns."""

    weight: int
    fewness: int
    tiles: tuple[tuple[Pattern, dict[str, str], str], ...]  # each with the space behind it


@dataclass(frozen=True)
class Retelling:
    """Patterns and what they are in a language. Without any, whatever is retold stays as it is."""

    language: str
    patterns: tuple[Pattern, ...] = field(repr=False, default=())
    words: Mapping[str, str] = field(repr=False, default_factory=dict)  # those that join names, as " or "
    names: Mapping[str, str] = field(repr=False, default_factory=dict)  # what things of ours are called

    @classmethod
    def of(cls, language: str, pairs: Mapping[str, str], names: Mapping[str, str] | None = None) -> Retelling:
        """From English texts, and names, to the same in a language. Places are written ``%(name)s``."""
        words = {word: pairs[word] for word in JOINED.values() if word in pairs}
        patterns = [Pattern(english, told) for english, told in sorted(pairs.items()) if english not in words]
        return cls(language, tuple(each for each in patterns if each.weight), words, names or {})

    def retold(self, text: str) -> Retold:
        """The text in the language; where its patterns are not known, the text as it is, in English."""
        told = self._told(text.strip(), _DEEPEST)
        return Retold(text, OWN) if told is None else Retold(told, self.language)

    def _told(self, text: str, depth: int) -> str | None:
        reading = self._reading(text) if depth and 0 < len(text) <= _MOST_CHARACTERS else None
        if reading is None:
            return None
        return "".join(self._filled(pattern, values, depth) + space for pattern, values, space in reading.tiles)

    def _filled(self, pattern: Pattern, values: Mapping[str, str], depth: int) -> str:
        def value(name: str) -> str:
            kind = name.rstrip("0123456789")
            if kind == TOLD:
                inner = values[name].strip()
                return values[name].replace(inner, self._told(inner, depth - 1) or inner, 1)
            word = JOINED["either"] if kind == KIND else JOINED.get(kind, "")
            if not word:
                return values[name]
            return self.words.get(word, word).join(map(self._named, values[name].split(word)))

        return PLACE.sub(lambda match: value(match[1]), pattern.told)

    def _named(self, name: str) -> str:
        """What something of ours is called; it may stand in quotes. A caller's own word stays as it is."""
        bare = name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name
        return name.replace(bare, self.names.get(bare, bare), 1) if bare else name

    def _reading(self, text: str) -> _Reading | None:
        """The best way to make the whole text of patterns that stand one behind the other."""
        gaps = [match.span() for match in BETWEEN.finditer(text)]
        if len(gaps) >= _MOST_SENTENCES:
            return None
        starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)]
        near = [each for each in self.patterns if all(literal in text for literal in each.literals)]
        rest: list[_Reading | None] = [None] * len(starts) + [_Reading(0, 0, ())]
        for first in reversed(range(len(starts))):
            found: list[_Reading] = []
            for last in range(first, len(starts)):
                if (behind := rest[last + 1]) is None:
                    continue
                piece = text[starts[first] : ends[last]]
                space = text[ends[last] : starts[last + 1]] if last + 1 < len(starts) else ""
                found += [
                    _Reading(each.weight + behind.weight, behind.fewness - 1, ((each, values, space), *behind.tiles))
                    for each in near
                    if (values := each.fit(piece)) is not None
                ]
            rest[first] = max(found, key=lambda reading: reading[:2], default=None)
        return rest[0]


ENGLISH = Retelling(OWN)  # which retells nothing


def of_the_library(language: str) -> Retelling:
    """What this package says, in a language."""
    return Retelling.of(language, speech.pairs(language, FOLDER))
