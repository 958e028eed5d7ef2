"""Answers to queries as pictures: each module of this package draws one kind, and is named as a caller asks for it.

A module has ``TITLE``, ``SUMMARY`` and ``draw(answer)``; adding a file adds a picture, at ``/sparql?picture=<name>``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from hrdd_graph.labels import Labels
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.plugins import modules_in
from hrdd_graph.store import Rows
from hrdd_graph.terms import Triple
from hrdd_graph.view import View

MOST = 2000  # rows or statements that a picture is made from


@dataclass(frozen=True)
class Answer:
    """An answer to draw: rows, or the statements of a graph; names for what is in it; where links lead; the words of
    the reader's language. ``more`` where it goes on.
    """

    view: View
    rows: Rows
    triples: Sequence[Triple]
    names: Labels
    href: Callable[[str], str]
    say: Callable[[str], str]
    language: str
    more: bool = False


class NotDrawable(Exception):
    """An answer that this kind of picture says nothing about: what is lacking, and what to ask for."""

    def __init__(self, what: str, fix: str) -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what} {fix}")


class Kind(Protocol):
    """A kind of picture, as its module makes it."""

    TITLE: str
    SUMMARY: str
    draw: Callable[[Answer], Picture]


@cache
def names() -> tuple[str, ...]:
    """The names of all kinds, as ``picture`` has them."""
    return modules_in(__path__)


def kind(name: str) -> Kind:
    """The kind with a name of ``names``."""
    return cast(Kind, import_module(f"{__name__}.{name}"))
