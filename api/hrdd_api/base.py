"""The address under which a caller reached this server."""

from __future__ import annotations

from fastapi import Request

from hrdd_api.problems import Refusal
from hrdd_graph.terms import Iri


def base_of(request: Request) -> str:
    """The server's address, without a slash at its end. Refuses a Host field that makes no address."""
    base = str(request.base_url).rstrip("/")
    try:
        return Iri(base).value
    except ValueError:
        raise Refusal("bad-request", "The Host field is not part of an address.", "Send the server's name.") from None
