"""What the readers of JSON share: from a tree to rows, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.match import JSONPathMatch

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.tables import MOST_IN_A_CELL, SEVERAL, Row, heading

_DEEPEST = 20  # levels below a row
_PATHS = JSONPathEnvironment(strict=True)


def is_path(text: str) -> bool:
    """Whether a header, or the place of rows, is a JSONPath (RFC 9535)."""
    return text.startswith("$")


@cache
def compiled(text: str) -> JSONPath:
    """A JSONPath, ready for use. Raises ``UnusableInput``: paths come from profiles."""
    try:
        found = _PATHS.compile(text)
    except JSONPathError as error:
        fix = "Write it as RFC 9535 does: $.parts[?@.kind == 'a'].name."
        raise UnusableInput.one("the profile", f"has a broken JSONPath, {text}: {error}.", fix=fix) from error
    assert isinstance(found, JSONPath)  # two of them joined are no standard
    return found


def loads(path: Path, data: bytes, line: int = 0) -> Any:
    """What JSON holds. Raises ``UnusableInput`` with the line."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        fix = "Fetch or export the file again."
        raise UnusableInput.one(path, f"is no JSON: {error.msg}.", line=line or error.lineno, fix=fix) from error


def matches(document: Any, at: str) -> Iterator[JSONPathMatch]:
    """The nodes at a place: a JSONPath, or keys such as ``addresses`` that lead to a list (``/``: the whole)."""
    keys = [key for key in at.split("/") if key]
    path = at if is_path(at) else "$" + "".join(f"[{orjson.dumps(key).decode()}]" for key in keys) + "[*]"
    return iter(compiled(path).finditer(document))


def row(path: Path, match: JSONPathMatch, number: int, place: str, headers: Iterable[str]) -> Row:
    """A node as a row. Its cells stand under keys, or paths of keys such as ``share/exact``, and under those of the
    ``headers`` that are JSONPaths from the node on; what stands around it is there too, where it has no such key.
    """
    cells: dict[str, str] = {}
    above = []
    parent = match.parent
    while parent:
        above.append(parent.obj)
        parent = parent.parent
    for outer in reversed(above):
        if isinstance(outer, dict):
            cells |= {heading(key): _text(each) for key, each in outer.items() if not isinstance(each, dict | list)}
    if isinstance(match.obj, dict):
        cells |= dict(_cells(match.obj))
    elif not isinstance(match.obj, list):
        name = next((part for part in reversed(match.parts) if isinstance(part, str)), "value")
        cells[heading(name)] = _text(match.obj)
    for header in filter(is_path, headers):
        found = compiled(header).findall(match.obj) if isinstance(match.obj, dict | list) else []
        cells[heading(header)] = SEVERAL.join(_text(each) for each in found if not isinstance(each, dict | list))
    for name, text in cells.items():
        if len(text) > MOST_IN_A_CELL:
            what = f"has a text of {len(text)} characters in {name}."
            raise UnusableInput.one(path, what, line=number, fix="Shorten it.")
    return Row("", number, cells, place)


def _cells(item: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    if above.count("/") > _DEEPEST:
        return  # no profile reads there, and a file must not be able to end the process
    for key, value in item.items():
        name = above + heading(key)
        if isinstance(value, dict):
            yield from _cells(value, f"{name}/")
        elif isinstance(value, list):
            texts = [_text(each) for each in value if not isinstance(each, dict | list)]
            if texts:
                yield name, SEVERAL.join(texts)
        elif value is not None:
            yield name, _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
