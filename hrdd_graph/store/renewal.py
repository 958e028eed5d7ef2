"""A newer copy, taken while the present one answers: one attempt at a time, a failure told until one succeeds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from hrdd_graph.store.base import StoreError

T = TypeVar("T")
_SECONDS = 30.0  # before the same state is tried again


class Renewal(Generic[T]):
    """What ``make`` makes for a newer state, in a thread of its own. Only one thread at a time may ask for it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._running: Future[T] | None = None
        self._tried = ""
        self._again = 0.0
        self._failure = ""

    def made(self, state: str) -> T | None:
        """What was made since the state changed to this one; ``None`` as long as it is being made.

        Raises ``StoreError`` where that failed, until a later attempt succeeds: the state is known to be another one,
        and nothing is known of how long what there is stays right.
        """
        if self._running is None and (state != self._tried or time.monotonic() >= self._again):
            self._tried, self._running = state, Future()
            threading.Thread(target=self._work, args=(self._running,), daemon=True, name="newer copy").start()
        if self._running is not None and self._running.done():
            done, self._running = self._running, None
            try:
                return done.result()
            except StoreError as error:
                self._failure, self._again = str(error), time.monotonic() + _SECONDS
        if self._failure:
            raise StoreError(self._failure)
        return None

    def _work(self, running: Future[T]) -> None:
        try:
            running.set_result(self._make())
        except BaseException as error:
            running.set_exception(error)
