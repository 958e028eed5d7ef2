"""Reading an answer into what pictures are drawn from."""

from __future__ import annotations

from collections.abc import Callable

from hrdd_api.answers import iris, shown_variables
from hrdd_api.drawn import Answer, NotDrawable
from hrdd_graph.naming import names_for
from hrdd_graph.results import read_rows
from hrdd_graph.speech import mark
from hrdd_graph.store import Rows
from hrdd_graph.terms import RdfFormat, Triple, parse, parts
from hrdd_graph.view import View


def read(
    view: View,
    kind: str,
    document: bytes,
    language: str,
    href: Callable[[str], str],
    say: Callable[[str], str],
    *,
    more: bool,
) -> Answer:
    """An answer of a kind: rows as SPARQL's JSON, or a graph as Turtle. Raises ``NotDrawable`` for yes and no."""
    if kind == "boolean":
        raise NotDrawable(
            say(mark("Yes or no is no picture.")), say(mark("Ask for two columns of things, or CONSTRUCT a graph."))
        )
    if kind == "graph":
        found = [quad.triple for quad in parse(document, RdfFormat.TURTLE)]
        triples = [triple for triple in found if not isinstance(triple.object, Triple)]
        terms = {term for triple in triples for term in parts(triple)}
        return Answer(view, Rows((), ()), triples, names_for(view, terms, language), href, say, language, more)
    rows = _told_once(read_rows(document))
    return Answer(view, rows, (), names_for(view, iris(rows), language), href, say, language, more)


def _told_once(rows: Rows) -> Rows:
    """The rows without the columns that only name another."""
    kept = [rows.variables.index(name) for name in shown_variables(rows.variables)]
    return Rows(tuple(rows.variables[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in rows.rows))
