"""The audit log: who asked for what, and what became of it, as lines of JSON that are only ever appended.

A line names the token by its id, or the kind of address (loopback, private, public); the route and not the address, so
that nothing that a caller typed is in it.
"""

from __future__ import annotations

import json
import logging
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hrdd_api.access import caller_of
from hrdd_graph.errors import UnusableInput

ROUTE_KEY = "hrdd.route"  # where a route leaves a name that tells more than its pattern
_LOG = logging.getLogger(__name__)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class AuditLog:
    """The file. Raises ``UnusableInput`` at once where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.append({"event": "start"})
        except OSError as error:
            fix = "Name a file in a folder that the server may write to."
            raise UnusableInput.one("HRDD_AUDIT_LOG", f"cannot be written: {error}.", fix=fix) from error

    def append(self, facts: dict[str, object]) -> None:
        """One write of one line, so that several processes may share the file. Raises ``OSError``."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **facts}
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, json.dumps(line).encode() + b"\n")
        finally:
            os.close(file)


class Audit:
    """Writes a line for each request, when it has been answered."""

    def __init__(self, app: ASGIApp, log: AuditLog) -> None:
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, begun, status = scope["method"], time.perf_counter(), 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            caller = caller_of(scope)
            line: dict[str, object] = {
                "who": f"token {caller.token.id}" if caller.token else caller.kind,
                "method": method if method in _METHODS else "other",
                "route": scope.get(ROUTE_KEY) or getattr(scope.get("route"), "path", ""),
                "status": status,
                "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
            }
            try:
                self.log.append(line)
            except OSError as error:
                _LOG.error("the audit log cannot be written: %s", error)
