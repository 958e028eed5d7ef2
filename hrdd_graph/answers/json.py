"""JSON: the rows with names beside addresses, and the receipt under ``meta``."""

from __future__ import annotations

from typing import Any, BinaryIO

import orjson

from hrdd_graph.answers._answer import EMPTY, TemplateAnswer
from hrdd_graph.labels import Labels, term_document
from hrdd_graph.terms import Term

MEDIA_TYPE = "application/json"
EXTENSION = "json"
KINDS = ("rows", "graph", "boolean")


def document(answer: TemplateAnswer) -> dict[str, Any]:
    """The answer as plain data."""
    template, say = answer.template, answer.labels
    meta = {
        "query": template.name,
        "version": template.version,
        "summary": template.summary,
        **answer.receipt.document(),
        "count": answer.receipt.rows,
        "truncated": answer.more,
    }
    if answer.kind == "boolean":
        return {"meta": meta, "answer": answer.boolean}
    if answer.kind == "graph":
        names: tuple[str, ...] = ("subject", "predicate", "object")
        lines: list[tuple[Any, ...]] = [(t.subject, t.predicate, t.object) for t in answer.triples]
        shown = list(names)
    else:
        names, lines, shown = answer.rows.variables, list(answer.rows.rows), answer.shown_variables
    meta |= {"variables": shown, "order": list(template.order)}
    rows = [_row(dict(zip(names, line, strict=True)), shown, say) for line in lines]
    return {"meta": meta, "rows": rows} | ({} if rows else {"note": EMPTY})


def _row(terms: dict[str, Term | None], shown: list[str], say: Labels) -> dict[str, Any]:
    return {name: term_document(term, say) for name in shown if (term := terms[name]) is not None}


def write(answer: TemplateAnswer, stream: BinaryIO) -> None:
    """Write the answer as one JSON document."""
    stream.write(orjson.dumps(document(answer), option=orjson.OPT_APPEND_NEWLINE))
