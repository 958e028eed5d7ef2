"""Where services differ from the embedded store though they mean the same: their answers in one spelling."""

from __future__ import annotations

import json

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_SPELLED = {"0": "false", "1": "true"}


def in_one_spelling(content: bytes) -> bytes:
    """SPARQL results in JSON with booleans as words; Virtuoso 7 writes them as 0 and 1. Raises ``ValueError``."""
    if _BOOLEAN.encode() not in content:
        return content
    document = json.loads(content)
    for row in document.get("results", {}).get("bindings", ()):
        for cell in row.values():
            if cell.get("datatype") == _BOOLEAN:
                cell["value"] = _SPELLED.get(cell["value"], cell["value"])
    return json.dumps(document).encode()
