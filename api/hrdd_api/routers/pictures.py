"""Pictures: the style sheet that they share."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from hrdd_api.routing import ContainedRoute
from hrdd_graph.pictures.svg import style

router = APIRouter(tags=["Pictures"], route_class=ContainedRoute)


@router.get("/pictures/style.css", include_in_schema=False)
def style_sheet() -> Response:
    """The style sheet of all pictures."""
    return Response(style(), 200, {"Cache-Control": "max-age=3600"}, media_type="text/css")
