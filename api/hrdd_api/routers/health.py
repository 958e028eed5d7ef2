"""Health and documentation of the service itself."""

from __future__ import annotations

import platform
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from hrdd_api.asked import AskedDep
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_api.warming import Warming
from hrdd_graph import __version__

router = APIRouter(tags=["Service"], route_class=ContainedRoute)


class HealthDocument(TypedDict):
    """Which graph answers, with how many graphs, rules and queries, and by which versions."""

    status: str
    graphDigest: str
    graphs: int
    rules: int
    queries: int
    versions: dict[str, str]


@router.get(
    "/health",
    summary="Whether the service can answer",
    responses={503: {"description": "The store does not answer"}},
    openapi_extra=sends(JSON, HTML, shape=HealthDocument),
)
def health(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """Asks the store itself, and says which graph and which versions answer."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.fresh_view()  # never from memory; a StoreError becomes 503
    document: HealthDocument = {
        "status": "ok",
        "graphDigest": view.digest,
        "graphs": len(view.entries),
        "rules": len(knowledge.rules),
        "queries": len(knowledge.templates),
        "versions": {"hrdd-graph": __version__, "build": knowledge.build, "python": platform.python_version()},
    }
    if form is JSON:
        return reply(request, form, lambda: as_json(document))
    return reply(request, form, lambda: page(request, "health.html", health=document))


@router.get(
    "/health/ready",
    summary="Whether a reader of the gaps would not have to wait",
    responses={503: {"description": "The rules are being evaluated"}},
    openapi_extra=sends(JSON),
)
def ready(request: Request, asked: AskedDep) -> Response:
    """For a balancer: 503 while the gap rules are evaluated for the present graph and day, as after a start or a build.

    Everything else is answered meanwhile.
    """
    choose_for(request, JSON)
    warming: Warming = request.app.state.warming
    if not warming.is_done:
        warming.begin()
        what = "The gap rules are being evaluated for the present graph and day; everything else is answered."
        raise Refusal("preparing", what, "Ask again shortly.", headers={"Retry-After": "5"})
    return reply(request, JSON, lambda: as_json({"status": "ready"}))


@router.get("/health/live", summary="Whether the process answers at all", openapi_extra=sends(JSON))
async def live() -> Response:
    """Asks nothing of the store: for a supervisor that starts a hung process again."""
    return Response(b'{"status":"ok"}', headers={"Cache-Control": "no-store"}, media_type="application/json")


@router.get("/docs", summary="The operations of this service")
def docs(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """The OpenAPI description as a page that asks nothing of any other server."""
    form = choose_for(request, HTML, JSON)
    description: dict[str, Any] = request.app.openapi()
    if form is JSON:
        return reply(request, form, lambda: as_json(description), tag=("docs", knowledge.view().digest))
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["Other"])[0]
            groups.setdefault(tag, []).append({"path": path, "method": method.upper(), **operation})
    return reply(
        request,
        form,
        lambda: page(request, "docs.html", groups=groups, info=description["info"]),
        tag=("docs", knowledge.view().digest),
    )
