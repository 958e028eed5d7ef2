"""Charts of what is in a view: each module of this package counts something by row; most are drawn as bars.

A module has ``TITLE``, ``SUMMARY`` and ``chart(material)``; add a file, get a picture with its
data at ``/pictures/<name>``. Its words are marked for the message files of the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from hrdd_graph.gaps.counts import Counts
from hrdd_graph.gaps.run import Run
from hrdd_graph.pictures import bars as bar_chart
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.plugins import modules_in
from hrdd_graph.view import View


@dataclass(frozen=True)
class Material:
    """What a chart is made from: a view, a run of the rules over it, the facets of its findings, and the language."""

    view: View
    run: Run
    counts: Counts
    language: str


class Drawing(Protocol):
    """Draws a title, a description, the series in the reader's language, and rows of label, link and numbers."""

    def __call__(
        self,
        title: str,
        description: str,
        series: Mapping[str, tuple[str, str]],
        rows: Sequence[tuple[str, str, Mapping[str, float]]],
    ) -> Picture: ...


@dataclass(frozen=True)
class Bar:
    """A row: an address (or ""), its name, and a number for each series."""

    iri: str
    label: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class Chart:
    """Series by key, each with its English name and the class that colours it; the rows in order; what draws them."""

    series: Mapping[str, tuple[str, str]]
    bars: Sequence[Bar]
    draw: Drawing = bar_chart.bars


class Kind(Protocol):
    """A kind of chart, as its module makes it."""

    TITLE: str
    SUMMARY: str
    chart: Callable[[Material], Chart]


@cache
def names() -> tuple[str, ...]:
    """The names of all charts, as addresses have them."""
    return tuple(name.replace("_", "-") for name in modules_in(__path__))


def kind(name: str) -> Kind:
    """The chart with a name of ``names``."""
    return cast(Kind, import_module(f"{__name__}.{name.replace('-', '_')}"))
