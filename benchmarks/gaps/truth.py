"""The gaps of a block, worked out from its objects by plain Python, without any RDF engine.

Each function is called as its rule is (``certified_open_abuse`` for ``certified-open-abuse``) and yields pairs of focus
and value as the rule's query gives them; a rule that selects no value has the focus there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

from benchmarks.gaps.world import DAY, STANDARDS, Block, Certificate, Head, Impact, Tie

Pair: TypeAlias = tuple[str, str]


def certified_open_abuse(block: Block, day: date) -> Iterator[Pair]:
    runs = {firm.site: firm.name for firm in block.firms if firm.site}
    for certificate, abuse in _certified(block, day):
        if certificate.holder in abuse.wrongdoers:
            yield certificate.holder, abuse.name
        if certificate.site in abuse.places and runs[certificate.site] in abuse.wrongdoers:
            yield certificate.site, abuse.name


def certificate_out_of_scope(block: Block, day: date) -> Iterator[Pair]:
    for certificate, abuse in _certified(block, day):
        if certificate.holder in abuse.wrongdoers and STANDARDS[certificate.standard] not in abuse.topics:
            yield certificate.name, abuse.name


def certificate_in_scope_contradicted(block: Block, day: date) -> Iterator[Pair]:
    runs = {firm.site: firm.name for firm in block.firms if firm.site}
    for certificate, abuse in _certified(block, day):
        covered = STANDARDS[certificate.standard] in abuse.topics
        by_holder = certificate.holder in abuse.wrongdoers
        at_site = certificate.site in abuse.places
        if covered and certificate.site and at_site and (by_holder or runs[certificate.site] in abuse.wrongdoers):
            yield certificate.name, abuse.name
        if covered and not certificate.site and by_holder:
            yield certificate.name, abuse.name


def _certified(block: Block, day: date) -> Iterator[tuple[Certificate, Impact]]:
    """Each certificate that stood on the day with each open abuse of the block."""
    for certificate in block.certificates:
        if certificate.period.stood_on(day):
            for abuse in _open_abuses(block, day):
                yield certificate, abuse


def _open_abuses(block: Block, day: date) -> list[Impact]:
    return [impact for impact in block.impacts if impact.kind == "Abuse" and impact.open_on(day)]


def harm_without_party(block: Block, day: date) -> Iterator[Pair]:
    named = {firm.name for firm in block.firms if firm.kind == "NamedParty"}
    for impact in block.impacts:
        begun = impact.standing and impact.when.start[1] <= day
        if impact.kind == "Abuse" and begun and not any(party in named for party, _ in impact.parties):
            yield impact.name, impact.name


def severe_risk_unassessed(block: Block, day: date) -> Iterator[Pair]:
    for risk in block.impacts:
        known = risk.kind == "Risk" and risk.standing and risk.severe and risk.when.stood_on(day)
        if known and not block.assessed & {risk.name, *risk.places}:
            sites = [place for place in risk.places if place.startswith("site/")]
            for focus in sites or [risk.name]:
                yield focus, risk.name


def code_unmonitored(block: Block, day: date) -> Iterator[Pair]:
    for code in block.codes:
        if code.period.stood_on(day) and code.monitoring != "Strong":
            yield code.name, f"instrument/{block.number}"


def no_consultation(block: Block, day: date) -> Iterator[Pair]:
    for impact in block.impacts:
        known = impact.standing and impact.when.start[1] <= day
        over = impact.kind == "Risk" and impact.when.end is not None and impact.when.end[0] < day
        asks = impact.indigenous and impact.topic in ("land", "water-depletion")
        if known and not over and asks and impact.name not in block.consulted:
            yield impact.name, f"group/{block.number}-indigenous"


def owner_linked_open_abuse(block: Block, day: date) -> Iterator[Pair]:
    owned = defaultdict(set)
    for tie in block.ownerships:
        owned[tie.giver].add(tie.taker)
    abuses = _open_abuses(block, day)
    for tie in block.ownerships:
        if not tie.period.stood_on(day):
            continue
        for holding in _reached(owned, tie.giver):
            last = any(
                t.taker == holding
                and t.period.stood_on(day)
                and (t.giver == tie.taker or t.giver in _reached(owned, tie.taker))
                for t in block.ownerships
            )
            if tie.taker == holding or last:
                for abuse in abuses:
                    if holding in abuse.wrongdoers and tie.giver not in (*abuse.wrongdoers, *abuse.actors):
                        yield tie.giver, abuse.name


def buyer_linked_open_abuse(block: Block, day: date) -> Iterator[Pair]:
    abuses = _open_abuses(block, day)
    for first in block.supplies:
        if not first.period.stood_on(day):
            continue
        if first.taker in block.foreign:
            for name, acted, supplier in block.foreign[first.taker].linked:
                if first.giver not in acted and first.giver != supplier:
                    yield first.giver, name
            continue
        for last in _ends(block, first, day):
            for abuse in abuses:
                if last.taker in abuse.wrongdoers and first.giver not in (*abuse.wrongdoers, *abuse.actors):
                    yield first.giver, abuse.name


def head_of(block: Block, day: date = DAY) -> Head:
    """What later chains need to know of this block's first supplier of tier 1."""
    head = next(firm.name for firm in block.firms if firm.tier == 1)
    tie = Tie("", "Supply", "", head, block.supplies[0].period)
    linked = [
        (abuse.name, abuse.wrongdoers | frozenset(abuse.actors), last.taker)
        for last in _ends(block, tie, day)
        for abuse in _open_abuses(block, day)
        if last.taker in abuse.wrongdoers
    ]
    return Head(head, tuple(linked))


def _ends(block: Block, first: Tie, day: date) -> Iterator[Tie]:
    """The ties to which a path from the first leads, itself among them, with every tie between them standing.

    A tie that does not stand counts as standing where another between the same two parties does. A path from a named
    buyer to a named supplier by way of a collective party leads nowhere.
    """
    kinds = {firm.name: firm.kind for firm in block.firms}
    by_giver = defaultdict(list)
    for tie in block.supplies:
        by_giver[tie.giver].append(tie)
    held = {(tie.giver, tie.taker) for tie in block.supplies if tie.period.stood_on(day)}

    def after(tie: Tie) -> dict[str, Tie]:
        found: dict[str, Tie] = {}
        waiting = list(by_giver[tie.taker])
        while waiting:
            step = waiting.pop()
            if step.name not in found:
                found[step.name] = step
                waiting += by_giver[step.taker]
        return found

    onward = after(first)
    beyond = {name: after(tie) for name, tie in onward.items()}
    for last in (first, *onward.values()):
        if (last is not first and last.name == first.name) or (last.giver and not last.period.stood_on(day)):
            continue
        between = [tie for name, tie in onward.items() if last.name in beyond[name]]
        if any((tie.giver, tie.taker) not in held for tie in between):
            continue
        through = any(
            kinds.get(tie.taker) == "CollectiveParty"
            and any(step.name == last.name or last.name in beyond[step.name] for step in by_giver[tie.taker])
            for tie in (first, *onward.values())
        )
        if through and kinds[last.taker] == "NamedParty" and kinds.get(first.giver, "NamedParty") == "NamedParty":
            continue
        if first.giver != last.taker:
            yield last


def _reached(onward: dict[str, set[str]], begin: str) -> set[str]:
    found: set[str] = set()
    waiting = list(onward.get(begin, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += onward.get(node, ())
    return found


_KNOWN: tuple[Callable[[Block, date], Iterator[Pair]], ...] = (
    buyer_linked_open_abuse,
    certificate_in_scope_contradicted,
    certificate_out_of_scope,
    certified_open_abuse,
    code_unmonitored,
    harm_without_party,
    no_consultation,
    owner_linked_open_abuse,
    severe_risk_unassessed,
)
RULES = tuple(known.__name__.replace("_", "-") for known in _KNOWN)


def truth_of(block: Block, day: date = DAY) -> Iterator[tuple[str, str, str]]:
    """Every gap of the block as ``(rule, focus, value)``, each once, names as in the block."""
    for rule, known in zip(RULES, _KNOWN, strict=True):
        for focus, value in sorted(set(known(block, day))):
            yield rule, focus, value
