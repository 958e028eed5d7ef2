"""Answers to queries: which formats fit which kind of answer, and how rows look as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, BinaryIO, Literal, cast

from hrdd_api.negotiation import (
    CSV,
    GRAPHS,
    HTML,
    RESULTS_JSON,
    RESULTS_XML,
    TSV,
    Format,
)
from hrdd_api.replies import written
from hrdd_graph.answers import formats, writer
from hrdd_graph.labels import Labels, term_document
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.results import GRAPH_FORMATS
from hrdd_graph.store import Answer, Rows
from hrdd_graph.terms import Iri, Term, Triple, serialize

Kind = Literal["rows", "graph", "boolean"]

# What the SPARQL protocol's endpoint offers. JSON comes twice: under its own media type, and under the general one.
TABLES = (RESULTS_JSON, Format("json", "application/json"), RESULTS_XML, CSV, TSV, HTML)
BOOLEANS = (RESULTS_JSON, Format("json", "application/json"), RESULTS_XML, HTML)
OFFERED: dict[Kind, tuple[Format, ...]] = {"rows": TABLES, "graph": (*GRAPHS, HTML), "boolean": BOOLEANS}
# What a template offers: a document of our own first, or for a graph its statements, then every other format.
_FIRST = {"rows": ("json", "html"), "graph": ("ttl", "jsonld"), "boolean": ("json", "html")}


@cache
def template_formats(kind: str) -> tuple[Format, ...]:
    """The formats in which a template's answer of a kind is sent."""
    found = {name: writer(name) for name in formats() if name != "table" and kind in writer(name).KINDS}
    known = {name: Format(name, made.MEDIA_TYPE, made.EXTENSION.removeprefix(name)) for name, made in found.items()} | {
        "html": HTML
    }
    return tuple(known[name] for name in dict.fromkeys([*_FIRST[kind], *known]))


WRITERS = {"srj": "json"}  # the library's names where ours differ


def triples_of(answer: Answer) -> list[Triple]:
    """The statements of an answer of the kind ``graph``."""
    return list(cast(Iterable[Triple], answer))


def graph_bytes(triples: Iterable[Triple], form: Format, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Statements in one of the formats for graphs."""

    def write(stream: BinaryIO) -> None:
        serialize(triples, stream, GRAPH_FORMATS[form.name], prefixes=dict(prefixes))

    return written(write)


def shown_variables(variables: Sequence[str]) -> list[str]:
    """The columns without those that only name another: ``xLabel`` goes where ``x`` is."""
    return [name for name in variables if not (name.endswith("Label") and name.removesuffix("Label") in variables)]


def row_documents(rows: Rows, say: Labels) -> list[dict[str, Any]]:
    """Each row as a mapping of the variables that are bound in it."""
    shown = shown_variables(rows.variables)
    return [{name: term_document(row[name], say) for name in shown if name in row} for row in rows.dicts()]


def iris(rows: Rows) -> set[Term]:
    """Every address in the rows."""
    return {term for row in rows.rows for term in row if isinstance(term, Iri)}
