"""What a caller posts to the desk: fields and files, by JSON, by a form, or as a body of data with a letter beside it.

A browser without scripts cannot send an Authorization field, so a form may hold the token in its body. No cookie is set
or read, so that no other site can act for a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from hrdd_api.access import CALLER_KEY, Caller, caller_of
from hrdd_api.problems import Refusal
from hrdd_graph.access import Token, TokenFile
from hrdd_graph.submissions.files import MOST_FILES, Sent
from hrdd_graph.submissions.reading import MEDIA_TYPES, TABLES, XLSX

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_MOST_FIELDS = 1000  # a workbook has one for each pair of parties that a person decides on
_ENDINGS = {".ttl": "text/turtle", ".nt": "application/n-triples", ".jsonld": "application/ld+json",
            ".yaml": "application/yaml", ".yml": "application/yaml", ".csv": "text/csv",
            ".tsv": "text/tab-separated-values"}  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """Fields of text, the data with its media type, files of evidence, and the token's secret where a form held it."""

    fields: dict[str, str] = field(default_factory=dict)
    data: bytes = b""
    media_type: str = ""
    files: tuple[Sent, ...] = ()
    secret: str = field(default="", repr=False)


def posted(*, data: bool = False) -> Callable[[Request], Coroutine[Any, Any, Posted]]:
    """A dependency that reads the body; with ``data`` a body of any type that submissions have."""

    async def read(request: Request) -> Posted:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            found = await _read(request, media_type, data)
        except ClientDisconnect:
            raise Refusal("bad-request", "The request broke off.", "Send it again.") from None
        if token := found.fields.pop("token", "").strip():
            await _authenticate(request, token)
            found = replace(found, secret=token)
        return found

    return read


async def _read(request: Request, media_type: str, data: bool) -> Posted:
    if media_type == MULTIPART:
        return await _multipart(request)
    taken = (*MEDIA_TYPES, MULTIPART) if data else ("application/json", FORM, MULTIPART)
    if media_type not in taken:
        raise Refusal(
            "unsupported-media-type",
            f"A body of type {media_type or 'none'} is not understood.",
            f"Send {', '.join(taken[:-1])} or {taken[-1]}.",
        )
    body = await request.body()
    if data:
        return Posted(data=body, media_type=media_type)
    try:
        if media_type == FORM:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
            return Posted(dict(pairs))
        return Posted(_texts(orjson.loads(body)))
    except ValueError:
        raise Refusal("bad-request", "The body cannot be read.", "Send JSON or a form, in UTF-8.") from None


def _texts(document: Any) -> dict[str, str]:
    """The fields of a JSON object; truth is "true" or empty."""
    if not isinstance(document, dict):
        raise Refusal("bad-request", "The body is no JSON object.", 'Send {"field": "text"}.')
    found = {}
    for name, value in document.items():
        if isinstance(value, bool):
            value = "true" if value else ""  # noqa: PLW2901 - the value as a form would send it
        if not isinstance(value, str):
            raise Refusal("bad-parameter", f"{name} is no text.", "", [{"parameter": name, "what": "is no text."}])
        found[name] = value
    return found


async def _multipart(request: Request) -> Posted:
    try:
        form = await request.form(max_files=MOST_FILES + 1, max_fields=_MOST_FIELDS)
    except (HTTPException, ValueError, KeyError) as error:
        detail = error.detail if isinstance(error, HTTPException) else "its parts cannot be told apart"
        raise Refusal("bad-request", f"The form cannot be read: {detail}.", "Send multipart/form-data.") from None
    fields: dict[str, str] = {}
    lists: dict[str, list[str]] = {"evidence_node": [], "archived": []}
    files: list[bytes] = []
    content, media_type = b"", ""
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                body = await value.read()
                if name == "data":
                    content, media_type = body, _type_of(body, value)
                elif name == "evidence" and body:
                    files.append(body)
                elif body:
                    raise Refusal("bad-request", f"{name} is no file of a submission.", "Name it data or evidence.")
            elif name in lists:
                lists[name].append(value.strip())
            elif name == "data" and value.strip():
                content, media_type = value.encode(), fields.get("media_type", "")
            elif name != "data":
                fields[name] = value
    finally:
        await form.close()
    media_type = fields.pop("media_type", "") or media_type
    if content and media_type not in MEDIA_TYPES:
        what = f"The data is of the type {media_type or 'none'}, which is not understood."
        raise Refusal("unsupported-media-type", what, f"Send {', '.join(MEDIA_TYPES)}.")
    nodes, archived = (lists[name] + [""] * len(files) for name in ("evidence_node", "archived"))
    sent = tuple(Sent(body, nodes[n], archived[n]) for n, body in enumerate(files))
    return Posted(fields, content, media_type, sent)


def _type_of(content: bytes, part: UploadFile) -> str:
    """The media type of the data: a workbook by its content, else what the part says, else what browsers guess by."""
    if content.startswith(b"PK\x03\x04"):
        return XLSX
    told = (part.content_type or "").partition(";")[0].strip().lower()
    if told in MEDIA_TYPES and told != XLSX:
        return told
    name = (part.filename or "").lower()
    guessed = next((media_type for ending, media_type in _ENDINGS.items() if name.endswith(ending)), told)
    return guessed if guessed in TABLES or guessed in MEDIA_TYPES else told


async def _authenticate(request: Request, secret: str) -> None:
    """Let a token in the body count as one in the Authorization field."""
    tokens: TokenFile | None = request.app.state.tokens
    found: Token | None = await run_in_threadpool(tokens.find, secret) if tokens else None
    if found is None:
        raise Refusal("unauthorized", "The token is unknown, has expired or was revoked.", "Ask for another.",
                      headers={"WWW-Authenticate": 'Bearer realm="hrdd-graph"'})  # fmt: skip
    request.scope[CALLER_KEY] = Caller(caller_of(request.scope).address, found)


PostedDep = Annotated[Posted, Depends(posted())]
PostedDataDep = Annotated[Posted, Depends(posted(data=True))]
