"""Pictures at addresses of their own, each with its data: charts of what is in a view, and the style that all share."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep, AskedOfViewDep, reader_language
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import CSV, HTML, JSON, SVG, choose_for
from hrdd_api.openapi import sends
from hrdd_api.policies import own_style_policy
from hrdd_api.problems import Refusal, near
from hrdd_api.rendering import href, page, speech
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.charts import Chart, Material, kind, names
from hrdd_graph.pictures.svg import style
from hrdd_graph.report._spreadsheet import sheet

router = APIRouter(tags=["Pictures"], route_class=ContainedRoute)
OFFERED = (JSON, HTML, CSV, SVG)


@router.get("/pictures/style.css", include_in_schema=False)
def style_sheet() -> Response:
    """The style sheet of all pictures."""
    return Response(style(), 200, {"Cache-Control": "max-age=3600"}, media_type="text/css")


@router.get("/pictures", summary="The charts there are", openapi_extra=sends(JSON, HTML))
def pictures(request: Request, asked: AskedDep) -> Response:
    """Each chart with its title and address."""
    form = choose_for(request, JSON, HTML)
    found = [{"picture": f"/pictures/{n}", "title": kind(n).TITLE, "summary": kind(n).SUMMARY} for n in names()]
    if form is JSON:
        return reply(request, form, lambda: as_json({"pictures": found}), tag=(*names(),))
    return reply(
        request,
        form,
        lambda: page(request, "pictures.html", pictures=found, offered=(JSON, HTML)),
        tag=(*names(),),
    )


@router.get("/pictures/{name}", summary="A chart, and its data", openapi_extra=sends(*OFFERED))
def picture(request: Request, knowledge: KnowledgeDep, name: str, asked: AskedOfViewDep) -> Response:
    """A chart as a page, as SVG, and as the table that it is drawn from."""
    form = choose_for(request, *OFFERED)
    if name not in names():
        raise Refusal("not-found", f"There is no picture {name}.", near(name, names()) or "/pictures lists them.")
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    root = str(request.scope.get("root_path", ""))
    say, made = speech(request), kind(name)

    def body() -> bytes:
        run, counts = knowledge.counts(view, language)
        chart = made.chart(Material(view, run, counts, language))
        if form is CSV:
            return sheet(["iri", "label", *chart.series], _rows(chart))
        if form is JSON:
            return as_json({"title": made.TITLE, "asOf": view.as_of.isoformat(), "rows": _rows(chart)})
        series = {key: (say(words), class_) for key, (words, class_) in chart.series.items()}
        rows = [(say(bar.label), href(bar.iri, root), bar.values) for bar in chart.bars]
        drawn = chart.draw(say(made.TITLE), say(made.SUMMARY), series, rows)
        if form is SVG:
            return drawn.document()
        context = {"title": say(made.TITLE), "summary": say(made.SUMMARY), "series": series, "rows": rows}
        return page(request, "picture.html", **context, svg=drawn.inline(), asked=asked, view=view, offered=OFFERED)

    headers = {"Content-Security-Policy": own_style_policy(style())} if form is SVG else {}
    return reply(request, form, body, tag=(view.digest, view.as_of), language=language, headers=headers)


def _rows(chart: Chart) -> list[dict[str, object]]:
    return [{"iri": bar.iri, "label": bar.label, **bar.values} for bar in chart.bars]
