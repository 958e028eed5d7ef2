"""Routes whose failures stay in the thread that they happened in.

A store's answer may be used, and dropped, only in the thread that asked for it. An exception carries the frames that it
came through, and with them the answer, to the thread that reports it; so the frames are emptied before they leave.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute

_MARK = "__contained__"


def contained(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, with the local variables of its failures let go of; line numbers stay for the log."""
    if hasattr(endpoint, _MARK) or inspect.iscoroutinefunction(endpoint):  # one that asks no store
        return endpoint

    @functools.wraps(endpoint)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return endpoint(*args, **kwargs)
        except Exception as error:
            found: BaseException | None = error
            while found is not None:
                traceback.clear_frames(found.__traceback__)
                found = found.__cause__ or found.__context__
            raise

    setattr(call, _MARK, True)
    return call


class ContainedRoute(APIRoute):
    """A route with a contained endpoint."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(path, contained(endpoint), **kwargs)
