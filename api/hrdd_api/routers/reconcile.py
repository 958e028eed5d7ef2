"""Reconciliation API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

Names in, candidates out, each with a score and the features that it is made of. Identifiers are addresses without the
part that all of them share: ``id/organisation/nike``, ``udhr/article/23``.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, TypeAdapter, ValidationError
from starlette.responses import Response

from hrdd_api.asked import Asked
from hrdd_api.base import base_of
from hrdd_api.bodies import small_body
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.policies import FRAMED_POLICY
from hrdd_api.problems import Refusal, our_node
from hrdd_api.reconciling import BATCH, AskedName, Extension, candidates, extended, short_of, shown_kinds, type_of
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph import __version__
from hrdd_graph.matching.extend import properties_of
from hrdd_graph.matching.graph import USUAL_KINDS
from hrdd_graph.namespaces import HOME, PREFIXES

_BATCHES: TypeAdapter[dict[str, AskedName]] = TypeAdapter(dict[str, AskedName])
router = APIRouter(tags=["Reconciliation"], route_class=ContainedRoute)


class AskedOfManifest(Asked):
    """A batch sent by GET."""

    queries: str | None = Field(None, description="A batch of queries as JSON; without it the service's manifest.")
    extend: str | None = Field(None, description="A data extension as JSON.")


class AskedOfSuggestion(Asked):
    """What has been typed so far."""

    prefix: str = Field("", max_length=200, description="The beginning of a name.")
    cursor: int = Field(0, ge=0, le=10_000, description="How many suggestions to pass over.")


class AskedOfProposal(Asked):
    """Which kind of thing to propose properties for."""

    type: str = Field("", max_length=100, description="A class of the ontology, such as Organisation.")
    limit: int = Field(100, ge=1, le=500, description="How many properties at most.")


@router.get("/reconcile", summary="The reconciliation service's manifest, or a batch by GET", openapi_extra=sends(JSON))
def manifest(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfManifest, Query()]) -> Response:
    """Without ``queries`` the manifest: what this service can match, suggest, preview and extend."""
    if asked.queries is not None or asked.extend is not None:
        return _answer(request, knowledge, asked.queries, asked.extend)
    form = choose_for(request, JSON)
    base = base_of(request)
    return reply(request, form, lambda: as_json(_manifest(base)), tag=(base,))


@router.post(
    "/reconcile",
    summary="A batch of names, or a data extension",
    openapi_extra=sends(JSON)
    | {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}},
                    }
                }
            },
        }
    },
)
def reconcile(request: Request, knowledge: KnowledgeDep, body: Annotated[bytes, Depends(small_body)]) -> Response:
    """``queries`` holds up to 50 names, ``extend`` a data extension; both are JSON in a form field."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise Refusal(
            "unsupported-media-type",
            f"A body of type {media_type or 'none'} is not understood.",
            "Send application/x-www-form-urlencoded with queries=... or extend=...",
        )
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError:
        raise Refusal("bad-request", "The body is not a form.", "Percent-encode it in UTF-8.") from None
    return _answer(request, knowledge, *(next(iter(fields.get(name, [])), None) for name in ("queries", "extend")))


def _manifest(base: str) -> dict[str, Any]:
    def service(path: str) -> dict[str, str]:
        return {"service_url": base, "service_path": path}

    return {
        "versions": ["0.2"],
        "name": "hrdd-graph: human-rights due diligence",
        "identifierSpace": HOME,
        "schemaSpace": PREFIXES["hrdd"],
        "documentation": f"{base}/docs",
        "serviceVersion": __version__,
        "defaultTypes": [type_of(kind) for kind in USUAL_KINDS],
        "batchSize": BATCH,
        "view": {"url": f"{base}/{{{{id}}}}"},
        "preview": {"url": f"{base}/reconcile/preview?id={{{{id}}}}", "width": 430, "height": 300},
        "suggest": {
            "entity": service("/reconcile/suggest/entity"),
            "type": service("/reconcile/suggest/type"),
            "property": service("/reconcile/suggest/property"),
        },
        "extend": {
            "propose_properties": service("/reconcile/properties"),
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Most values",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values of each thing at most; 0 for all.",
                }
            ],
        },
    }


def _answer(request: Request, knowledge: Knowledge, queries: str | None, extend: str | None) -> Response:
    form = choose_for(request, JSON)
    view = knowledge.view()
    if queries is not None:
        batch = _read(_BATCHES, queries, "queries")
        if len(batch) > BATCH:
            raise Refusal("too-large", f"The batch holds {len(batch)} queries.", f"Send at most {BATCH} at a time.")
        directory = knowledge.directory(view)
        found = {key: {"result": candidates(view, directory, asked)} for key, asked in batch.items()}
        return reply(request, form, lambda: as_json(found))
    if extend is not None:
        wanted = _read(TypeAdapter(Extension), extend, "extend")
        return reply(request, form, lambda: as_json(extended(view, wanted)))
    raise Refusal("bad-request", "Neither queries nor extend was sent.", "Send one of them, as JSON.")


def _read(adapter: TypeAdapter[Any], text: str, name: str) -> Any:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        problems = [
            {"parameter": ".".join(map(str, (name, *found["loc"]))), "what": f"{found['msg']}."}
            for found in error.errors()[:10]
        ]
        first = problems[0]
        raise Refusal(
            "bad-parameter",
            f"{first['parameter']}: {first['what']}",
            "Write it as the Reconciliation API 0.2 lays down.",
            problems,
        ) from None


@router.get("/reconcile/suggest/entity", summary="Things whose name begins so", openapi_extra=sends(JSON))
def suggest_entity(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfSuggestion, Query()]) -> Response:
    """For auto-completion: up to ten things a word of whose name begins with the prefix, then the likeliest."""
    form = choose_for(request, JSON)
    view = knowledge.view()

    def body() -> bytes:
        entries = knowledge.directory(view).beginning(asked.prefix)[asked.cursor : asked.cursor + 10]
        found = [
            {"id": short_of(e.iri), "name": e.label, "notable": [type_of(kind) for kind in shown_kinds(e)]}
            for e in entries
        ]
        return as_json({"result": found})

    return reply(request, form, body, tag=(view.digest,))


@router.get("/reconcile/suggest/type", summary="Kinds of things whose name begins so", openapi_extra=sends(JSON))
def suggesttype_of(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfSuggestion, Query()]) -> Response:
    """For auto-completion: the classes that the directory holds."""
    form = choose_for(request, JSON)
    view = knowledge.view()

    def body() -> bytes:
        kinds = sorted({kind for entry in knowledge.directory(view).entries for kind in entry.kinds})
        types = [kind for kind in map(type_of, kinds) if asked.prefix.casefold() in kind["name"]]
        return as_json({"result": types[asked.cursor : asked.cursor + 10]})

    return reply(request, form, body, tag=(view.digest,))


@router.get("/reconcile/suggest/property", summary="Properties whose name begins so", openapi_extra=sends(JSON))
def suggest_property(
    request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfSuggestion, Query()]
) -> Response:
    """For auto-completion: the properties that things in the view have."""
    form = choose_for(request, JSON)
    view = knowledge.view()

    def body() -> bytes:
        wanted = asked.prefix.casefold()
        found = [
            {"id": prop.name, "name": prop.label}
            for prop in properties_of(view)
            if wanted in prop.label.casefold() or wanted in prop.name.casefold()
        ]
        return as_json({"result": found[asked.cursor : asked.cursor + 10]})

    return reply(request, form, body, tag=(view.digest,))


@router.get("/reconcile/properties", summary="Properties to add as columns", openapi_extra=sends(JSON))
def propose(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfProposal, Query()]) -> Response:
    """What is on record about things of a class, for the data extension."""
    form = choose_for(request, JSON)
    view = knowledge.view()
    kind = asked.type.removeprefix("hrdd:")
    if kind and not kind.isalnum():
        raise Refusal("bad-parameter", "type is not the name of a class.", "Write it as Organisation.")

    def body() -> bytes:
        found = [{"id": prop.name, "name": prop.label} for prop in properties_of(view, kind)[: asked.limit]]
        return as_json({"type": kind, "properties": found, "limit": asked.limit})

    return reply(request, form, body, tag=(view.digest,))


class AskedOfPreview(Asked):
    """Which thing to preview."""

    id: str = Field(max_length=300, description="An identifier of this service, such as id/organisation/nike.")


@router.get("/reconcile/preview", summary="A small page about a thing", openapi_extra=sends(HTML))
def preview(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfPreview, Query()]) -> Response:
    """For a frame beside a table: what it is called, what it is, and what is said of it."""
    form = choose_for(request, HTML)
    view = knowledge.view()
    entry = knowledge.directory(view).by_iri.get(our_node(asked.id).value)
    if entry is None:
        raise Refusal("not-found", f"{asked.id} is not in this directory.", "Ask /reconcile for its identifier.")

    def body() -> bytes:
        also = sorted({name.raw for name in entry.profile.names} - {entry.label})
        kinds = [type_of(kind)["name"] for kind in shown_kinds(entry)]
        return page(request, "preview.html", entry=entry, also=also, kinds=kinds, short=short_of(entry.iri))

    headers = {"Content-Security-Policy": FRAMED_POLICY}
    return reply(request, form, body, tag=(view.digest, asked.id), headers=headers)
