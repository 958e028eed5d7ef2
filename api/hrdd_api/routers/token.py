"""The caller's own token: what it allows, and until when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from hrdd_api.access import token_with
from hrdd_api.asked import AskedDep
from hrdd_api.negotiation import JSON, choose_for
from hrdd_api.openapi import needs, sends
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.access import Token

router = APIRouter(tags=["Service"], route_class=ContainedRoute)


class TokenDocument(TypedDict):
    """The caller's token, without its secret."""

    id: str
    name: str
    scopes: list[str]
    created: str
    expires: str


@router.get(
    "/token",
    summary="What the caller's token allows",
    openapi_extra=sends(JSON, shape=TokenDocument) | needs(),
    responses={401: {"description": "No token, or one that does not hold"}},
)
def token(request: Request, asked: AskedDep, held: Annotated[Token, Depends(token_with())]) -> Response:
    """Its name, its scopes and the moment at which it ends. Without a token there is nothing to say."""
    document: TokenDocument = {
        "id": held.id,
        "name": held.name,
        "scopes": list(held.scopes),
        "created": held.created.isoformat(),
        "expires": held.expires.isoformat(),
    }
    return reply(request, choose_for(request, JSON), lambda: as_json(document))
