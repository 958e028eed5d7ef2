"""A group of a query that is answered beforehand: its solutions stand in its place, as a VALUES block.

A group is evaluated by itself (https://www.w3.org/TR/sparql11-query/#sparqlAlgebra), so that the rows are the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_graph.namespaces import compact
from hrdd_graph.sparql.tokens import closing, tokens
from hrdd_graph.store.base import Rows
from hrdd_graph.terms import BlankNode, Term, sparql_text


def groups_of_graph(text: str, graph: str) -> list[tuple[int, int]]:
    """Where each ``GRAPH name { ... }`` of a named graph begins and ends in a part of a query."""
    stream = tokens(text)
    names = (compact(graph), f"<{graph}>")
    return [
        (token.start, stream[closing(stream, n + 2)].end)
        for n, token in enumerate(stream[:-2])
        if token.is_word("GRAPH") and stream[n + 1].text in names and stream[n + 2].is_mark("{")
    ]


def solutions_text(rows: Rows) -> str:
    """Solutions as a VALUES block. Those with a blank node are left out: it has no name that a store would know."""
    named = (row for row in rows.rows if not any(isinstance(term, BlankNode) for term in row))
    return f"VALUES ( {' '.join(f'?{name}' for name in rows.variables)} ) {{ {' '.join(map(_line, named))} }}"


def _line(row: Iterable[Term | None]) -> str:
    return f"({' '.join('UNDEF' if term is None else sparql_text(term) for term in row)})"
