"""Where services differ from the embedded store: their answers in one spelling, and which are not to be relied on."""

from __future__ import annotations

import json
import re

from hrdd_graph.terms import Literal, Term

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_SPELLED = {"0": "false", "1": "true"}
_NODE_ID = "nodeID://"
_SPECIAL = (_BOOLEAN.encode(), _NODE_ID.encode(), _NODE_ID.replace("/", "\\/").encode())

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
