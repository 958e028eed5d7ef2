"""Findings on paper and for programs: each module of this package writes a run in the format that it is named after.

A module has ``MEDIA_TYPE``, ``BINARY`` and ``write(run, stream)``; adding a file adds a format.
"""

from __future__ import annotations

from functools import cache
from typing import BinaryIO, Protocol, cast

from hrdd_graph.gaps.run import Run
from hrdd_graph.plugins import format_module, modules_in


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
    return modules_in(__path__)


def writer(name: str) -> Writer:
    """The writer of a format. Raises ``UnusableInput`` naming the formats that there are."""
    return cast(Writer, format_module(__name__, formats(), name))
