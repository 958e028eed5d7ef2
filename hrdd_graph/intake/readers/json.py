"""JSON: objects in a list, each a row; what stands in an object inside it is a cell under a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.tables import MOST_IN_A_CELL, Row, heading

MOST_BYTES = 64 * 1024 * 1024  # a file is read as a whole


def rows(path: Path, at: str) -> Iterator[Row]:
    """The objects of the list under a path of keys such as ``addresses``; ``/`` where the file is a list itself.

    The place of a row is a JSON Pointer (RFC 6901).
    """
    keys = [key for key in at.split("/") if key]
    node = _read(path)
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    if not isinstance(node, list):
        raise UnusableInput.one(
            path, f"has no list at /{'/'.join(keys)}.", fix="Name the file that the profile is for."
        )
    for number, item in enumerate(node):
        if not isinstance(item, dict):
            continue
        cells = dict(_cells(item))
        for name, text in cells.items():
            if len(text) > MOST_IN_A_CELL:
                what = f"has a text of {len(text)} characters in {name}."
                raise UnusableInput.one(path, what, line=number + 1, fix="Shorten it.")
        yield Row("", number + 1, cells, "/".join(["", *keys, str(number)]))


def _read(path: Path) -> Any:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            what = f"holds {size // 2**20} MB; at most {MOST_BYTES // 2**20} MB of JSON are read."
            raise UnusableInput.one(path, what, fix="Cut it into several files.")
        return orjson.loads(path.read_bytes())
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error
    except orjson.JSONDecodeError as error:
        raise UnusableInput.one(path, f"is no JSON: {error}.", line=error.lineno, fix="Fetch it again.") from error


def _cells(item: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        name = above + heading(key)
        if isinstance(value, dict):
            yield from _cells(value, f"{name}/")
        elif isinstance(value, list):
            texts = [_text(each) for each in value if not isinstance(each, dict | list)]
            if texts:
                yield name, "; ".join(texts)
        elif value is not None:
            yield name, _text(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
