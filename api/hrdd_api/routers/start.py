"""The start page: what is in the view, and three ways in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedOfViewDep, reader_language
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.pages import start as shown
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routers.catalog import entry_document
from hrdd_api.routing import ContainedRoute
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, IDS
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

router = APIRouter(tags=["Start"], route_class=ContainedRoute)

# What a reader wants to know the number of, and the folder that lists it.
_COUNTED = (
    ("IndustrialCluster", "cluster"),
    ("Organisation", "organisation"),
    ("Abuse", "abuse"),
    ("Risk", "risk"),
    ("Commitment", "commitment"),
    ("Response", "response"),
    ("Source", "source"),
)


@router.get("/", summary="What is in the view, and the ways in")
def start(request: Request, knowledge: KnowledgeDep, asked: AskedOfViewDep) -> Response:
    """Counts of what the view holds, its data sets with their licences, and where to go on."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        document: dict[str, Any] = {
            "holds": _counts(view, language),
            "graphs": [entry_document(entry) for entry in view.entries if not entry.is_vocabulary],
            "asOf": view.as_of.isoformat(),
            "graphDigest": view.digest,
            "ways": {
                "gaps": "/gaps",
                "queries": "/queries",
                "things": "/id",
                "sparql": "/sparql",
                "catalog": "/catalog",
            },
        }
        if form is JSON:
            return as_json(document)
        run, counts = knowledge.counts(view, language)
        root = str(request.scope.get("root_path", ""))
        return page(
            request,
            "start.html",
            start=document,
            asked=asked,
            rules=len(run.rules),
            levels=shown.levels(run, f"{root}/gaps"),
            busiest=shown.busiest(run, counts),
            articles=shown.articles(run, counts, root),
            commonest=shown.commonest(run, f"{root}/gaps"),
            language=language,
        )

    return reply(request, form, body, tag=(view.digest, view.as_of), language=language)


def _counts(view: View, language: str) -> list[dict[str, Any]]:
    names = " ".join(f"hrdd:{name}" for name, _ in _COUNTED)
    rows = view.select(
        "PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#> SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) "
        f"WHERE {{ VALUES ?kind {{ {names} }} ?thing a ?kind . FILTER(isIRI(?thing)) }} GROUP BY ?kind"
    )
    counts = {
        row[0].value: int(row[1].value) for row in rows.rows if isinstance(row[0], Iri) and isinstance(row[1], Literal)
    }
    say = labels_for(view, [HRDD[name] for name, _ in _COUNTED], language)
    return [
        {
            "iri": HRDD[name].value,
            "label": say(HRDD[name]),
            "count": counts.get(HRDD[name].value, 0),
            "list": IDS + folder,
        }
        for name, folder in _COUNTED
    ]
