"""A directory of things with names: the few that may be meant by a query, found fast, then compared one by one.

Candidates share a word's beginning or three letters in a row with the query; the rarer what they share, the sooner they
come. Comparing is for the best few hundred only, so that a batch over thousands of names takes seconds.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from hrdd_graph.matching.names import LegalForms, folded
from hrdd_graph.matching.score import Likeness, Profile, Weights, compare

_CANDIDATES = 60
SURE = 0.9  # a best score from here on, with no rival near it, is a match
_LEAD = 0.05


@dataclass(frozen=True)
class Entry:
    """A thing in the directory: its address, what it is called, its classes, and its profile."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True)
class Candidate:
    """An entry with its likeness to the query, and whether it is surely the one meant."""

    entry: Entry
    likeness: Likeness
    match: bool = False


class Directory:
    """Entries, and where each piece of a name leads."""

    def __init__(self, entries: Iterable[Entry], forms: LegalForms) -> None:
        self.forms = forms
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.by_iri = {entry.iri: entry for entry in self.entries}
        self._weights = Weights.of(entry.profile for entry in self.entries)
        self._places: dict[str, set[int]] = defaultdict(set)
        self._identified: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._lengths = [math.sqrt(_length(entry.profile)) for entry in self.entries]
        for number, entry in enumerate(self.entries):
            for identifier in entry.profile.identifiers:
                self._identified[identifier].add(number)
            for name in entry.profile.names:
                for piece in _pieces(name.squeezed):
                    self._places[piece].add(number)

    def find(self, query: Profile, *, kinds: Sequence[str] = (), limit: int = 5, least: float = 0.0) -> list[Candidate]:
        """The likeliest entries, best first. ``kinds`` keeps to entries of any of these classes.

        Scores below ``least`` may be given as too high, and are never a match.
        """
        wanted = frozenset(kinds)
        scored: dict[int, float] = defaultdict(float)
        total = len(self.entries)
        for name in query.names:
            for piece in _pieces(name.squeezed):
                places = self._places.get(piece, ())
                gain = math.log(1 + total / len(places)) if places else 0.0
                for number in places:
                    scored[number] += gain
        for identifier in query.identifiers:
            for number in self._identified.get(identifier, ()):
                scored[number] = math.inf
        if wanted:
            scored = {n: gain for n, gain in scored.items() if wanted & set(self.entries[n].kinds)}
        # Long names share more pieces with any query, so the gain is set against their length.
        best = heapq.nlargest(_CANDIDATES, scored, key=lambda n: scored[n] / self._lengths[n])
        found = [(compare(query, self.entries[n].profile, self._weights, least), self.entries[n]) for n in best]
        found.sort(key=lambda pair: (-pair[0].score, -_as_written(pair[0]), pair[1].iri))
        rival = found[1][0].score if len(found) > 1 else 0.0
        return [
            Candidate(entry, likeness, rank == 0 and likeness.score >= SURE and likeness.score - rival >= _LEAD)
            for rank, (likeness, entry) in enumerate(found[:limit])
            if likeness.score > 0
        ]

    def beginning(self, text: str) -> list[Entry]:
        """The entries a word of whose name begins with the text, those whose name begins with it first."""
        wanted = folded(text)
        if not wanted:
            return []
        found: list[tuple[bool, str, str, Entry]] = []
        for entry in self.entries:
            names = [name.folded for name in entry.profile.names]
            if any(f" {name}".find(f" {wanted}") >= 0 for name in names):
                first = any(name.startswith(wanted) for name in names)
                found.append((not first, entry.label.casefold(), entry.iri, entry))
        return [entry for *_, entry in sorted(found, key=lambda item: item[:3])]


def _length(profile: Profile) -> int:
    return min((len(name.squeezed) for name in profile.names), default=1) + 1


def _as_written(likeness: Likeness) -> float:
    """How alike the two names are with everything in them; tells apart what have the same core."""
    return Indel.normalized_similarity(*likeness.nearest)


def _pieces(text: str) -> set[str]:
    """The runs of three letters in a text, with its beginning and end marked."""
    padded = f"^{text}$"
    return {padded[start : start + 3] for start in range(max(len(padded) - 2, 1))}
