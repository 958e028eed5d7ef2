"""Formats of an audit file: each module of this package writes one, and is named after it.

A module has ``MEDIA_TYPE``, ``BINARY`` and ``write(dossier, stream)``; adding a file adds a format.
"""

from __future__ import annotations

from functools import cache
from typing import BinaryIO, Protocol, cast

from hrdd_graph.dossier.model import Dossier
from hrdd_graph.plugins import format_module, modules_in


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
    return modules_in(__path__)


def writer(name: str) -> Writer:
    """The writer of a format. Raises ``UnusableInput`` naming the formats that there are."""
    return cast(Writer, format_module(__name__, formats(), name))
