"""What one query of a caller may cost, and how it ends when it would cost more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from types import TracebackType
from typing import Literal

_LOOK = 0.5  # seconds between two looks of one who waits


@dataclass(frozen=True)
class Limits:
    """Bounds of one query: seconds of work, rows or statements of the answer, bytes of memory beyond the store's.

    ``idle`` is how many seconds its reader may take over one piece of the answer while others wait for a place.
    """

    seconds: float = 20.0
    rows: int = 1_000_000
    memory: int = 1 << 30
    idle: float = 5.0


class LimitReached(Exception):
    """A query was stopped: it took longer, or needed more memory, than it may."""

    def __init__(self, kind: Literal["time", "memory"], limits: Limits) -> None:
        self.kind = kind
        self.limits = limits
        allowed = f"{limits.seconds:g} seconds" if kind == "time" else f"{limits.memory >> 20} MiB of memory"
        super().__init__(f"The query was stopped: it needs more than {allowed}.")


class Busy(Exception):
    """Every place is taken, and none became free while the caller waited; or too many were waiting already."""


class Turns:
    """Places for work that takes long: ``size`` at once, and no more than ``waiting`` that wait for one.

    Who waits holds a thread that others would be answered in; so beyond that number nobody does.
    """

    def __init__(self, size: int, waiting: int) -> None:
        self._places = BoundedSemaphore(size)
        self._waiting = BoundedSemaphore(waiting)

    def take(self, wait: float, meanwhile: Callable[[], object] = lambda: None) -> Turn:
        """A place, within ``wait`` seconds; ``meanwhile`` is called now and then. Raises ``Busy``."""
        if self._places.acquire(blocking=False):
            return Turn(self._places.release)
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            end = time.monotonic() + wait
            while not self._places.acquire(timeout=max(0.0, min(_LOOK, end - time.monotonic()))):
                meanwhile()
                if time.monotonic() >= end:
                    raise Busy
        finally:
            self._waiting.release()
        return Turn(self._places.release)


class Turn:
    """A place that is taken; it is given back once, however often it is said."""

    def __init__(self, give_back: Callable[[], object]) -> None:
        self._give_back: Callable[[], object] | None = give_back
        self._lock = Lock()

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def release(self) -> None:
        """Let another have it."""
        with self._lock:
            give_back, self._give_back = self._give_back, None
        if give_back:
            give_back()
