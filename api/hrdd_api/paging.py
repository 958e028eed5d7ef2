"""Pages of a list: an opaque cursor says where the next one begins, and that it is still the same list.

Rows have one order on every store, so a place in it is enough, as long as neither graph nor query has changed. A list
that only ever grows at its beginning, as the queue of submissions does, goes on after a thing of it instead.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from hrdd_api.problems import Refusal
from hrdd_graph.answers._answer import Page
from hrdd_graph.templates import Template
from hrdd_graph.view import View

PAGING = ("page_size", "cursor")
LARGEST = 10_000
_SIZE = re.compile(r"[0-9]{1,5}")


def page_of(given: dict[str, list[str]], template: Template, view: View, *, paged: bool) -> Page | None:
    """The page that was asked for; ``None`` for the whole. Refuses what is no page of this list."""
    sizes, cursors = (given.get(name, [])[-1:] for name in PAGING)
    if not paged and not any(sizes) and not any(cursors):
        return None
    size = template.page_size
    if any(sizes):
        if not _SIZE.fullmatch(sizes[0]) or not 1 <= int(sizes[0]) <= LARGEST:
            what = f'page_size is no size of a page: "{sizes[0]}".'
            raise Refusal("bad-parameter", what, f"Write a number from 1 to {LARGEST}.")
        size = int(sizes[0])
    return Page(size, offset_of(cursors[0], view, template.version) if any(cursors) else 0)


def cursor_of(view: View, version: str, offset: int) -> str:
    """The cursor of a place in a list; ``version`` is what the list depends on beside the view."""
    return _sealed([offset, *_state(view, version)])


def cursor_after(name: str) -> str:
    """The cursor of the place after a thing in a list that grows at its beginning."""
    return _sealed([name])


def thing_before(cursor: str) -> str:
    """The thing that such a cursor goes on after. Refuses what is none."""
    match _opened(cursor):
        case [str(name)]:
            return name
    raise _refusal()


def _sealed(parts: list[Any]) -> str:
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(cursor: str) -> Any:
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise _refusal() from None


def _refusal() -> Refusal:
    fix = "Take it whole from the Link field of the page before."
    return Refusal("bad-parameter", "cursor is no cursor of this service.", fix)


def _state(view: View, version: str) -> list[str]:
    return [view.digest[7:19], version]


def offset_of(cursor: str, view: View, version: str) -> int:
    """The place that a cursor names. Refuses what is none, and one of a list that has changed."""
    match _opened(cursor):
        case [int(offset), *state] if 0 <= offset < 1 << 40:
            pass
        case _:
            raise _refusal()
    if state != _state(view, version):
        raise Refusal("stale-cursor", "The graph or the query has changed since this cursor was given.", "Begin anew.")
    return offset
