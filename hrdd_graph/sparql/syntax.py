"""Whether a text is SPARQL, by the grammar of the embedded store."""

from __future__ import annotations

import pyoxigraph

from hrdd_graph.namespaces import HOME, PREFIXES


def check_syntax(query: str) -> None:
    """Parse a query on an empty store. Raises ``ValueError`` with the place where it is broken."""
    try:
        pyoxigraph.Store().query(query, prefixes=dict(PREFIXES), base_iri=HOME)
    except SyntaxError as error:
        raise ValueError(f"{error.msg}") from error


def evaluates(expression: str) -> bool:
    """Whether an expression without variables has a value, on an empty store."""
    answer = pyoxigraph.Store().query(f"SELECT ?value WHERE {{ BIND({expression} AS ?value) }}")
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return any(solution["value"] is not None for solution in answer)
