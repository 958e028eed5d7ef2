"""The wall of rights: every article and principle as a tile with what is on record about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hrdd_api.pages.words import Say
from hrdd_graph.gaps.counts import Counts
from hrdd_graph.labels import labels_for
from hrdd_graph.pictures.heat import heat_map, shade
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.rights import ARTICLES, PRINCIPLES, Spread
from hrdd_graph.terms import Iri
from hrdd_graph.view import View


@dataclass(frozen=True)
class Tile:
    """A provision: its number, its name, and how many abuses and findings touch it. ``step`` is the shade of abuses."""

    iri: str
    number: int
    name: str
    abuses: int
    findings: int
    step: int


@dataclass(frozen=True)
class Wall:
    """An instrument's provisions, and the facet that narrows gaps down to one of them."""

    title: str
    facet: str
    tiles: list[Tile]


def walls(view: View, counts: Counts, abuses: Mapping[str, int], language: str, say: Say) -> list[Wall]:
    """The Universal Declaration and the UN Guiding Principles."""
    return [
        _wall(view, say("Universal Declaration of Human Rights"), "right", ARTICLES, counts, abuses, language),
        _wall(view, say("UN Guiding Principles"), "principle", PRINCIPLES, counts, abuses, language),
    ]


def _wall(
    view: View,
    title: str,
    facet: str,
    provisions: tuple[str, ...],
    counts: Counts,
    abuses: Mapping[str, int],
    language: str,
) -> Wall:
    found = Counter(value for tied in counts.ties[facet].values() for value in tied)
    names = labels_for(view, map(Iri, provisions), language)
    most = max((abuses.get(iri, 0) for iri in provisions), default=0)
    tiles = []
    for number, iri in enumerate(provisions, 1):
        short = names(Iri(iri)).partition(": ")
        count = abuses.get(iri, 0)
        tiles.append(Tile(iri, number, short[2] or short[0], count, found[iri], shade(count, most)))
    return Wall(title, facet, tiles)


def heat(found: Spread, href: Callable[[str], str], say: Say) -> Picture:
    """The heat map of abuses by article and column."""
    names = found.labels
    rows, columns = ([(iri, names(Iri(iri)), href(iri)) for iri in iris] for iris in (found.articles, found.columns))
    told = say("{rows} articles, {columns} columns; the table has the same numbers.")
    return heat_map(
        say("Abuses on record by right and place"),
        told.format(rows=len(rows), columns=len(columns)),
        rows,
        columns,
        found.counts,
    )
