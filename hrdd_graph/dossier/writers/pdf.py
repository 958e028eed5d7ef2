"""PDF: the same paper as the page, typeset by Typst; docs/decisions says how it was chosen."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, BinaryIO

from hrdd_graph.bounded import bound_memory
from hrdd_graph.dossier.blocks import Block, Box, Heading, Paper, Span
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.errors import UnusableInput

MEDIA_TYPE = "application/pdf"
BINARY = True

# A receipt has no space in it; it may go on in the next line after so many letters. Typst cuts addresses by itself.
_LONG = re.compile(r"(?<!\S)(?!https?://)\S{30,}")
_STEP = 4
_STRIPPED = dict.fromkeys(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the file; nothing is fetched for it. Raises ``UnusableInput`` where Typst is not installed."""
    stream.write(printed(said(paper_of(dossier))))


def said(paper: Paper) -> str:
    """What the paper says as JSON, the form in which the template takes it."""
    anchors = frozenset(_anchors(paper.blocks))
    headings = [_plain(heading, anchors) for heading in paper.headings()]
    return json.dumps({"paper": _plain(paper, anchors), "headings": headings})


def printed(said: str) -> bytes:
    """A paper as PDF, tagged for screen readers; equal papers give equal bytes where the fonts are the same."""
    typst, pikepdf = _engines()
    setting = {"sys_inputs": {"said": said}, "format": "pdf", "timestamp": 0}
    try:
        made = typst.compile(_template(), pdf_standards=["ua-1"], **setting)
    except typst.TypstError:  # a letter that no font of this machine has keeps a file from being called accessible
        made = typst.compile(_template(), **setting)
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as file:  # its thousands of links and tags as they come take twice the room
        file.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return stream.getvalue()


def _engines() -> tuple[Any, Any]:
    try:
        import pikepdf
        import typst
    except ImportError as error:
        raise missing("typst or pikepdf", "pdf") from error
    return typst, pikepdf


@cache
def _template() -> bytes:
    return (files("hrdd_graph.dossier.writers") / "pages" / "dossier.typ").read_bytes()


def _anchors(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading) and block.anchor:
            yield block.anchor
        elif isinstance(block, Box):
            yield from _anchors(block.blocks)


def _plain(value: object, anchors: frozenset[str]) -> object:
    """A block, and all in it, as dictionaries, lists and texts; each dictionary tells its kind."""
    if isinstance(value, Span):
        leads = value.href.startswith(("https://", "http://")) or value.href.removeprefix("#") in anchors
        return {"pieces": _pieces(value), "href": value.href if leads else "", "style": value.style}
    if is_dataclass(value):
        made = {field.name: _plain(getattr(value, field.name), anchors) for field in fields(value)}
        return {"kind": type(value).__name__} | made
    if isinstance(value, tuple):
        return [_plain(part, anchors) for part in value]
    return value.translate(_STRIPPED) if isinstance(value, str) else value


def _pieces(span: Span) -> list[str]:
    """The text of a span, cut where a line may break."""
    text = span.text.translate(_STRIPPED)
    cuts = [cut for run in _LONG.finditer(text) for cut in range(run.start() + _STEP, run.end(), _STEP)]
    return [text[start:end] for start, end in pairwise((0, *cuts, len(text)))]


def missing(package: str, form: str) -> UnusableInput:
    """The problem that a package for a format is not installed."""
    return UnusableInput.one(
        f"--format {form}", f"needs {package}, which is not installed.", fix="pip install 'hrdd-graph[report]'"
    )


NO_ENGINE, NO_MEMORY = 3, 4  # how the process below ends where it printed nothing; Typst ends it by a signal


def _main(megabytes: int) -> None:
    """A process of its own: what the paper says comes in, the PDF goes out, within so much memory."""
    try:
        _engines()
        bound_memory(megabytes << 20)
        made = printed(sys.stdin.buffer.read().decode())
    except UnusableInput:
        sys.exit(NO_ENGINE)
    except MemoryError:
        sys.exit(NO_MEMORY)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
