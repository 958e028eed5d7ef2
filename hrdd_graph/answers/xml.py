"""SPARQL's own XML results: terms without names."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.answers._standard import write_results

MEDIA_TYPE = "application/sparql-results+xml"
EXTENSION = "xml"
KINDS = ("rows", "boolean")


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write the rows or the boolean."""
    write_results(answer, "xml", stream)
