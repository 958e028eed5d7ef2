"""Answers to queries, written for people or for programs."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from typing import BinaryIO, TypeVar

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from hrdd_graph.errors import UnusableInput
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import PREFIXES, compact
from hrdd_graph.store import Answer, Rows
from hrdd_graph.terms import Iri, RdfFormat, Term, Triple, order_key, serialize
from hrdd_graph.view import View

TABLE_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
}
F = TypeVar("F")
FORMATS = ("table", *TABLE_FORMATS, *GRAPH_FORMATS)


def write_answer(view: View, answer: Answer, name: str, stream: BinaryIO, *, language: str = "en") -> None:
    """Write an answer in a format of ``FORMATS``. Raises ``UnusableInput`` where the two do not go together."""
    if isinstance(answer, QueryBoolean):
        if name == "table":
            stream.write(b"yes\n" if answer else b"no\n")
        else:
            answer.serialize(stream, _choose(TABLE_FORMATS, name))
        return
    if isinstance(answer, QuerySolutions):
        if name == "table":
            names = tuple(variable.value for variable in answer.variables)
            write_table(view, Rows(names, tuple(tuple(row) for row in answer)), stream, language)
        else:
            answer.serialize(stream, _choose(TABLE_FORMATS, name))
        return
    _choose(GRAPH_FORMATS, "ttl" if name == "table" else name)
    stream.write(graph_document(answer, "ttl" if name == "table" else name))


def ordered(triples: Iterable[Triple]) -> list[Triple]:
    """Statements, each once and in a stable order."""
    return sorted(set(triples), key=_triple_key)


def _triple_key(triple: Triple) -> tuple[object, ...]:
    places = (triple.subject, triple.predicate, triple.object)
    return tuple((4, str(place), "", "") if isinstance(place, Triple) else order_key(place) for place in places)


def read_rows(document: bytes) -> Rows:
    """The rows of a SPARQL JSON result."""
    found = parse_query_results(document, QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return Rows(tuple(variable.value for variable in found.variables), tuple(tuple(row) for row in found))


def graph_document(triples: Iterable[Triple], name: str) -> bytes:
    """Statements in a format of ``GRAPH_FORMATS``, each once and in a stable order."""
    written = serialize(ordered(triples), format=GRAPH_FORMATS[name], prefixes=dict(PREFIXES))
    assert written is not None
    return written


def write_table(view: View, rows: Rows, stream: BinaryIO, language: str = "en", *, counted: bool = True) -> None:
    """Write solutions as a table for the terminal, with labels for addresses; ``counted`` says below how many."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    say = labels_for(view, [t for row in rows.rows for t in row if isinstance(t, Iri)], language)
    # A cell names what it points to, so that a label column of its own would say it twice.
    told = {f"{name}Label" for name in rows.variables}
    kept = [n for n, name in enumerate(rows.variables) if name not in told]
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    width = max(80, shutil.get_terminal_size((120, 40)).columns)
    console = Console(file=text, width=width, highlight=False)
    table = Table(*(rows.variables[n] for n in kept), box=None, pad_edge=False, header_style="bold")
    for row in rows.rows:
        table.add_row(*(Text(_cell(say, row[n])) for n in kept))
    console.print(table)
    if counted:
        console.print(Text(f"{len(rows.rows)} rows" if rows.rows else "Nothing in this view.", "dim"))
    text.detach()


def write_remarks(lines: Iterable[str], stream: BinaryIO) -> None:
    """Write lines for the terminal that are not broken: a receipt is copied as one word."""
    from rich.console import Console
    from rich.text import Text

    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    console = Console(file=text, highlight=False)
    for line in lines:
        console.print(Text(line, "dim"), soft_wrap=True)
    text.detach()


def _cell(say: Labels, term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, Iri):
        label, short = say(term), compact(term.value)
        return label if label == short or short.startswith("hrdd:") else f"{label} ({short})"
    return term.value


def _choose(choices: dict[str, F], name: str) -> F:
    if name not in choices:
        raise UnusableInput.one(
            "--format", f"{name} does not fit this kind of answer.", fix=f"Choose one of table, {', '.join(choices)}."
        )
    return choices[name]
