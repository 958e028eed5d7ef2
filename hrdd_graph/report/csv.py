"""CSV: one finding a row, addresses beside labels."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.report._document import flat_row, footer
from hrdd_graph.report._spreadsheet import harmless

MEDIA_TYPE = "text/csv"
BINARY = False

COLUMNS = (
    "severity", "severity reason", "waived by", "waived until", "reason of waiver", "rank", "rank when weights move",
    "score", "scale", "scope", "irremediability", "likelihood", "rule", "rule label", "focus", "focus IRI", "about",
    "about IRI", "message", "details", "provisions", "sources", "advice", "would be settled by", "finding IRI",
)  # fmt: skip


def write(run: Run, stream: BinaryIO) -> None:
    """Write a header, a row for each finding, and comment lines with the day, the graphs and their licences."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    for finding in run.findings:
        rows.writerow({name: harmless(value) for name, value in flat_row(run, finding).items()})
    for line in footer(run):
        csv.writer(text, lineterminator="\r\n").writerow([f"# {line}"])
    text.detach()
