"""What one query of a caller may cost, and how it ends when it would cost more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Limits:
    """Bounds of one query: seconds of work, rows or statements of the answer, bytes of memory beyond the store's."""

    seconds: float = 20.0
    rows: int = 1_000_000
    memory: int = 1 << 30


class LimitReached(Exception):
    """A query was stopped: it took longer, or needed more memory, than it may."""

    def __init__(self, kind: Literal["time", "memory"], limits: Limits) -> None:
        self.kind = kind
        self.limits = limits
        allowed = f"{limits.seconds:g} seconds" if kind == "time" else f"{limits.memory >> 20} MiB of memory"
        super().__init__(f"The query was stopped: it needs more than {allowed}.")


class Busy(Exception):
    """Every worker is at work, and none became free while the caller waited."""
