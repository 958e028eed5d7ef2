"""A thing as an auditor reads it: its gaps, what is on record about it by sort, its time, its chain, its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hrdd_api.knowledge import Knowledge
from hrdd_api.pages.finding import drawn
from hrdd_api.pages.words import Say
from hrdd_graph.around import Entry, Proof, around, proofs
from hrdd_graph.chronology import events_about
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.namespaces import HOME, IDS, PREFIXES
from hrdd_graph.pictures import chain
from hrdd_graph.speech import mark
from hrdd_graph.terms import Iri
from hrdd_graph.value_chain import Chain, Tier, chain_of, described_tiers
from hrdd_graph.view import View

GAPS = 3  # shown on the page itself
_KINDS = tuple(
    HOME + path
    for path in (
        *(
            "id/organisation/",
            "id/cluster/",
            "id/site/",
            "id/abuse/",
            "id/risk/",
            "id/country/",
            "id/place/",
            "id/group/",
        ),
        *("id/commitment/", "id/response/", "id/due-diligence/", "id/grievance-mechanism/", "id/relationship/"),
        *("id/group/", "id/product/", "id/instrument/", "standard/", "udhr/article/", "ungp/principle/", "ilo/"),
    )
)
# What is a value of a facet has the findings that the list of gaps shows for it; of other things, those that name it.
_FACETS = {"right": PREFIXES["udhr"], "principle": PREFIXES["ungp"], "party": f"{IDS}organisation/"}
# A place has those that name it; the list shows as well what lies in it.
_PLACES = {"cluster": f"{IDS}cluster/", "country": PREFIXES["country"]}
_CHAINED = (f"{IDS}organisation/", f"{IDS}cluster/")
TITLES = {
    "harms": mark("Abuses"),
    "risks": mark("Risks and broken commitments"),
    "commitments": mark("Commitments and requirements"),
    "diligence": mark("Due diligence"),
    "responses": mark("Responses, complaints and mechanisms"),
    "relations": mark("Relations"),
    "conduct": mark("How its conduct is classified"),
    "events": mark("Events"),
    "silences": mark("What sources do not say, or say there is not"),
    "conflicts": mark("Claims in conflict"),
    "doubts": mark("Doubts and open questions"),
}


@dataclass(frozen=True)
class Part:
    """A section of the page: its anchor, its title, and the records in it."""

    name: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class About:
    """What a page tells of a thing beside its bare statements. Pictures: name, markup, own address or ""."""

    run: Run
    gaps: tuple[Finding, ...]
    parts: list[Part]
    proofs: list[Proof]
    pictures: list[tuple[str, str, str]]
    narrow: tuple[str, str] | None  # a filter of the list of gaps for this thing, and its value, where there is one
    listed: bool  # whether that filter keeps all the gaps that are told here


def about(
    knowledge: Knowledge, view: View, iri: str, language: str, href: Callable[[str], str], say: Say
) -> About | None:
    """What there is to tell of a thing; nothing for norms, terms and the like, which have pages of other sorts."""
    if not iri.startswith(_KINDS):
        return None
    run, counts = knowledge.counts(view, language)
    node = Iri(iri)
    parts = [Part(s.name, say(TITLES[s.name]), s.entries) for s in around(view, iri, language)]
    pictures = []
    if events := events_about(view, [node], language, themselves=iri.startswith(f"{IDS}abuse/")):
        own = iri.replace(IDS, f"{HOME}pictures/timeline/", 1) if iri.startswith(IDS) else ""
        drawing = drawn(events, view.as_of, href, say).inline()
        pictures.append((say("What was known, and what was done"), drawing, own))
    if iri.startswith(_CHAINED):
        if found := chain_of(view, iri, language):
            pictures.append((say("Value chain"), _chain(found, href, say), ""))
        pictures += [
            (each.label, _tiers(each.label, tiers, href, say), "")
            for each, tiers in described_tiers(view, iri, language)
        ]
    facet = next((name for name, prefix in _FACETS.items() if iri.startswith(prefix)), "")
    place = next((name for name, prefix in _PLACES.items() if iri.startswith(prefix)), "")
    tied = counts.ties[facet] if facet else {}
    gaps = tuple(f for f in run.findings if (iri in tied.get(f.iri, ()) if facet else node in f.terms()))
    name = facet or place
    narrow = (name, iri.removeprefix((_FACETS | _PLACES)[name])) if name else None
    return About(run, gaps, parts, proofs(view, iri, language), pictures, narrow, bool(facet))


def _chain(found: Chain, href: Callable[[str], str], say: Say) -> str:
    """The links on record; where they end it says that no more is known."""
    columns = [
        chain.Column(
            _place(place, say),
            [chain.Party(n.iri, n.label, n.named, n.iri == found.focus, href(n.iri)) for n in nodes],
        )
        for place, nodes in found.tiers.items()
    ]
    first, last = min(found.tiers), max(found.tiers)
    unknown = say("nobody on record; that is not known to be the end")
    columns.insert(0, chain.Column(_place(first - 1, say), [], unknown))
    columns.append(chain.Column(_place(last + 1, say), [], unknown))
    flows = [chain.Flow(link.supplier, link.buyer, link.weak) for link in found.links]
    return chain.chain(say("Value chain"), columns, flows, say("and {n} more")).inline()


def _place(place: int, say: Say) -> str:
    if place == 0:
        return ""
    words = say("Suppliers, tier {n}") if place < 0 else say("Buyers, tier {n}")
    return words.format(n=abs(place))


def _tiers(title: str, tiers: list[Tier], href: Callable[[str], str], say: Say) -> str:
    """The tiers that a source describes, from the farthest to the buyers."""
    columns = [
        chain.Column(
            tier.label,
            [chain.Party(f"{tier.iri} {n.iri}", n.label, n.named, False, href(n.iri)) for n in tier.actors],
            say("nobody is named"),
        )
        for tier in tiers
    ]
    return chain.chain(title, columns, [], say("and {n} more")).inline()
