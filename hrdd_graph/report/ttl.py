"""Turtle: the findings as SHACL validation results."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.report._triples import run_triples
from hrdd_graph.terms import RdfFormat, serialize

MEDIA_TYPE = "text/turtle"
BINARY = False


def write(run: Run, stream: BinaryIO) -> None:
    """Write the run and its findings as Turtle."""
    serialize(run_triples(run), stream, RdfFormat.TURTLE, prefixes=dict(PREFIXES))
