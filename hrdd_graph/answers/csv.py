"""CSV: an address and its name in columns of their own; the last lines tell the licence and the receipt."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.answers._cells import cells, columns, remarks
from hrdd_graph.report._spreadsheet import harmless

MEDIA_TYPE = "text/csv"
EXTENSION = "csv"
KINDS = ("rows",)


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write a header, the rows, and remarks that begin with ``#``."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(columns(answer))
    for row in cells(answer):
        rows.writerow(map(harmless, row))
    for line in remarks(answer):
        rows.writerow([f"# {line}"])
    text.detach()
