"""Where services differ: their answers in one spelling, what says that one is cut, which are not to be relied on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from hrdd_graph.terms import Literal, Term

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_SPELLED = {"0": "false", "1": "true"}
_NODE_ID = "nodeID://"
_SPECIAL = (_BOOLEAN.encode(), _NODE_ID.encode(), _NODE_ID.replace("/", "\\/").encode())

_MOST_ROWS = "x-sparql-maxrows"
_TIME_IS_UP = "S1TAT"

PROBE = "SELECT (true AS ?yes) WHERE {}"
_YES = Literal("true", datatype=Literal(True).datatype)
_UNRELIABLE = re.compile(r"\bVirtuoso/0*7\.")


def in_one_spelling(content: bytes) -> bytes:
    """SPARQL results in JSON as the standard spells them. Raises ``ValueError`` for what is not JSON.

    Virtuoso 7 writes booleans as 0 and 1, and blank nodes as addresses.
    """
    if not any(special in content for special in _SPECIAL):
        return content
    document = json.loads(content)
    for row in document.get("results", {}).get("bindings", ()):
        for cell in row.values():
            if cell.get("datatype") == _BOOLEAN:
                cell["value"] = _SPELLED.get(cell["value"], cell["value"])
            elif cell.get("type") == "bnode":
                cell["value"] = cell["value"].removeprefix(_NODE_ID)
    return json.dumps(document).encode()


def rows_cut_at(headers: Mapping[str, str]) -> int | None:
    """The number of rows at which an answer was cut, where the service says so; Virtuoso does only when it cuts."""
    told = headers.get(_MOST_ROWS, "")
    return int(told) if told.isdigit() else None


def why_incomplete(headers: Mapping[str, str]) -> str:
    """Why an answer is a part only, where the service says so: Virtuoso gives what it has when its time is up."""
    return headers.get("x-sql-message", "no time was left") if headers.get("x-sql-state") == _TIME_IS_UP else ""


def why_unreliable(software: str, yes: Term | None) -> str:
    """Why a service cannot be relied on for the rules' queries, as the end of a sentence; empty where nothing is known.

    ``software`` is what it says of itself in the header Server, and ``yes`` its answer to ``PROBE``: a proxy may hide
    the first, and Virtuoso 7 is also known by the second, in which it takes true for the number 1.
    """
    if _UNRELIABLE.search(software):
        return f"{software.split(maxsplit=1)[0]} is known to answer some queries wrongly"
    if yes != _YES:
        return "it takes true for another value, as Virtuoso 7 does, which is known to answer some queries wrongly"
    return ""
