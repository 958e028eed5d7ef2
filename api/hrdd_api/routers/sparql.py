"""SPARQL 1.1 Protocol, queries only: https://www.w3.org/TR/sparql11-protocol/."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from werkzeug.http import parse_options_header

from hrdd_api.answers import OFFERED, WRITERS, Kind, graph_bytes, iris, row_documents, shown_variables
from hrdd_api.base import base_of
from hrdd_api.bodies import small_body
from hrdd_api.drawn import MOST, NotDrawable, kind, names
from hrdd_api.drawn._reading import read
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import GRAPHS, HTML, SVG, choose_for, choose_language
from hrdd_api.openapi import sends
from hrdd_api.policies import own_style_policy, page_policy
from hrdd_api.problems import Refusal, near
from hrdd_api.rendering import href, page, speech
from hrdd_api.replies import reply, stream
from hrdd_api.routing import ContainedRoute
from hrdd_graph.description._statements import EXTRA_PREFIXES
from hrdd_graph.description.service import service
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.naming import names_for
from hrdd_graph.pictures.svg import Picture, style
from hrdd_graph.report._document import EMPTY
from hrdd_graph.results import read_rows
from hrdd_graph.sparql.guard import guarded
from hrdd_graph.store import Rows
from hrdd_graph.store.limited import Answering
from hrdd_graph.view import View

router = APIRouter(tags=["SPARQL"], route_class=ContainedRoute)

_DRAWN = (SVG, HTML)
_ALL = (*dict.fromkeys(form for forms in OFFERED.values() for form in forms), SVG)
_GRAPH_NAMES = {"type": "array", "items": {"type": "string"}}
_DESCRIBED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("query", "A SPARQL 1.1 query; without it, the service description or a page to write one.", {"type": "string"}),
    ("default-graph-uri", "The graphs that make up the default graph.", _GRAPH_NAMES),
    ("named-graph-uri", "The graphs that GRAPH reaches.", _GRAPH_NAMES),
    ("picture", "Draw the answer: as a graph, a chart or a map.", {"type": "string", "enum": list(names())}),
    ("format", "The representation, where Accept and a suffix do not say.", {"type": "string"}),
    ("language", "The language of labels on the page.", {"type": "string"}),
)
_PARAMETERS = tuple(name for name, _, _ in _DESCRIBED)
_PASSED_OVER = ("output", "results")  # what clients say to other servers beside Accept; SPARQLWrapper sends all of them
# The editor resizes columns with a style element of its own, which is allowed by what it says.
_EDITOR_STYLES = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
_EDITOR_HEADERS = {"Content-Security-Policy": page_policy(styles=_EDITOR_STYLES)}
_EXAMPLE = """SELECT ?abuse ?label WHERE {
  ?abuse a hrdd:Abuse ; rdfs:label ?label .
}
ORDER BY ?label
LIMIT 20"""


@dataclass(frozen=True)
class Operation:
    """A query operation of the protocol: the text, and the graphs that the caller chose."""

    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    language: str
    picture: str


@router.get(
    "/sparql",
    summary="Query by GET, or the service description",
    openapi_extra=sends(*_ALL)
    | {
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": about, "schema": schema}
            for name, about, schema in _DESCRIBED
        ]
    },
)
def sparql_get(request: Request, knowledge: KnowledgeDep) -> Response:
    """Answer ``?query=``. Without a query: a page to write one, or for programs the service description."""
    pairs = request.query_params.multi_items()
    if not any(name in ("query", "update") for name, _ in pairs):
        operation_of([*pairs, ("query", "")])  # refuses what is unknown
        return _without_query(request, knowledge)
    return _answer(request, knowledge, operation_of(pairs))


@router.post(
    "/sparql",
    summary="Query by POST",
    openapi_extra=sends(*_ALL)
    | {
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
                },
            },
        }
    },
)
def sparql_post(request: Request, knowledge: KnowledgeDep, body: Annotated[bytes, Depends(small_body)]) -> Response:
    """Answer a query sent as a form, or directly as ``application/sparql-query``."""
    media_type, options = parse_options_header(request.headers.get("content-type", "").lower())
    if options.get("charset", "utf-8") not in ("utf-8", "us-ascii"):
        what = f"A body in {options['charset']} is not understood."
        raise Refusal("unsupported-media-type", what, "Send the query in UTF-8.")
    pairs = request.query_params.multi_items()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("bad-request", "The body is not UTF-8.", "Send the query in UTF-8.") from None
    if media_type == "application/sparql-query":
        pairs.append(("query", text))
    elif media_type == "application/x-www-form-urlencoded":
        try:
            pairs += parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
        except ValueError:
            raise Refusal(
                "bad-request", "The body is not a form.", "Send query=... percent-encoded in UTF-8."
            ) from None
    elif media_type == "application/sparql-update":
        raise Refusal("unsupported-media-type", "This service only reads; updates are refused.", "Send a query.")
    else:
        raise Refusal(
            "unsupported-media-type",
            f"A body of type {media_type or 'none'} is not understood.",
            "Send application/sparql-query or application/x-www-form-urlencoded.",
        )
    return _answer(request, knowledge, operation_of(pairs))


def operation_of(pairs: list[tuple[str, str]]) -> Operation:
    """The operation in a request's parameters. Refuses what the protocol does not know, and updates."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values or "using-graph-uri" in values or "using-named-graph-uri" in values:
        raise Refusal("bad-request", "This service only reads; updates are refused.", "Send a query.")
    for name in values:
        if name not in (*_PARAMETERS, *_PASSED_OVER):
            raise Refusal(
                "bad-parameter",
                f"{name} is not a parameter of this address.",
                near(name, _PARAMETERS) or f"It has {', '.join(_PARAMETERS)}.",
            )
    queries = values.get("query", [])
    if len(queries) != 1:
        raise Refusal("bad-request", f"{len(queries)} queries were sent.", "Send exactly one.")
    default, named = (tuple(values.get(name, ())) for name in ("default-graph-uri", "named-graph-uri"))
    language, picture = ((values.get(name) or [""])[0] for name in ("language", "picture"))
    if picture and picture not in names():
        raise Refusal("bad-parameter", f"{picture} is not a picture.", f"There are {', '.join(names())}.")
    return Operation(queries[0], default, named, language, picture)


def _answer(request: Request, knowledge: Knowledge, operation: Operation) -> Response:
    view = knowledge.view()
    if not operation.query.strip():
        raise Refusal("bad-query", "The query is empty.", "Write a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    text, scope = guarded(view, operation.query, default=operation.default, named=operation.named)
    settings = knowledge.settings
    running = ExitStack()
    try:
        answer = running.enter_context(
            knowledge.queries_over(view).answer(text, scope, wait=settings.query_wait_seconds)
        )
        form = choose_for(request, *(_DRAWN if operation.picture else OFFERED[cast(Kind, answer.kind)]))
        if form not in _DRAWN:
            return stream(form, answer.pieces(WRITERS.get(form.name, form.name)), running.close)
    except BaseException:
        running.close()
        raise
    with running:
        shown = _shown(answer, MOST if operation.picture else settings.page_rows)
    if form is SVG:
        drawn = _drawn(request, knowledge, view, operation, answer, shown)
        if isinstance(drawn, NotDrawable):
            raise Refusal("bad-parameter", drawn.what, drawn.fix)
        return reply(request, form, drawn.document, headers={"Content-Security-Policy": own_style_policy(style())})
    return reply(
        request, form, lambda: _page(request, knowledge, view, operation, answer, shown), headers=_EDITOR_HEADERS
    )


def _shown(answer: Answering, rows: int) -> bytes:
    """As much of the answer as the page has room for."""
    return b"".join(answer.pieces("ttl" if answer.kind == "graph" else "json", rows))


def _drawn(
    request: Request, knowledge: Knowledge, view: View, operation: Operation, answer: Answering, shown: bytes
) -> Picture | NotDrawable:
    """The answer as a picture, or why it is none."""
    root, say = str(request.scope.get("root_path", "")), speech(request)
    language = _language(request, knowledge, view, operation)
    try:
        held = read(view, answer.kind, shown, language, lambda iri: href(iri, root), say, more=answer.truncated)
        return kind(operation.picture).draw(held)
    except NotDrawable as reason:
        return reason


def _language(request: Request, knowledge: Knowledge, view: View, operation: Operation | None) -> str:
    known = knowledge.names(view).languages
    return choose_language(known, request.headers.get("accept-language"), operation.language if operation else None)


def _editor(request: Request) -> dict[str, object]:
    """What the editor of the page has to know: where to ask, the prefixes, and where terms and examples are."""
    root, say = str(request.scope.get("root_path", "")), speech(request)
    return {
        "endpoint": f"{root}/sparql",
        "prefixes": dict(PREFIXES),
        "terms": f"{root}/ontology",
        "examples": f"{root}/queries/NAME.rq",
        "pictures": [{"name": name, "title": say(kind(name).TITLE)} for name in names()],
        "words": {
            "drawing": say("Drawing …"),
            "stopped": say("The picture could not be drawn."),
            "query": say("Query"),
            "size": say("Rows on a page"),
            "filter": say("Filter the rows"),
        },
    }


def _page(
    request: Request,
    knowledge: Knowledge,
    view: View,
    operation: Operation | None = None,
    answer: Answering | None = None,
    shown: bytes = b"",
) -> bytes:
    language = _language(request, knowledge, view, operation)
    say = speech(request)
    context: dict[str, object] = {
        "variables": [],
        "rows": [],
        "more": answer is not None and answer.truncated,
        "boolean": None,
        "text": operation.query if operation else _EXAMPLE,
        "asked": operation is not None,
        "prefixes": sorted(PREFIXES.items()),
        "empty": EMPTY,
        "turtle": "",
        "templates": [(template.name, template.summary) for template in knowledge.templates],
        "settings": _editor(request),
        "kinds": [(name, say(kind(name).TITLE)) for name in names()],
        "chosen": operation.picture if operation else "",
        "drawn": None,
    }
    if answer is not None and operation is not None:
        if operation.picture:
            context["drawn"] = _drawn(request, knowledge, view, operation, answer, shown)
        match answer.kind:
            case "boolean":
                context["boolean"] = json.loads(shown)["boolean"]
            case "graph":
                context["turtle"] = shown.decode()
            case "rows":
                found = read_rows(shown)
                rows = Rows(found.variables, found.rows[: knowledge.settings.page_rows])
                context["more"] = context["more"] or len(rows.rows) < len(found.rows)
                context["variables"] = shown_variables(rows.variables)
                context["rows"] = row_documents(rows, names_for(view, iris(rows), language))
    return page(request, "sparql.html", **context)


def _without_query(request: Request, knowledge: Knowledge) -> Response:
    view = knowledge.view()
    form = choose_for(request, *GRAPHS, HTML)
    if form is HTML:
        return reply(
            request, form, lambda: _page(request, knowledge, view), tag=(view.digest,), headers=_EDITOR_HEADERS
        )
    endpoint = f"{base_of(request)}/sparql"

    def body() -> bytes:
        return graph_bytes(service(view, knowledge.numbers(view), endpoint), form, {**PREFIXES, **EXTRA_PREFIXES})

    return reply(request, form, body, tag=(view.digest, endpoint))
