"""SPARQL results, written row by row, so that an answer of any length needs no memory and can be cut at a limit.

JSON: https://www.w3.org/TR/sparql11-results-json/, XML: https://www.w3.org/TR/rdf-sparql-XMLres/, CSV and TSV:
https://www.w3.org/TR/sparql11-results-csv-tsv/. A cut answer says so: JSON by ``"truncated": true`` beside the
results, XML by a comment, CSV and TSV by a last line that begins with ``# truncated``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from hrdd_graph.terms import BlankNode, Iri, Literal, Term, Triple

Row: TypeAlias = Sequence[Term | Triple | None]
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_CHUNK = 1 << 16


class Rows:
    """The rows of an answer up to a limit. ``count`` and ``truncated`` are known when all have been read.

    ``truncated`` may be said beforehand, of rows that somebody else has cut.
    """

    def __init__(self, rows: Iterator[Row], limit: int, *, truncated: bool = False) -> None:
        self._rows = rows
        self._limit = limit
        self.count = 0
        self.truncated = truncated

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            if self.count == self._limit:
                self.truncated = True
                return
            self.count += 1
            yield row

    @property
    def remark(self) -> str:
        """What a cut answer says of itself."""
        return f"truncated: the first {self.count} rows; there are more"


def written(name: str, variables: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """The answer in the format ``json``, ``xml``, ``csv`` or ``tsv``, in pieces of some 64 KiB."""
    return _pieces(WRITERS[name](variables, rows))


def boolean(name: str, value: bool) -> bytes:
    """The answer to ASK as ``json`` or ``xml``."""
    if name == "json":
        return b'{"head":{},"boolean":%s}' % (b"true" if value else b"false")
    word = "true" if value else "false"
    return f"{_XML_OPENING}<head></head><boolean>{word}</boolean></sparql>".encode()


def _pieces(parts: Iterator[str]) -> Iterator[bytes]:
    kept: list[str] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield "".join(kept).encode()
            kept, size = [], 0
    if kept:
        yield "".join(kept).encode()


def _json(variables: Sequence[str], rows: Rows) -> Iterator[str]:
    yield f'{{"head":{{"vars":{json.dumps(list(variables))}}},"results":{{"bindings":['
    separator = ""
    for row in rows:
        bound = {name: _json_term(term) for name, term in zip(variables, row, strict=True) if term is not None}
        yield separator + json.dumps(bound, ensure_ascii=False, separators=(",", ":"))
        separator = ","
    yield ']},"truncated":true}' if rows.truncated else "]}}"


def _json_term(term: Term | Triple) -> dict[str, Any]:
    if isinstance(term, Iri):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    found = {"type": "literal", "value": term.value}
    if term.language:
        return {**found, "xml:lang": term.language}
    return found if term.datatype.value == _XSD_STRING else {**found, "datatype": term.datatype.value}


_XML_OPENING = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _xml(variables: Sequence[str], rows: Rows) -> Iterator[str]:
    names = [quoteattr(name) for name in variables]
    head = "".join(f"<variable name={name}/>" for name in names)
    yield f"{_XML_OPENING}<head>{head}</head><results>"
    for row in rows:
        cells = "".join(
            f"<binding name={name}>{_xml_term(term)}</binding>"
            for name, term in zip(names, row, strict=True)
            if term is not None
        )
        yield f"<result>{cells}</result>"
    yield f"</results>{f'<!-- {rows.remark} -->' if rows.truncated else ''}</sparql>"


def _xml_term(term: Term | Triple) -> str:
    if isinstance(term, Iri):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    if isinstance(term, Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return "<triple>" + "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts) + "</triple>"
    value = escape(term.value, {"\r": "&#xD;"})
    if term.language:
        return f"<literal xml:lang={quoteattr(term.language)}>{value}</literal>"
    if term.datatype.value == _XSD_STRING:
        return f"<literal>{value}</literal>"
    return f"<literal datatype={quoteattr(term.datatype.value)}>{value}</literal>"


def _csv(variables: Sequence[str], rows: Rows) -> Iterator[str]:
    line = io.StringIO()
    write = csv.writer(line).writerow

    def flushed() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    write(variables)
    yield flushed()
    for row in rows:
        write(["" if term is None else str(term) if _is_symbol(term) else _value(term) for term in row])
        yield flushed()
    if rows.truncated:
        yield f"# {rows.remark}\r\n"


def _is_symbol(term: Term | Triple) -> bool:
    return isinstance(term, BlankNode | Triple)


def _value(term: Term | Triple) -> str:
    assert isinstance(term, Iri | Literal)
    return term.value


def _tsv(variables: Sequence[str], rows: Rows) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in variables) + "\n"
    for row in rows:
        yield "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"
    if rows.truncated:
        yield f"# {rows.remark}\n"


WRITERS: dict[str, Callable[[Sequence[str], Rows], Iterator[str]]] = {
    "json": _json,
    "xml": _xml,
    "csv": _csv,
    "tsv": _tsv,
}
