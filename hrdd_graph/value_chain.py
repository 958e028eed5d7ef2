"""Value chains: who supplies whom around a party or cluster, tier by tier, and the tiers that sources describe.

A chain ends where no further link is on record; that is told as not known, and never as an end of the chain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, sparql_prologue
from hrdd_graph.terms import Iri, Literal, Term, sparql_text
from hrdd_graph.view import View

FARTHEST = 4  # tiers in each direction
_WEAK = frozenset({HRDD.Alleged.value, HRDD.Contested.value})
_LINK = "hrdd:hasSupplier|hrdd:hasSubcontractor", "hrdd:hasBuyer|hrdd:hasContractor"


@dataclass(frozen=True)
class Node:
    """A party or cluster in a chain. ``named`` is false for unnamed and collective parties."""

    iri: str
    label: str
    named: bool


@dataclass(frozen=True)
class Link:
    """A relationship by which goods go from a supplier to a buyer; ``weak`` where it is alleged or contested."""

    iri: str
    supplier: str
    buyer: str
    weak: bool


@dataclass(frozen=True)
class Tier:
    """A tier that a source describes, 0 for the buyers; without actors where the source names nobody."""

    iri: str
    label: str
    number: int
    actors: tuple[Node, ...]


@dataclass(frozen=True)
class Chain:
    """What lies around something: ``tiers`` holds nodes by distance, negative for upstream; and the links."""

    focus: str
    tiers: dict[int, tuple[Node, ...]]
    links: tuple[Link, ...]

    def __bool__(self) -> bool:
        return bool(self.links)


def chain_of(view: View, iri: str, language: str) -> Chain:
    """The links on record upstream and downstream of a party or cluster, over at most ``FARTHEST`` tiers each way."""
    places: dict[str, int] = {iri: 0}
    links: dict[tuple[str, str, str], Link] = {}
    for side in (-1, 1):
        frontier = {iri}
        for distance in range(1, FARTHEST + 1):
            found = _links(view, frontier, upstream=side < 0)
            links |= {(link.iri, link.supplier, link.buyer): link for link in found}
            frontier = {link.supplier if side < 0 else link.buyer for link in found} - places.keys()
            if not frontier:
                break
            places |= dict.fromkeys(frontier, side * distance)
    nodes = _nodes(view, set(places), language)
    tiers: dict[int, list[Node]] = defaultdict(list)
    for node in sorted(nodes.values(), key=lambda node: (not node.named, node.label.casefold())):
        tiers[places[node.iri]].append(node)
    return Chain(iri, {place: tuple(tiers[place]) for place in sorted(tiers)}, tuple(links.values()))


def described_tiers(view: View, cluster: str, language: str) -> list[tuple[Node, list[Tier]]]:
    """The chains that pass through a cluster, each with the tiers that its source describes, the farthest first."""
    rows = view.select(
        f"{sparql_prologue()}SELECT ?chain ?tier ?number ?actor WHERE {{ "
        f"VALUES ?cluster {{ {sparql_text(Iri(cluster))} }} "
        "?chain hrdd:passesThrough ?cluster ; hrdd:hasTier ?tier . ?tier hrdd:tierNumber ?number . "
        "OPTIONAL { ?tier hrdd:hasActor ?actor } }"
    )
    actors = _nodes(view, {row[3].value for row in rows.rows if isinstance(row[3], Iri)}, language)
    say = labels_for(view, {term for row in rows.rows for term in row[:2] if term is not None}, language)
    found: dict[Iri, dict[Iri, tuple[int, list[Node]]]] = defaultdict(dict)
    for chain, tier, number, actor in rows.rows:
        if isinstance(chain, Iri) and isinstance(tier, Iri) and isinstance(number, Literal):
            entry = found[chain].setdefault(tier, (int(number.value), []))
            if isinstance(actor, Iri):
                entry[1].append(actors[actor.value])
    return [
        (
            Node(chain.value, say(chain), True),
            sorted(
                (
                    Tier(tier.value, say(tier), number, tuple(sorted(nodes, key=lambda n: (not n.named, n.label))))
                    for tier, (number, nodes) in tiers.items()
                ),
                key=lambda tier: (-tier.number, tier.label),
            ),
        )
        for chain, tiers in sorted(found.items(), key=lambda item: say(item[0]))
    ]


def _links(view: View, nodes: set[str], *, upstream: bool) -> list[Link]:
    known, wanted = ("buyer", "supplier") if upstream else ("supplier", "buyer")
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?link ?supplier ?buyer ?status WHERE {{ "
        f"VALUES ?{known} {{ {' '.join(sorted(sparql_text(Iri(node)) for node in nodes))} }} "
        f"?link {_LINK[0]} ?supplier ; {_LINK[1]} ?buyer ; a hrdd:StandingRecord ; hrdd:hasStatus ?status "
        f"FILTER ( isIRI(?{wanted}) ) }}"
    )
    return [
        Link(link.value, supplier.value, buyer.value, isinstance(status, Iri) and status.value in _WEAK)
        for link, supplier, buyer, status in rows.rows
        if isinstance(link, Iri) and isinstance(supplier, Iri) and isinstance(buyer, Iri)
    ]


def _nodes(view: View, iris: set[str], language: str) -> dict[str, Node]:
    terms: set[Term] = {Iri(iri) for iri in iris}
    if not terms:
        return {}
    say = labels_for(view, terms, language)
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?node WHERE {{ "
        f"VALUES ?node {{ {' '.join(sorted(map(sparql_text, terms)))} }} "
        "VALUES ?kind { hrdd:UnnamedParty hrdd:CollectiveParty } ?node a ?kind }"
    )
    unnamed = {row[0].value for row in rows.rows if isinstance(row[0], Iri)}
    return {iri: Node(iri, say(Iri(iri)), iri not in unnamed) for iri in iris}
