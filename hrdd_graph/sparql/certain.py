"""Variables that may be bound before a query or chosen by after it: the rows are the same."""

from __future__ import annotations

from collections.abc import Iterable

from hrdd_graph.sparql.tokens import tokens

# Whoever counts, nests, or makes something anew says something about all values together.
_WHOLE = (
    *("SELECT", "GROUP", "HAVING", "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "SERVICE"),
    *("RAND", "UUID", "STRUUID", "BNODE", "NOW"),
)


def certainly_bound(head: str, body: str, behind: str, names: Iterable[str]) -> frozenset[str]:
    """Those of the variables for which joining a value first gives the same rows as choosing by the value afterwards.

    ``head`` is a SELECT query up to its outermost group, ``body`` what the group holds, ``behind`` the rest. A variable
    must occur first in a triple pattern of that group itself, so that whatever follows sees it bound; no path may have
    length zero, which is there for values that the graph does not know.
    """
    first, *projection = tokens(head)
    inside = tokens(body)
    whole = [*projection, *inside, *tokens(behind)]
    if not first.is_word("SELECT") or any(t.is_word(*_WHOLE) or t.is_mark("*") or t.is_mark("?") for t in whole):
        return frozenset()
    wanted, seen, found = set(names), set(), set()
    depth = 0
    for before, token in zip([None, *inside], inside, strict=False):
        depth += sum(map(token.is_mark, "{([")) - sum(map(token.is_mark, "})]"))
        if (name := token.variable) and name not in seen:
            seen.add(name)
            if depth == 0 and name in wanted and not (before and before.is_word("GRAPH", "VALUES")):
                found.add(name)
    return frozenset(found)
