"""Several queries at once. Oxigraph answers without Python's lock, so that each core of the machine can take one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_MOST = 4  # a server answers others meanwhile


def side_by_side(answer: Callable[[str], T], texts: Iterable[str]) -> Iterator[T]:
    """The answers to queries, in the order of the queries.

    ``texts`` is read to its end at once, while the first are being answered: a query that is still to be compiled may
    be made there. Where one fails, those behind it are not begun, and its error is raised in its place.
    """
    workers = min(os.cpu_count() or 1, _MOST)
    if workers == 1:
        yield from map(answer, texts)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="query") as pool:
        yield from pool.map(answer, texts)
