"""Answers: one way to send bytes with a strong entity tag, and to send nothing where the caller has them already."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, BinaryIO
from urllib.parse import quote

import orjson
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from werkzeug.http import parse_etags

from hrdd_api.knowledge import Knowledge
from hrdd_api.negotiation import HTML, SUFFIX_KEY, Format
from hrdd_api.speech import spoken

_IN_URI = ":/?#[]@!$&'()*+,;=%~"  # what stands in a whole address as it is
_PATH = "/:@!$&'()*+,;=~"  # what stands in a path as it is (RFC 3986, section 3.3)


def reply(
    request: Request,
    form: Format,
    body: Callable[[], bytes],
    *,
    tag: tuple[object, ...] = (),
    language: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Send ``body()`` as ``form``, or 304 where the caller's entity tag still holds.

    ``tag`` is everything that the bytes depend on beside the address, the format, the language and the code; without
    it the answer has no entity tag.
    """
    if tag and (unchanged := not_modified(request, form, tag, language)):
        return unchanged
    sent = {**_fields(request, form, tag, language), **(headers or {})}
    return Response(body(), 200, sent, media_type=form.content_type)


def not_modified(request: Request, form: Format, tag: tuple[object, ...], language: str = "") -> Response | None:
    """The answer 304 where the caller's entity tag still holds, before anything is worked out."""
    if "if-none-match" not in request.headers:
        return None
    fields = _fields(request, form, tag, language)
    if parse_etags(request.headers.get("if-none-match")).contains_weak(fields["ETag"].strip('"')):
        return Response(None, 304, fields)
    return None


def _fields(request: Request, form: Format, tag: tuple[object, ...], language: str) -> dict[str, str]:
    """The fields that an answer and its 304 have in common."""
    sent = {"Cache-Control": "no-cache" if tag else "no-store"}
    if language:
        sent["Content-Language"] = language
    path, query = quote(request.scope["path"], safe=_PATH), request.scope["query_string"].decode("ascii")
    if SUFFIX_KEY not in request.scope and "format" not in request.query_params and path != "/":
        sent["Content-Location"] = f"{path}.{form.suffix}{'?' if query else ''}{query}"
    if tag:
        knowledge: Knowledge = request.app.state.knowledge
        words = spoken(request) if form is HTML else ""
        asked = (path, query, form.name, form.media_type, language, words)
        parts = (knowledge.build, *asked, *tag)
        value = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]
        sent["ETag"] = f'"{value}"'
    return sent


def link_to(address: str, rel: str) -> str:
    """A link as the field Link holds it (RFC 8288): an address of any script as a URI, which fields can hold."""
    return f'<{quote(address, safe=_IN_URI)}>; rel="{rel}"'


def stream(form: Format, pieces: Iterator[bytes], close: Callable[[], object]) -> Response:
    """Send pieces as they come; ``close`` is called however it ends.

    The first piece is made before anything is sent, so that what fails at once is told with a status of its own. What
    fails later breaks the connection off: half an answer must not look whole.
    """
    try:
        first = next(pieces, b"")
    except BaseException:
        close()
        raise

    async def body() -> AsyncIterator[bytes]:
        try:
            yield first
            async for piece in iterate_in_threadpool(pieces):
                yield piece
        finally:
            close()

    return StreamingResponse(body(), 200, {"Cache-Control": "no-store"}, media_type=form.content_type)


def as_json(document: Any) -> bytes:
    """A JSON document as bytes; without indentation, since people have the page."""
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)


def written(write: Callable[[BinaryIO], None]) -> bytes:
    """What ``write`` writes to a stream."""
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def see_other(request: Request, path: str) -> Response:
    """Send the caller to where the description is, in the same format and with the same parameters."""
    suffix = f".{request.scope[SUFFIX_KEY]}" if SUFFIX_KEY in request.scope else ""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.scope.get('root_path', '')}{path}{suffix}{query}", 303)
