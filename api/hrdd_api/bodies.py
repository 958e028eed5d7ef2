"""Reading what a caller sends, up to a limit."""

from __future__ import annotations

from fastapi import Request
from starlette.requests import ClientDisconnect

from hrdd_api.knowledge import Knowledge
from hrdd_api.problems import Refusal


async def small_body(request: Request) -> bytes:
    """The whole body. Refuses one that is larger than the settings allow, or that broke off."""
    knowledge: Knowledge = request.app.state.knowledge
    limit = knowledge.settings.max_query_bytes
    found = bytearray()
    try:
        async for chunk in request.stream():
            found += chunk
            if len(found) > limit:
                raise Refusal("too-large", f"The request is larger than {limit} bytes.", "Send less at a time.")
    except ClientDisconnect:
        raise Refusal("bad-request", "The request broke off.") from None
    return bytes(found)
