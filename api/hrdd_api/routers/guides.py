"""The guides: how people are protected, how to send evidence, how the graph works."""

from __future__ import annotations

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from hrdd_api.asked import AskedDep
from hrdd_api.guides import SECTIONS, guides, markup
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.problems import Refusal, near
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute

router = APIRouter(tags=["Service"], route_class=ContainedRoute)


@router.get("/guide", summary="The guides", openapi_extra=sends(JSON, HTML))
def listed(request: Request, asked: AskedDep) -> Response:
    """What there is to read, in three parts: step by step, how to, how it works."""
    form = choose_for(request, JSON, HTML)
    found = list(guides().values())

    def body() -> bytes:
        if form is JSON:
            return as_json({"guides": [{"path": f"/guide/{one.path}", "title": one.title} for one in found]})
        parts = {folder: [one for one in found if one.folder == folder] for folder in SECTIONS}
        return page(request, "guides.html", guides=parts)

    return reply(request, form, body, tag=("guides", *(one.text for one in found)), language="en")


@router.get("/guide/{folder}/{name}", summary="A guide", openapi_extra=sends(JSON, HTML))
def guide(request: Request, folder: str, name: str, asked: AskedDep) -> Response:
    """A guide of the documentation; for programs its Markdown."""
    form = choose_for(request, JSON, HTML)
    one = guides().get(f"{folder}/{name}")
    if one is None:
        raise Refusal("not-found", f"{folder}/{name} is not a guide.", near(name, guides()) or "/guide lists them.")

    def body() -> bytes:
        if form is JSON:
            return as_json({"path": f"/guide/{one.path}", "title": one.title, "markdown": one.text})
        text = Markup(markup(one, str(request.scope.get("root_path", ""))))  # noqa: S704  (made of our own file)
        return page(request, "guide.html", title=one.title, text=text)

    return reply(request, form, body, tag=("guide", one.text), language="en")
