"""Formats of an audit file: each module of this package writes one, and is named after it.

A module has ``MEDIA_TYPE``, ``BINARY`` and ``write(dossier, stream)``; adding a file adds a format.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import BinaryIO, Protocol, cast

from hrdd_graph.dossier.model import Dossier
from hrdd_graph.errors import UnusableInput


class Writer(Protocol):
    """A format: its media type, whether it is unfit for a terminal, and how an audit file is written in it."""

    MEDIA_TYPE: str
    BINARY: bool

    def write(self, dossier: Dossier, stream: BinaryIO) -> None:
        """Write the file to a binary stream. Raises ``UnusableInput`` where a package that it needs is missing."""
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
