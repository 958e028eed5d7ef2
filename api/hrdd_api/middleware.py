"""What happens to every request, whatever it is for: suffixes, HEAD, and the headers that keep pages safe."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hrdd_api.negotiation import SUFFIX_KEY, SUFFIXES
from hrdd_api.policies import page_policy

SECURITY_HEADERS = {
    "Content-Security-Policy": page_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
VARY = "Accept, Accept-Language, Authorization"
_RAW = tuple((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items())

# Addresses whose ending belongs to their name.
_WHOLE = ("/openapi.json", "/context.jsonld", "/static/", "/data/", "/dumps/")


class Headers:
    """Adds the security headers to every answer that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                present = {name.lower() for name, _ in headers}
                headers += [field for field in _RAW if field[0] not in present]
                message = {**message, "headers": headers}
                MutableHeaders(scope=message).add_vary_header(VARY)
            await send(message)

        await self.app(scope, receive, send_on if scope["type"] == "http" else send)


class Head:
    """Answers HEAD with the headers of GET, and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            scope["method"] = "HEAD"  # the server that sends must know that no body belongs to the length
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        await self.app(scope, receive, send_on)


class Suffix:
    """Takes a known suffix off the path, so that routes see one address for all formats of a resource."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            stem, dot, suffix = path.rpartition(".")
            inside = path.removeprefix(scope.get("root_path", ""))
            if dot and suffix in SUFFIXES and not stem.endswith("/") and not inside.startswith(_WHOLE):
                raw = scope.get("raw_path") or path.encode()
                scope["path"], scope["raw_path"], scope[SUFFIX_KEY] = stem, raw[: -len(suffix) - 1], suffix
        await self.app(scope, receive, send)
