"""Answers of query templates, for people and programs: each module writes one in the format that it is named after.

A module has ``MEDIA_TYPE``, ``EXTENSION``, ``KINDS`` (which of ``rows``, ``graph`` and ``boolean`` it can write) and
``write(answer, stream)``; adding a file adds a format, on the command line and over HTTP.
"""

from __future__ import annotations

from functools import cache
from typing import BinaryIO, Protocol, cast

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.errors import UnusableInput
from hrdd_graph.plugins import format_module, modules_in


class Writer(Protocol):
    """A format: its media type, the ending of its files, and the kinds of answers that fit it."""

    MEDIA_TYPE: str
    EXTENSION: str
    KINDS: tuple[str, ...]

    def write(self, answer: TemplateAnswer, stream: BinaryIO) -> None:
        """Write the answer to a binary stream."""
        ...


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats."""
    return modules_in(__path__)


@cache
def writer(name: str) -> Writer:
    """The writer of a format. Raises ``UnusableInput`` naming the formats that there are."""
    return cast(Writer, format_module(__name__, formats(), name))


def writer_for(kind: str, name: str) -> Writer:
    """The writer of a format for a kind of answer. Raises ``UnusableInput`` naming those that fit."""
    found = writer(name)
    if kind not in found.KINDS:
        fitting = ", ".join(other for other in formats() if kind in writer(other).KINDS)
        what = f"{name} does not fit this kind of answer."
        raise UnusableInput.one("--format", what, fix=f"Choose one of {fitting}.")
    return found
