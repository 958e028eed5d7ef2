"""Which impacts come first: severity before likelihood (UN Guiding Principle 24), by a formula that is shown.

Grades count low 0, moderate 0.5, high 1. The score is the weighted mean of the three dimensions of severity. A
dimension without evidence counts 0.5, so that not knowing neither raises nor lowers; what the score would be if it
were low or high is shown beside it. Likelihood breaks ties, and enters the mean only where the caller gives it weight.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.gaps.severity import DIMENSIONS, OCCURRED, Impact

UNKNOWN = "not enough evidence"
NAMES = (*DIMENSIONS, "likelihood")
_VALUE: Mapping[str, Fraction] = {
    "low": Fraction(0), "moderate": Fraction(1, 2), "": Fraction(1, 2), "high": Fraction(1), OCCURRED: Fraction(1),
}  # fmt: skip
_WEIGHT = re.compile(r"\d{1,6}(\.\d{1,6})?")

Profile = tuple[str, ...]  # the grades of the three dimensions, and the likelihood
Key = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Weights:
    """What each dimension counts. Without a weight of its own, likelihood only breaks ties."""

    scale: Fraction = Fraction(1)
    scope: Fraction = Fraction(1)
    irremediability: Fraction = Fraction(1)
    likelihood: Fraction = Fraction(0)

    def of(self, name: str) -> Fraction:
        weight: Fraction = getattr(self, name)
        return weight

    def score(self, values: Iterable[Fraction]) -> Fraction:
        """The weighted mean of four values between 0 and 1, in the order of ``NAMES``."""
        total = sum((self.of(name) for name in NAMES), Fraction(0))
        weighted = (self.of(name) * value for name, value in zip(NAMES, values, strict=True))
        return sum(weighted, Fraction(0)) / total

    @property
    def formula(self) -> str:
        """The formula in words and numbers."""
        parts = [f"{_number(self.of(name))} × {name}" for name in NAMES if self.of(name)]
        total = _number(sum((self.of(name) for name in NAMES), Fraction(0)))
        ties = "ties by likelihood; " if not self.likelihood else ""
        return (
            f"({' + '.join(parts)}) / {total}; {ties}low 0, moderate 0.5, high 1, occurred 1, not enough evidence 0.5"
        )

    def __str__(self) -> str:
        return ",".join(f"{name}={_number(self.of(name))}" for name in NAMES if name in DIMENSIONS or self.of(name))


# Each dimension up to three times as important as another: what reasonable people might choose.
_TRIED = tuple(product((Fraction(1), Fraction(2), Fraction(3)), repeat=3))


@dataclass(frozen=True)
class Salience:
    """Where an impact stands among all impacts on record in the view.

    ``score``, and ``lowest`` and ``highest`` (with what is unknown as low, and as high), lie between 0 and 1. ``rank``
    counts from 1; impacts with the same score and likelihood share one. ``best`` and ``worst`` are the ranks that it
    takes when the weights move. ``assessed`` is false where no dimension has evidence.
    """

    impact: Impact
    rank: int
    of: int
    best: int
    worst: int
    score: Fraction
    lowest: Fraction
    highest: Fraction
    assessed: bool

    def shown_grade(self, name: str) -> str:
        """A dimension's grade or the likelihood, in words."""
        grade = self.impact.likelihood if name == "likelihood" else self.impact.grade(name)
        return grade or UNKNOWN

    @property
    def sentence(self) -> str:
        """The rank in words."""
        if not self.assessed:
            return f"{UNKNOWN} on scale, scope and irremediability: not ranked as low (rank {self.rank} of {self.of})"
        moves = "at any weights tried" if self.best == self.worst else f"{self.best} to {self.worst} as weights move"
        return f"rank {self.rank} of {self.of} impacts on record ({moves})"


@dataclass(frozen=True)
class Ranking:
    """All impacts of a view, put in order by weights."""

    impacts: Mapping[str, Impact]
    weights: Weights = Weights()

    def of(self, iri: str) -> Salience | None:
        """Where an impact stands; nothing where it is not on record in the view."""
        impact = self.impacts.get(iri)
        if impact is None:
            return None
        profile = _profile(impact)
        if profile not in self._places:
            self._places[profile] = self._place(profile, impact)
        return replace(self._places[profile], impact=impact)

    def _place(self, profile: Profile, impact: Impact) -> Salience:
        rank = _rank(profile, self.weights, self._own_keys)
        ranks = [rank, *(_rank(profile, weights, keys) for weights, keys in self._tried_keys)]
        values = [_VALUE[grade] for grade in profile]
        bounds = [
            self.weights.score(value if grade else bound for grade, value in zip(profile, values, strict=True))
            for bound in (Fraction(0), Fraction(1))
        ]
        return Salience(
            impact=impact, rank=rank, of=len(self.impacts), best=min(ranks), worst=max(ranks),
            score=self.weights.score(values), lowest=bounds[0], highest=bounds[1], assessed=any(profile[:3]),
        )  # fmt: skip

    @cached_property
    def _places(self) -> dict[Profile, Salience]:
        """What was worked out so far: impacts of equal grades stand in one place."""
        return {}

    @cached_property
    def _profiles(self) -> list[Profile]:
        return [_profile(impact) for impact in self.impacts.values()]

    @cached_property
    def _own_keys(self) -> list[Key]:
        return _keys(self._profiles, self.weights)

    @cached_property
    def _tried_keys(self) -> list[tuple[Weights, list[Key]]]:
        tried = [replace(self.weights, scale=trio[0], scope=trio[1], irremediability=trio[2]) for trio in _TRIED]
        return [(weights, _keys(self._profiles, weights)) for weights in tried]


def parse_weights(text: str | None, option: str = "--weights") -> Weights:
    """Weights written as ``scale=2,scope=1,irremediability=3``; a dimension that is not named keeps its weight.

    Raises ``UnusableInput`` naming each part that cannot be read.
    """
    if not text:
        return Weights()
    given: dict[str, Fraction] = {}
    problems = []
    for part in text.split(","):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or name not in NAMES:
            from difflib import get_close_matches

            near = get_close_matches(name, NAMES, n=1)
            fix = f"Did you mean {near[0]}=1?" if near else f"Write {', '.join(f'{n}=1' for n in NAMES)}, or some."
            problems.append(Problem(option, 0, "", f'"{part.strip()}" is no weight of a dimension.', fix))
        elif name in given:
            problems.append(Problem(option, 0, "", f'"{name}" is given twice.', "Give it once."))
        elif not _WEIGHT.fullmatch(value):
            problems.append(
                Problem(option, 0, "", f'"{part.strip()}" has no number of at least 0.', f"Write {name}=2.")
            )
        else:
            given[name] = Fraction(value)
    if problems:
        raise UnusableInput(problems)
    weights = Weights(**given)
    if not any(weights.of(name) for name in DIMENSIONS):
        raise UnusableInput.one(option, "leaves severity without any weight.", fix="Give a dimension more than 0.")
    return weights


def _profile(impact: Impact) -> Profile:
    return (*impact.grades, impact.likelihood)


def _key(profile: Profile, weights: Weights) -> Key:
    values = [_VALUE[grade] for grade in profile]
    return -weights.score(values), -values[-1]


def _keys(profiles: list[Profile], weights: Weights) -> list[Key]:
    known = {profile: _key(profile, weights) for profile in set(profiles)}
    return sorted(known[profile] for profile in profiles)


def _rank(profile: Profile, weights: Weights, keys: list[Key]) -> int:
    return 1 + bisect_left(keys, _key(profile, weights))


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
