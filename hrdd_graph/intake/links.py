"""Who is who: the parties of a file beside those of the graph, and beside each other.

Two are taken for one only where that is sure: they share an identifier, or their names are the same but for the legal
form, the country is the same and nobody else comes near; within one file the addresses have to agree too, since two
rows are likelier two parties. Everything else that is alike waits for a person. Nothing is ever merged: a party that is
linked keeps a mention of its own, with its own words and place, which points to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hrdd_graph.intake.outcome import Link
from hrdd_graph.intake.parties import Named
from hrdd_graph.matching.directory import SURE, Candidate, Directory, Entry
from hrdd_graph.matching.names import LegalForms
from hrdd_graph.matching.score import Likeness, Profile
from hrdd_graph.namespaces import IDS

ASK = 0.8  # from this score on a person is asked
ASK_BY_ADDRESS = 0.7  # where both have an address; docs/reference/benchmarks.md tells what that line is worth
_MOST_ASKED = 3  # candidates of one party
_SAME_ADDRESS = 0.9
_NUMBERS_AGREE = 0.5  # what two addresses without numbers have; the address has to be alike all the same
Decisions = Mapping[tuple[str, str], str]  # by party and candidate: same or different


@dataclass(frozen=True)
class Links:
    """What was found, and where each linked party leads to by its id."""

    found: tuple[Link, ...]
    target: Mapping[str, str]


def find_links(parties: Sequence[Named], graph: Directory, forms: LegalForms, decisions: Decisions) -> Links:
    """The links of the parties of a file, best first for each."""
    inside = Directory((Entry(p.id, p.name, p.kinds, p.features) for p in parties), forms)
    place = {party.id: number for number, party in enumerate(parties)}
    found: list[Link] = []
    for number, party in enumerate(parties):
        features = party.features
        known = graph.find(features, limit=_MOST_ASKED, least=ASK_BY_ADDRESS) if graph.entries else []
        earlier = [
            c for c in inside.find(features, limit=_MOST_ASKED + 1, least=ASK_BY_ADDRESS) if place[c.entry.iri] < number
        ]
        candidates = [
            *((c, c.match and _is_sure(features, c)) for c in known),
            *((c, _is_sure_within(features, c)) for c in earlier),
        ]
        decided = {candidate for one, candidate in decisions if one == party.id} if decisions else set()
        for candidate, sure in candidates:
            name = candidate.entry.iri.removeprefix(IDS)
            if _is_worth_asking(features, candidate) or name in decided:
                found.append(_link(party, candidate, name, sure, decisions.get((party.id, name), "")))
    target: dict[str, str] = {}
    for link in sorted(found, key=lambda link: link.decision != "same"):
        if link.is_linked:
            target.setdefault(link.party, link.candidate)
    return Links(tuple(found), {party: _end(target, party) for party in target})


def _end(target: Mapping[str, str], party: str) -> str:
    seen = {party}
    while (onward := target.get(party)) and onward not in seen:
        seen.add(party := onward)
    return party


def _link(party: Named, candidate: Candidate, name: str, sure: bool, decision: str) -> Link:
    likeness = candidate.likeness
    return Link(party.sheet, party.row, party.id, party.name, name, candidate.entry.label, likeness.score,
                "; ".join(explained(likeness)), sure, decision)  # fmt: skip


def explained(likeness: Likeness) -> Iterator[str]:
    """The features of a score in words."""
    features = dict(likeness.features)
    if "identifier" in features:
        yield "an identifier in common"
        return
    if features.pop("equal", 0.0):
        yield "names equal but for the legal form"
        for name in ("spelling", "words", "part"):
            features.pop(name, None)
    if "name numbers" in features:
        features.pop("name numbers")
        yield "numbers in the names differ"
    if "country" in features:
        yield "same country" if features.pop("country") else "other country"
    for name, value in features.items():
        yield f"{name} {value:.2f}"


def _is_worth_asking(features: Profile, candidate: Candidate) -> bool:
    if features.address and candidate.entry.profile.address:
        return candidate.likeness.score >= ASK_BY_ADDRESS
    told = candidate.likeness.features  # that one name is a part of the other is not enough by itself
    alike = max(told.get(name, 0.0) for name in ("identifier", "equal", "spelling", "words"))
    return min(alike, candidate.likeness.score) >= ASK


def _is_sure(features: Profile, candidate: Candidate) -> bool:
    told = candidate.likeness.features
    if _contradicts(features, candidate.entry.profile):
        return False
    return bool(told.get("identifier")) or (told.get("equal") == 1.0 and told.get("country") == 1.0)


def _is_sure_within(features: Profile, candidate: Candidate) -> bool:
    told = candidate.likeness.features
    if _contradicts(features, candidate.entry.profile):
        return False
    agree = told.get("address", 0.0) >= _SAME_ADDRESS and told.get("address numbers", 0.0) >= _NUMBERS_AGREE
    named = told.get("equal") == 1.0 and told.get("country") == 1.0
    return bool(told.get("identifier")) or (candidate.likeness.score >= SURE and named and agree)


def _contradicts(one: Profile, other: Profile) -> bool:
    """Whether a register tells the two apart: each has a number in it, and none in common."""
    mine, theirs = _by_scheme(one.identifiers), _by_scheme(other.identifiers)
    return any(not numbers & theirs[scheme] for scheme, numbers in mine.items() if scheme in theirs)


def _by_scheme(identifiers: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for scheme, number in identifiers:
        found.setdefault(scheme, set()).add(number)
    return found
