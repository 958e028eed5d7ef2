"""Rights as a wall, and where they are infringed as a heat map: a page, a picture and a table at one address."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hrdd_api.asked import AskedOfView, reader_language
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import CSV, HTML, JSON, SVG, choose_for
from hrdd_api.openapi import sends
from hrdd_api.pages import rights as walls
from hrdd_api.policies import own_style_policy
from hrdd_api.rendering import href, page, speech
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.pictures.svg import style
from hrdd_graph.rights import Spread, abuses_of_provisions, spread
from hrdd_graph.terms import Iri

router = APIRouter(tags=["Rights"], route_class=ContainedRoute)
OFFERED = (JSON, HTML, CSV, SVG)


class AskedOfRights(AskedOfView):
    """Parameters of the heat map."""

    by: Literal["cluster", "country", "sector"] = Field("cluster", description="What stands in its columns.")


@router.get("/rights", summary="Rights, and where they are infringed", openapi_extra=sends(*OFFERED))
def rights(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfRights, Query()]) -> Response:
    """The Universal Declaration and the Guiding Principles, each provision with its abuses and findings; and how many
    abuses of each article are on record, by cluster, country or sector.
    """
    form = choose_for(request, *OFFERED)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    root = str(request.scope.get("root_path", ""))

    def body() -> bytes:
        found = spread(view, asked.by, language)
        if form is CSV:
            return _csv(found)
        if form is JSON:
            return as_json({"by": asked.by, "asOf": view.as_of.isoformat(), "counts": _rows(found)})
        say = speech(request)
        picture = walls.heat(found, lambda iri: href(iri, root), say)
        if form is SVG:
            return picture.document()
        _, counts = knowledge.counts(view, language)
        return page(
            request,
            "rights.html",
            walls=walls.walls(view, counts, abuses_of_provisions(view), language, say),
            picture=picture.inline() if found.counts else "",
            found=found,
            asked=asked,
            offered=OFFERED,
            say=lambda iri: found.labels(Iri(iri)),
            language=language,
        )

    headers = {"Content-Security-Policy": own_style_policy(style())} if form is SVG else {}
    return reply(request, form, body, tag=(view.digest, view.as_of), language=language, headers=headers)


def _rows(found: Spread) -> list[dict[str, object]]:
    return [
        {
            "article": article,
            "articleLabel": found.labels(Iri(article)),
            found.dimension: column,
            f"{found.dimension}Label": found.labels(Iri(column)),
            "abuses": found.counts[article, column],
        }
        for article in found.articles
        for column in found.columns
        if (article, column) in found.counts
    ]


def _csv(found: Spread) -> bytes:
    stream = io.StringIO()
    names = ["article", "articleLabel", found.dimension, f"{found.dimension}Label", "abuses"]
    writer = csv.DictWriter(stream, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_rows(found))
    return stream.getvalue().encode()
