"""Bulk: the graph as files, and which graphs have changed since a day."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict
from werkzeug.http import parse_etags, parse_range_header

from hrdd_api.asked import Asked, AskedDep, Day
from hrdd_api.dumps import SentDump
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import CSV, HTML, JSON, Format, choose_for
from hrdd_api.openapi import sends
from hrdd_api.problems import Refusal, near
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, link_to, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.description.changes import Change, changes
from hrdd_graph.dump import ALL, FORMATS, GZIP, MEDIA_TYPES, dump_names, graphs_in, licences_in, read_name
from hrdd_graph.namespaces import HOME
from hrdd_graph.report._spreadsheet import sheet
from hrdd_graph.view import View

router = APIRouter(tags=["Self-description"], route_class=ContainedRoute)

_FILES = (*(Format(name, media_type) for name, media_type in MEDIA_TYPES.items()), Format("gz", GZIP))
_COLUMNS = ("graph", "title", "issued", "modified", "licence", "digest", "dump")
_VERSIONED = re.compile(r"(?P<version>[0-9a-f]{12})/(?P<rest>.+)")


class ChangedGraph(TypedDict):
    """A data graph that became public or was mended, and where its dump is."""

    graph: str
    title: str
    issued: str | None
    modified: str | None
    licence: str
    digest: str
    dump: str


class ChangesDocument(TypedDict):
    """The graphs that changed since a day, the latest first."""

    since: str | None
    graphDigest: str
    changes: list[ChangedGraph]


class DumpFile(TypedDict):
    """A file to download."""

    path: str
    format: str
    mediaType: str


class DumpDocument(TypedDict):
    """What there is to download of one graph, or of all."""

    name: str
    title: str
    vocabulary: bool
    licences: list[str]
    files: list[DumpFile]


class DumpsDocument(TypedDict):
    """What there is to download; ``version`` stands in addresses that never change."""

    version: str
    graphDigest: str
    dumps: list[DumpDocument]


class AskedOfChanges(Asked):
    """Since when."""

    since: Day = Field(None, description="Only what changed on or after this day; without it, every data graph.")


@router.get("/dumps", include_in_schema=False)
@router.get("/dumps/", summary="What there is to download", openapi_extra=sends(JSON, HTML, shape=DumpsDocument))
def dumps(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """The whole view and each graph of it, in every format, plain and compressed; with licences and digests."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.view()

    def body() -> bytes:
        document = dumps_document(view)
        return as_json(document) if form is JSON else page(request, "dumps.html", dumps=document, offered=(JSON, HTML))

    return reply(request, form, body, tag=(view.digest,))


@router.get("/dumps/{path:path}", summary="A dump", openapi_extra=sends(*_FILES))
def dump(request: Request, knowledge: KnowledgeDep, path: str) -> Response:
    """A file of the whole view (``all.nq``) or of one graph and what follows from it (``graph/nieri-2016.trig.gz``).

    With the version in front (``3f2a…/all.nq``) the address names these bytes for ever; where the graph has moved on,
    it is not found.
    """
    view = knowledge.view()
    versioned = _VERSIONED.fullmatch(path)
    if versioned and versioned["version"] != version_of(view):
        raise Refusal("not-found", "The graph has changed; this version is no longer here.", "/dumps/ lists this one.")
    name = versioned["rest"] if versioned else path
    asked = read_name(name)
    if asked is None or not graphs_in(view, asked[0]):
        known = [found for of in names_in(view) for _, _, found in dump_names(of)]
        raise Refusal("not-found", f"{name} is not a dump.", near(name, known) or "/dumps/ lists them.")
    of, form, packed = asked
    file = knowledge.dumps.get(view, of, form, packed)
    headers = {
        "ETag": f'"{file.tag}"',
        "Cache-Control": "max-age=31536000, immutable" if versioned else "no-cache",
        "Content-Location": f"{request.scope.get('root_path', '')}/dumps/{version_of(view)}/{name}",
        "Content-Disposition": f'attachment; filename="hrdd-{name.replace("/", "-")}"',
        "Link": ", ".join(link_to(licence, "license") for licence in licences_in(view, of)),
        "Repr-Digest": file.field,
    }
    if parse_etags(request.headers.get("if-none-match")).contains_weak(file.tag):
        return Response(None, 304, headers)
    ranges = parse_range_header(request.headers.get("range"))
    asks_for_part = ranges is not None and ranges.units == "bytes"  # what is no such range asks for nothing
    if ranges and asks_for_part and all(begin >= file.size for begin, _ in ranges.ranges):
        length = {"Content-Range": f"bytes */{file.size}"}
        raise Refusal("no-such-range", f"The file has {file.size} bytes.", "Ask for a part of it.", headers=length)
    if not asks_for_part:  # a part of the file has another digest than the whole
        headers["Content-Digest"] = file.field
    return SentDump(file, headers, GZIP if packed else MEDIA_TYPES[form], whole=not asks_for_part)


def version_of(view: View) -> str:
    """The version of a view in the addresses of its dumps."""
    return view.digest[7:19]


def names_in(view: View) -> list[str]:
    """The names of the dumps of a view."""
    return [ALL, *(entry.graph.removeprefix(HOME) for entry in view.entries)]


def dumps_document(view: View) -> DumpsDocument:
    """The dumps of a view as plain data."""
    titles = {entry.graph.removeprefix(HOME): entry.title for entry in view.entries} | {ALL: "Every graph of this view"}
    vocabulary = {entry.graph.removeprefix(HOME) for entry in view.entries if entry.is_vocabulary}
    return {
        "version": version_of(view),
        "graphDigest": view.digest,
        "dumps": [
            {
                "name": name,
                "title": titles[name],
                "vocabulary": name in vocabulary,
                "licences": list(licences_in(view, name)),
                "files": [
                    {
                        "path": f"/dumps/{path}",
                        "format": FORMATS[form].name,
                        "mediaType": GZIP if packed else MEDIA_TYPES[form],
                    }
                    for form, packed, path in dump_names(name)
                ],
            }
            for name in names_in(view)
        ],
    }


@router.get(
    "/changes",
    summary="Which graphs have changed since a day",
    openapi_extra=sends(JSON, CSV, HTML, shape=ChangesDocument),
)
def changed(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfChanges, Query()]) -> Response:
    """The data graphs that became public or were mended on or after a day, with their digests; the latest first."""
    offered = (JSON, CSV, HTML)
    form = choose_for(request, *offered)
    view = knowledge.view()

    def body() -> bytes:
        documents = [change_document(change) for change in changes(view, asked.since)]
        if form is CSV:
            return sheet(_COLUMNS, documents)
        since = asked.since.isoformat() if asked.since else None
        document: ChangesDocument = {"since": since, "graphDigest": view.digest, "changes": documents}
        return as_json(document) if form is JSON else page(request, "changes.html", changed=document, offered=offered)

    return reply(request, form, body, tag=(view.digest,))


def change_document(change: Change) -> ChangedGraph:
    """A change as plain data."""
    return {
        "graph": change.graph,
        "title": change.title,
        "issued": change.issued.isoformat() if change.issued else None,
        "modified": change.modified.isoformat() if change.modified else None,
        "licence": change.licence,
        "digest": change.digest,
        "dump": f"/dumps/{change.graph.removeprefix(HOME)}.nq",
    }
