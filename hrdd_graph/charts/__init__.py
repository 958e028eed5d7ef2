"""Charts of what is in a view: each module of this package counts something, and its bars are drawn alike.

A module has ``TITLE``, ``SUMMARY`` and ``chart(material)``; add a file, get a picture with its
data at ``/pictures/<name>``. Its words are marked for the message files of the pages.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from hrdd_graph.gaps.counts import Counts
from hrdd_graph.gaps.run import Run
from hrdd_graph.view import View


@dataclass(frozen=True)
class Material:
    """What a chart is made from: a view, a run of the rules over it, the facets of its findings, and the language."""

    view: View
    run: Run
    counts: Counts
    language: str


@dataclass(frozen=True)
class Bar:
    """A row: an address (or ""), its name, and a number for each series."""

    iri: str
    label: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class Chart:
    """Series by key, each with its English name and the class that colours it; and the bars in order."""

    series: Mapping[str, tuple[str, str]]
    bars: Sequence[Bar]


class Kind(Protocol):
    """A kind of chart, as its module makes it."""

    TITLE: str
    SUMMARY: str
    chart: Callable[[Material], Chart]


@cache
def names() -> tuple[str, ...]:
    """The names of all charts, as addresses have them."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)))


def kind(name: str) -> Kind:
    """The chart with a name of ``names``."""
    return cast(Kind, import_module(f"{__name__}.{name.replace('-', '_')}"))
