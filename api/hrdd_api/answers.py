"""Answers to queries: which formats fit which kind of answer, and how rows look as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Literal, cast

from hrdd_api.negotiation import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    RESULTS_JSON,
    RESULTS_XML,
    TSV,
    Format,
)
from hrdd_api.replies import written
from hrdd_graph.labels import Labels
from hrdd_graph.namespaces import PREFIXES, compact
from hrdd_graph.results import GRAPH_FORMATS, write_answer
from hrdd_graph.store import Answer, Rows
from hrdd_graph.terms import Iri, Term, Triple, serialize
from hrdd_graph.terms import Literal as RdfLiteral
from hrdd_graph.view import View

Kind = Literal["rows", "graph", "boolean"]

# What the SPARQL protocol's endpoint offers. JSON comes twice: under its own media type, and under the general one.
TABLES = (RESULTS_JSON, Format("json", "application/json"), RESULTS_XML, CSV, TSV, HTML)
BOOLEANS = (RESULTS_JSON, Format("json", "application/json"), RESULTS_XML, HTML)
OFFERED: dict[Kind, tuple[Format, ...]] = {"rows": TABLES, "graph": (*GRAPHS, HTML), "boolean": BOOLEANS}
# What a template offers: a document of our own first.
TEMPLATE_OFFERED: dict[Kind, tuple[Format, ...]] = {
    "rows": (JSON, HTML, RESULTS_JSON, RESULTS_XML, CSV, TSV),
    "graph": (*GRAPHS, HTML),
    "boolean": (JSON, HTML, RESULTS_JSON, RESULTS_XML),
}
KINDS: dict[str, Kind] = {"SELECT": "rows", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}

WRITERS = {"srj": "json"}  # the library's names where ours differ


def rows_of(answer: Answer) -> Rows:
    """The rows of an answer of the kind ``rows``."""
    solutions = cast(Any, answer)
    names = tuple(variable.value for variable in solutions.variables)
    return Rows(names, tuple(tuple(solution) for solution in solutions))


def triples_of(answer: Answer) -> list[Triple]:
    """The statements of an answer of the kind ``graph``."""
    return list(cast(Iterable[Triple], answer))


def serialised(view: View, answer: Answer, form: Format) -> bytes:
    """An answer in one of the standard formats."""
    return written(lambda stream: write_answer(view, answer, WRITERS.get(form.name, form.name), stream))


def graph_bytes(triples: Iterable[Triple], form: Format, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Statements in one of the formats for graphs."""

    def write(stream: BinaryIO) -> None:
        serialize(triples, stream, GRAPH_FORMATS[form.name], prefixes=dict(prefixes))

    return written(write)


def term_document(term: Term, say: Labels) -> dict[str, Any]:
    """A term as plain data: an address with its short form and label, or a value with its datatype or language."""
    if isinstance(term, Iri):
        return {"iri": term.value, "id": compact(term.value), "label": say(term)}
    if isinstance(term, RdfLiteral):
        kind = {"language": term.language} if term.language else {"datatype": compact(term.datatype.value)}
        return {"value": term.value, **kind}
    return {"blank": term.value}


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
