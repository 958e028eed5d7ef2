"""What is looked up for almost every answer, read from the graph once and kept while the graph stays as it is.

A server gives each of its views the memory of the view's digest, and forgets it with the digest. Views without one, as
on the command line, ask the store each time for the little that they need.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")
MOST = 500_000  # rows; what is larger is asked for each time


class Memory:
    """Values by name, each made once, however many ask for it at the same time."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._lock = RLock()  # one value may be made from another

    def get(self, name: str, make: Callable[[], T]) -> T:
        """The value of a name; ``make()`` makes it where it is not there yet. A failure is not kept."""
        if name not in self._values:
            with self._lock:
                if name not in self._values:
                    self._values[name] = make()
        found: T = self._values[name]
        return found
