"""Whether a request is let in: its token holds, and its rate, its address and its body are within bounds."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hrdd_api.access import CALLER_KEY, Authentication, Caller
from hrdd_api.problems import Refusal, answer, as_refusal
from hrdd_api.rates import Rates, Standing
from hrdd_graph.store import StoreError


class Admission:
    """Leaves the caller in the scope, and answers for itself whatever it does not let in."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authentication: Authentication,
        rates: Rates,
        largest_body: int,
        longest_address: int,
        body_seconds: float,
    ) -> None:
        self.app = app
        self.authentication = authentication
        self.rates = rates
        self.largest_body = largest_body
        self.longest_address = longest_address
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        caller = Caller(scope["client"][0] if scope.get("client") else "")
        refusal: Refusal | StoreError | None = None
        try:
            caller = Caller(caller.address, await self.authentication.token(scope))
        except (Refusal, StoreError) as error:
            refusal = error
        scope[CALLER_KEY] = caller
        standing = self.rates.count(caller)  # tokens that do not hold count for the address
        if standing is not None:
            send = _with_fields(send, standing)
        if standing is not None and not standing.allowed:
            refusal = _too_many(standing)
        refusal = refusal or self._unreadable(scope)
        if refusal is not None:
            request = Request(scope)
            await answer(request, as_refusal(request, refusal))(scope, receive, send)
            return
        await _Body(scope, receive, send, self.largest_body, self.body_seconds).serve(self.app)

    def _unreadable(self, scope: Scope) -> Refusal | None:
        """What is wrong with the lengths that a request tells beforehand."""
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self.longest_address:
            what = f"The address is longer than {self.longest_address} bytes."
            return Refusal("too-long", what, "Send the query as the body of a POST.")
        if len([name for name, _ in scope["headers"] if name == b"host"]) > 1:  # caches would tell them apart otherwise
            return Refusal("bad-request", "There is more than one Host field.", "Send one.")
        coding = next((value for name, value in scope["headers"] if name == b"content-encoding"), b"").strip().lower()
        if coding not in (b"", b"identity"):
            return Refusal(
                "unsupported-media-type",
                "A body that is packed is not unpacked.",
                "Send it as it is, without Content-Encoding.",
                headers={"Accept-Encoding": "identity"},
            )
        told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not told.isdigit() or int(told[:20]) > self.largest_body:
            return _too_large(self.largest_body)
        return None


class _Body:
    """Passes the body on while it is within the limits of size and time; what its length says is not relied on."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int, seconds: float) -> None:
        self._scope, self._receive, self._send, self._most, self._seconds = scope, receive, send, most, seconds
        self._read = 0
        self._whole = False
        self._begun = False
        self._refusal: Refusal | None = None
        self._end = 0.0

    async def serve(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self._receive_on, self._send_on)
        finally:
            if self._refusal and not self._begun:
                await answer(Request(self._scope), self._refusal)(self._scope, self._receive, self._send)

    async def _receive_on(self) -> Message:
        if self._whole:  # what comes now is that the caller goes
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._end = self._end or loop.time() + self._seconds
        try:
            async with asyncio.timeout_at(self._end):
                message = await self._receive()
        except TimeoutError:
            return self._broken_off(_too_slow(self._seconds))
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._whole = not message.get("more_body")
            if self._read > self._most:
                return self._broken_off(_too_large(self._most))
        return message

    def _broken_off(self, refusal: Refusal) -> Message:
        """To the route it looks as if the caller had gone."""
        self._refusal = refusal
        return {"type": "http.disconnect"}

    async def _send_on(self, message: Message) -> None:
        if self._refusal and not self._begun:
            return
        self._begun = True
        await self._send(message)


def _with_fields(send: Send, standing: Standing) -> Send:
    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *standing.fields]}
        await send(message)

    return send_on


def _too_many(standing: Standing) -> Refusal:
    return Refusal(
        "too-many",
        f"More than {standing.limit.amount} requests came within {standing.limit.get_expiry()} seconds.",
        f"Ask again in {standing.seconds} seconds; for everything at once take a dump.",
        headers={"Retry-After": str(standing.seconds)},
    )


def _too_large(limit: int) -> Refusal:
    return Refusal("too-large", f"The body is larger than {limit} bytes.", "Send less at a time.")


def _too_slow(seconds: float) -> Refusal:
    what = f"The body was not there after {seconds:g} seconds."
    return Refusal("too-slow", what, "Send it again, or less at a time.", headers={"Connection": "close"})
