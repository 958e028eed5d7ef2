"""Where agents come in: what tools there are. Calls are posted to the same address."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.agents import INSTRUCTIONS
from hrdd_api.asked import AskedDep
from hrdd_api.base import base_of
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_api.tools import operations

router = APIRouter(tags=["Service"], route_class=ContainedRoute)


@router.get("/mcp", summary="The tools for agents")
def tools(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """The tools of the Model Context Protocol, each an operation of this service; POST to this address calls them."""
    if request.headers.get("accept", "").strip().startswith("text/event-stream"):
        fix = "Send each message by POST; its answer is JSON."
        raise Refusal("method-not-allowed", "There is no stream of events here.", fix, headers={"Allow": "POST"})
    form = choose_for(request, JSON, HTML)
    endpoint = f"{base_of(request)}/mcp"
    found: dict[str, Any] = {
        "endpoint": endpoint,
        "transport": "streamable-http",
        "instructions": INSTRUCTIONS,
        "tools": [
            {"name": name, "title": operation.described["summary"], "operation": operation.path}
            for name, operation in operations(request.app.openapi()).items()
        ],
    }

    def body() -> bytes:
        return as_json(found) if form is JSON else page(request, "mcp.html", mcp=found)

    return reply(request, form, body, tag=(endpoint, knowledge.view().digest))
