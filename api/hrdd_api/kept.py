"""A small memory: the last few values by key, each made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The last few values, by key. Each is made once, however many requests ask for it at the same time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, Future[V]] = OrderedDict()
        self._lock = Lock()

    def kept(self, key: K) -> V | None:
        """The value for a key where it has been made and is kept."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None or not kept.done() or kept.exception():
                return None
            self._values.move_to_end(key)
        return kept.result()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value for a key; ``make()`` makes it where it is not kept. A failure is not kept."""
        with self._lock:
            kept = self._values.get(key)
            if kept is not None:
                self._values.move_to_end(key)
            else:
                mine = self._values[key] = Future()
                while len(self._values) > self._size:
                    self._values.popitem(last=False)
        if kept is not None:
            return kept.result()
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                self._values.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(value)
        return value
