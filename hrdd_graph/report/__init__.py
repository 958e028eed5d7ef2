"""Findings on paper and for programs: each module of this package writes a run in the format that it is named after.

A module has ``MEDIA_TYPE``, ``BINARY`` and ``write(run, stream)``; adding a file adds a format.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import BinaryIO, Protocol, cast

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.run import Run


class Writer(Protocol):
    """A format: its media type, whether it is unfit for a terminal, and how a run is written in it."""

    MEDIA_TYPE: str
    BINARY: bool

    def write(self, run: Run, stream: BinaryIO) -> None:
        """Write the whole run to a binary stream."""
        ...


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def writer(name: str) -> Writer:
    """The writer of a format. Raises ``UnusableInput`` naming the formats that there are."""
    if name not in formats():
        raise UnusableInput.one("--format", f"{name} is not a format.", fix=f"Choose one of {', '.join(formats())}.")
    return cast(Writer, import_module(f"{__name__}.{name}"))
