"""The standard formats of SPARQL results."""

from __future__ import annotations

from typing import BinaryIO

from hrdd_graph.answers._answer import TemplateAnswer
from hrdd_graph.sparql import results


def write_results(answer: TemplateAnswer, form: str, stream: BinaryIO) -> None:
    """Write rows or a boolean; where the rows are a page of more, the document says that it is cut."""
    if answer.kind == "boolean":
        stream.write(results.boolean(form, answer.boolean))
        return
    rows = results.Rows(iter(answer.rows.rows), len(answer.rows.rows), truncated=answer.more)
    for piece in results.written(form, answer.rows.variables, rows):
        stream.write(piece)
