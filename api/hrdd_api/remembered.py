"""Answers kept in memory, for as long as the graph, the day and the question are the same.

What a route of templates or gaps marks as an answer of the graph alone is kept with everything that it depends on as
its key: the graphs in the view of the caller with their digests, the day, and all of the request that any route looks
at. An answer that is asked for again is sent without any further work.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hrdd_api.access import caller_of
from hrdd_api.knowledge import Knowledge
from hrdd_api.negotiation import SUFFIX_KEY
from hrdd_graph.store import StoreError

KEEP_KEY = "hrdd.keep"  # a route sets it where its answer may be kept
_LOOKED_AT = frozenset({b"accept", b"accept-language", b"host"})
_KEPT = ("/queries/", "/gaps", "/search", "/reports/")
_AROUND = 2_000  # bytes that the objects of an answer take beside its texts, as measured
_SKIPPED = frozenset({b"if-none-match", b"range"})


class Remembered:
    """Keeps up to ``most`` bytes of answers and what stands around them; those not asked for the longest go first.

    None is kept that is larger than a sixteenth of that.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self._most = most
        self.held = 0
        self._answers: OrderedDict[Hashable, tuple[Message, Message]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope, await self._state(scope)) if _is_kept(scope) else None
        if key is None:
            await self.app(scope, receive, send)
            return
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
            for message in kept:
                await send({**message})
            return
        seen: list[Message] = []

        async def send_on(message: Message) -> None:
            if len(seen) < 3 and scope.get(KEEP_KEY):
                copy = {**message}
                if "headers" in copy:  # those who stand further out add fields of one request to the list
                    copy["headers"] = list(copy["headers"])
                seen.append(copy)
            await send(message)

        await self.app(scope, receive, send_on)
        if len(seen) == 2 and seen[0]["status"] == 200 and key[0] == await self._state(scope):
            self._keep(key, seen[0], seen[1])

    async def _state(self, scope: Scope) -> Hashable | None:
        """The state of the graph that the caller sees; ``None`` where it cannot be told."""
        whole: Knowledge = scope["app"].state.knowledge
        knowledge = whole.seen_by(caller_of(scope).readable)
        state = knowledge.state()
        if state is None:
            try:
                await run_in_threadpool(knowledge.view)
            except StoreError:  # the route tells of it
                return None
            state = knowledge.state()
        return state

    def _key(self, scope: Scope, state: Hashable | None) -> tuple[Hashable, ...] | None:
        """Everything that an answer depends on, the state of the graph first; ``None`` for what is not kept."""
        if state is None:
            return None
        asked = tuple(field for field in scope["headers"] if field[0] in _LOOKED_AT)
        place = (scope["scheme"], scope.get("root_path", ""), scope["path"], scope.get(SUFFIX_KEY))
        return (state, place, scope["query_string"], asked)

    def _keep(self, key: Hashable, start: Message, body: Message) -> None:
        size = _size(start, body)
        if body.get("more_body") or size > self._most // 16 or key in self._answers:
            return
        self._answers[key] = (start, body)
        self.held += size
        while self.held > self._most:
            self.held -= _size(*self._answers.popitem(last=False)[1])


def _is_kept(scope: Scope) -> bool:
    """Whether the answer to a request may be kept, where the route allows it."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_KEPT):
        return False
    return not any(name in _SKIPPED for name, _ in scope["headers"])


def _size(start: Message, body: Message) -> int:
    """About how many bytes of memory an answer takes with its fields and its key."""
    return len(body["body"]) + sum(len(name) + len(value) for name, value in start["headers"]) + _AROUND
