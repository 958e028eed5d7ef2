"""What a page is made of. Writers know these few kinds and nothing of due diligence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Span:
    """A piece of text. ``href`` is an address, or ``#anchor`` for a place in the document; ``style`` is ``strong``,
    ``muted``, ``mono``, or ``high``, ``medium`` or ``low`` for a mark of severity.
    """

    text: str
    href: str = ""
    style: str = ""


Line: TypeAlias = tuple[Span, ...]
Cell: TypeAlias = tuple[Line, ...]  # the lines of a cell, one below the other


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1; ``anchor`` is its name in the document."""

    level: int
    line: Line
    anchor: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph. ``style`` is empty, ``lead`` for the sentence of a finding, or ``note`` for what limits it."""

    line: Line
    style: str = ""


@dataclass(frozen=True)
class Items:
    """A list of lines."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Pairs:
    """Names with what they stand for."""

    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Grid:
    """A table: headers, rows of cells, how wide each column is against the others, and what it shows (``caption``)."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    caption: str = ""


@dataclass(frozen=True)
class Box:
    """Blocks that belong together, such as one finding; ``style`` is its severity."""

    blocks: tuple[Block, ...]
    style: str = ""


Block: TypeAlias = Heading | Text | Items | Pairs | Grid | Box


@dataclass(frozen=True)
class Paper:
    """A whole document. ``created`` is the day that goes into a file's metadata as an ISO day."""

    title: str
    subtitle: str
    language: str
    created: str
    software: str
    contents: str
    blocks: tuple[Block, ...] = field(default=())

    def headings(self) -> Iterator[Heading]:
        """The headings of the second level, for a table of contents."""
        return (block for block in self.blocks if isinstance(block, Heading) and block.level == 2)


def line(*parts: Span | str) -> Line:
    """A line of spans; a text alone is a plain span."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts if part)


def cell(*lines: Line | Span | str) -> Cell:
    """A cell of lines; a text or span alone is a line."""
    return tuple(part if isinstance(part, tuple) else line(part) for part in lines if part)


def joined(parts: Iterable[Span | Line], between: str = "; ") -> Line:
    """Spans or lines in one line, with a text between them."""
    found: list[Span] = []
    for number, part in enumerate(parts):
        found += [Span(between)] if number else []
        found += part if isinstance(part, tuple) else [part]
    return tuple(found)
