"""A pause of Python's collector of cycles, for work that makes many objects and keeps them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector of cycles off for the block; it is on again afterwards only where it was on before.

    While a graph is built, hundreds of thousands of statements stay alive on purpose, and each full collection looks
    at all of them to free nothing. Reference counts still free what is no longer used.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
