"""TriG: the statements of a graph."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.results import graph_document

MEDIA_TYPE = "application/trig"
EXTENSION = "trig"
KINDS = ("graph",)


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write the statements, each once and in a stable order."""
    stream.write(graph_document(answer.triples, "trig"))
