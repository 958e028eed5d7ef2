"""How alike two parties are, and why: each feature by itself, and one formula that anybody can work out again.

    name     = the greatest of equal, spelling, words and 0.97 * part
    address  = the greater of the two likenesses of the addresses (words, spelling in part)
    score    = name * (0.6 + 0.4 * address)          where both have an address; otherwise name
               - 0.1  where the numbers in the names differ ("Unit 6" and "Unit 7")
               - 0.2  * (1 - shared numbers)          of the addresses: house and plot numbers
               - 0.25 where both have a country and the countries differ

The four weights were chosen on labelled pairs of factories; docs/reference/benchmarks.md tells how well they do. A
shared identifier of the same scheme decides alone. Scores go from 0 to 1.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from hrdd_graph.matching.names import Name

ADDRESS_SHARE = 0.4
NAME_NUMBERS = 0.1
ADDRESS_NUMBERS = 0.2
OTHER_COUNTRY = 0.25
_PART = 0.97
_SAME_WORD = 0.8  # from here on a misspelt word counts in part
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Profile:
    """What is known of a party for comparing: its names, country (two letters), address (folded), and identifiers."""

    names: tuple[Name, ...]
    country: str = ""
    address: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """A score from 0 to 1 with the features that it is made of, each from 0 to 1, and the names that came nearest."""

    score: float
    features: Mapping[str, float] = field(default_factory=dict)
    nearest: tuple[str, str] = ("", "")


class Words:
    """How much a word tells: the rarer among the texts compared, the more. Words never seen tell most."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = Counter(word for text in texts for word in set(text.split()))
        total = max(len(counted), 1)
        self._weights = {word: math.log(1 + total / count) for word, count in counted.items()}
        self._highest = math.log(1 + total)
        self._texts: dict[str, tuple[tuple[str, ...], float]] = {}

    def __call__(self, word: str) -> float:
        return self._weights.get(word, self._highest)

    def ranked(self, text: str) -> tuple[tuple[str, ...], float]:
        """The words of a text, those that tell most first, and the weight of them all; each text is ranked once."""
        found = self._texts.get(text)
        if found is None:
            words = sorted(text.split(), key=self, reverse=True)
            found = self._texts[text] = (tuple(words), sum(map(self, words)))
        return found


@dataclass(frozen=True)
class Weights:
    """The weights of the words in the names and in the addresses at hand."""

    names: Words
    addresses: Words

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> Weights:
        """The weights among these parties."""
        known = tuple(profiles)
        return cls(Words(n.core for p in known for n in p.names), Words(p.address for p in known if p.address))


def compare(one: Profile, other: Profile, weights: Weights, least: float = 0.0) -> Likeness:
    """How alike two parties are. Where the names show that the score is below ``least``, the rest is not looked at."""
    if one.identifiers & other.identifiers:
        return Likeness(1.0, {"identifier": 1.0})
    pairs = [(first, second) for first in one.names for second in other.names]
    if not pairs:
        return Likeness(0.0)
    (first, second), features = max(
        ((pair, _name_features(*pair, weights.names)) for pair in pairs), key=lambda found: _name(found[1])
    )
    score = _name(features)
    if score < least:  # everything else can only lower it
        return Likeness(round(score, 4), features, (first.raw, second.raw))
    if _numbers(first.folded) != _numbers(second.folded):
        features["name numbers"] = 0.0
        score -= NAME_NUMBERS
    if one.address and other.address:
        features |= _address_features(one.address, other.address, weights.addresses)
        score *= 1 - ADDRESS_SHARE + ADDRESS_SHARE * features["address"]
        score -= ADDRESS_NUMBERS * (1 - features["address numbers"])
    if one.country and other.country:
        features["country"] = float(one.country == other.country)
        score -= 0.0 if one.country == other.country else OTHER_COUNTRY
    return Likeness(round(min(max(score, 0.0), 1.0), 4), features, (first.raw, second.raw))


def _name(features: Mapping[str, float]) -> float:
    return max(features["equal"], features["spelling"], features["words"], _PART * features["part"])


def _name_features(one: Name, other: Name, weights: Words) -> dict[str, float]:
    short = min(len(one.squeezed), len(other.squeezed))
    return {
        "equal": float(bool(one.core) and one.core == other.core),
        "spelling": round(Indel.normalized_similarity(one.squeezed, other.squeezed), 4),
        "words": round(shared_words(one.core, other.core, weights), 4),
        # A few letters are part of a great many names.
        "part": round(fuzz.partial_ratio(one.squeezed, other.squeezed) / 100, 4) if short > 5 else 0.0,
    }


def _address_features(one: str, other: str, weights: Words) -> dict[str, float]:
    first, second = _numbers(one), _numbers(other)
    spelling = fuzz.partial_ratio(one.replace(" ", ""), other.replace(" ", "")) / 100
    return {
        "address": round(max(shared_words(one, other, weights), spelling), 4),
        "address numbers": len(first & second) / min(len(first), len(second)) if first and second else 0.5,
    }


@lru_cache(maxsize=1 << 16)
def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))


def shared_words(one: str, other: str, weights: Words) -> float:
    """The weight of the words that both have, against that of all; each misspelt word counts as far as it is alike."""
    (words, weight), left = weights.ranked(one), other.split()
    if not words or not left:
        return 0.0
    whole = weight + weights.ranked(other)[1]
    shared = 0.0
    for word in words:
        if word in left:
            shared += weights(word)
            left.remove(word)
            continue
        found = process.extractOne(word, left, scorer=Indel.normalized_similarity, score_cutoff=_SAME_WORD)
        if found is not None:
            shared += found[1] * min(weights(word), weights(found[0]))
            left.remove(found[0])
    return min(2 * shared / whole, 1.0)
