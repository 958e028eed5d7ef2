"""The timeline of a thing at an address of its own: what was known of it and what was done, with its data."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedOfViewDep, reader_language
from hrdd_api.describe import describe
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import CSV, HTML, JSON, SVG, choose_for
from hrdd_api.openapi import sends
from hrdd_api.pages.finding import drawn
from hrdd_api.policies import own_style_policy
from hrdd_api.problems import Refusal, our_node
from hrdd_api.rendering import href, page, speech
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.chronology import Dated, events_about
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import IDS
from hrdd_graph.pictures.svg import style
from hrdd_graph.report._spreadsheet import sheet

router = APIRouter(tags=["Pictures"], route_class=ContainedRoute)
OFFERED = (JSON, HTML, CSV, SVG)
_COLUMNS = tuple(field.name for field in fields(Dated))


@router.get("/pictures/timeline/{kind}/{slug:path}", summary="What happened when", openapi_extra=sends(*OFFERED))
def timeline(request: Request, knowledge: KnowledgeDep, kind: str, slug: str, asked: AskedOfViewDep) -> Response:
    """The dated records about an organisation, a cluster, a site, ...: as a picture in two lanes, and as a table."""
    form = choose_for(request, *OFFERED)
    node = our_node(f"id/{kind}/{slug}")
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    if not describe(view, node.value, 1):
        raise Refusal("not-found", f"Nothing in this view is known as {node.value}.", "/id lists what there is.")
    root, say = str(request.scope.get("root_path", "")), speech(request)

    def body() -> bytes:
        events = events_about(view, [node], language, themselves=node.value.startswith(f"{IDS}abuse/"))
        if form is CSV:
            return sheet(_COLUMNS, map(_row, events))
        label = labels_for(view, [node], language)(node)
        if form is JSON:
            return as_json({"about": node.value, "asOf": view.as_of.isoformat(), "rows": list(map(_row, events))})
        picture = drawn(events, view.as_of, lambda iri: href(iri, root), say)
        if form is SVG:
            return picture.document()
        return page(
            request,
            "timeline.html",
            title=label,
            about=node.value,
            events=events,
            svg=picture.inline(),
            asked=asked,
            view=view,
            offered=OFFERED,
        )

    headers = {"Content-Security-Policy": own_style_policy(style())} if form is SVG else {}
    return reply(request, form, body, tag=(view.digest, view.as_of), language=language, headers=headers)


def _row(event: Dated) -> dict[str, object]:
    row = {name: getattr(event, name) for name in _COLUMNS}
    return row | {name: day.isoformat() for name, day in row.items() if isinstance(day, date)}
