"""A table for the terminal, with names for addresses; a graph as Turtle. The last line is the receipt."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.answers._cells import remarks
from hrdd_graph.results import graph_document, write_remarks, write_table

MEDIA_TYPE = "text/plain"
EXTENSION = "txt"
KINDS = ("rows", "graph", "boolean")


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write the answer for a person at a terminal."""
    if answer.kind == "boolean":
        stream.write(b"yes\n" if answer.boolean else b"no\n")
    elif answer.kind == "graph":
        stream.write(graph_document(answer.triples, "ttl"))
        stream.write("".join(f"# {line}\n" for line in remarks(answer)).encode())
        return
    else:
        write_table(answer.view, answer.rows, stream, answer.language, counted=False)
    write_remarks(remarks(answer), stream)
