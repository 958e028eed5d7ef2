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

_LOG = logging.getLogger(__name__)


class Audit:
    """Writes a line for each request, when it has been answered."""

    def __init__(self, app: ASGIApp, path: Path) -> None:
        self.app = app
        self._path = path
        self._append({"time": _now(), "event": "start"})  # a log that cannot be written is found out at once

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
            line = {
                "time": _now(),
                "who": f"token {caller.token.id}" if caller.token else caller.kind,
                "method": method if method.isalpha() and len(method) < 10 else "?",
                "route": getattr(scope.get("route"), "path", ""),
                "status": status,
                "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
            }
            try:
                self._append(line)
            except OSError as error:
                _LOG.error("the audit log cannot be written: %s", error)

    def _append(self, line: dict[str, object]) -> None:
        """One write of one line, so that several processes may share the file."""
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, json.dumps(line).encode() + b"\n")
        finally:
            os.close(file)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
