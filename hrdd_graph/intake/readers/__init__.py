"""Files that are no table, read as rows: a module for each ending of a file's name, which it is named after.

A module has ``rows(path, at, headers)``, which gives the rows at a place in the file, such as ``Goods/Good`` in XML,
and none where the file has no such place: the cells of a row are what stands in it, under paths such as
``conventions/c 138 ratified``, and what stands around it. ``headers`` are those that the profile asks for. Adding a
module adds a form. Tables are read by ``hrdd_graph.intake.tables``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from hrdd_graph.intake.tables import Row
from hrdd_graph.plugins import modules_in


class Reader(Protocol):
    """A form of files."""

    def rows(self, path: Path, at: str, headers: Iterable[str] = ()) -> Iterator[Row]:
        """The rows at a place. Raises ``UnusableInput``, also while they are read."""
        ...


@cache
def endings() -> frozenset[str]:
    """The endings that have a reader."""
    return frozenset(modules_in(__path__))


def reader_of(path: Path) -> Reader | None:
    """The reader of a file by its name's ending; ``None`` for a table."""
    ending = path.suffix.lower().removeprefix(".")
    return cast(Reader, import_module(f"{__name__}.{ending}")) if ending in endings() else None
