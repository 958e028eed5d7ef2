"""TSV: as CSV, with tabs between and no quotes; tabs and line ends in a value become spaces."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.answers._cells import cells, columns, remarks
from hrdd_graph.report._spreadsheet import harmless

MEDIA_TYPE = "text/tab-separated-values"
EXTENSION = "tsv"
KINDS = ("rows",)


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write a header, the rows, and remarks that begin with ``#``."""
    lines = [columns(answer), *cells(answer), *([f"# {line}"] for line in remarks(answer))]
    for line in lines:
        stream.write("\t".join(harmless(" ".join(cell.split())) for cell in line).encode() + b"\n")
