"""How often a caller may ask: counted by token, else by address, in a window that slides.

The fields are those of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import limits
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from hrdd_api.access import Caller


@dataclass(frozen=True)
class Standing:
    """Where a caller stands: the limit, how many requests are left of it, and the seconds until there are more."""

    name: str
    limit: limits.RateLimitItem
    allowed: bool
    remaining: int
    seconds: int

    @property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """The two header fields that tell the caller."""
        policy = f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}'
        return [
            (b"ratelimit-policy", policy.encode()),
            (b"ratelimit", f'"{self.name}";r={self.remaining};t={self.seconds}'.encode()),
        ]


class Rates:
    """Counts requests in this process. Each rate reads like ``600/minute``; an empty one is no limit."""

    def __init__(self, *, address: str = "", token: str = "", loopback: str = "") -> None:
        given = {"address": address, "token": token, "loopback": loopback}
        self._limits = {name: limits.parse(text) for name, text in given.items() if text}
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, caller: Caller) -> Standing | None:
        """Count a request; ``None`` for a caller without a limit."""
        name = "token" if caller.token else "loopback" if caller.is_local else "address"
        limit = self._limits.get(name)
        if limit is None:
            return None
        key = caller.token.id if caller.token else caller.network
        allowed = self._limiter.hit(limit, name, key)
        window = self._limiter.get_window_stats(limit, name, key)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        return Standing(name, limit, allowed, max(0, window.remaining), seconds)
