"""One address for the server, whatever name a caller or a proxy calls it by."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


class PublicAddress:
    """Lets every request look as if it had been sent to the public address.

    So absolute links (of lists, descriptions and catalogues) name it, and nothing that is kept or sent to others
    depends on a caller's ``Host``. A folder in the address is one that the proxy takes off before it asks this server.
    """

    def __init__(self, app: ASGIApp, address: str) -> None:
        self.app = app
        parts = urlsplit(address)
        self._scheme, self._host, self._folder = parts.scheme, parts.netloc.encode(), parts.path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [(b"host", self._host), *(field for field in scope["headers"] if field[0] != b"host")]
            raw = scope.get("raw_path") or scope["path"].encode()
            scope = {
                **scope,
                "scheme": self._scheme,
                "headers": headers,
                "root_path": self._folder,
                "path": self._folder + scope["path"],
                "raw_path": self._folder.encode() + raw,
            }
        await self.app(scope, receive, send)
