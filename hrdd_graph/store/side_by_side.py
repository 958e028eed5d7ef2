"""Several queries at once. Oxigraph answers without Python's lock, so that each core of the machine can take one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

_MOST = 4  # a server answers others meanwhile


def side_by_side(answer: Callable[[S], T], asked: Iterable[S]) -> Iterator[T]:
    """What ``answer`` makes of each thing that is asked, in their order.

    Answers wait until those before them have been taken, so that ``answer`` should give what is wanted of the rows
    rather than all of the rows. Where one fails, those behind it are not begun, and its error is raised in its place.
    """
    workers = min(os.cpu_count() or 1, _MOST)
    if workers == 1:
        yield from map(answer, asked)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="query") as pool:
        yield from pool.map(answer, asked)
