"""The keys that a profile's file may have, so that a misspelt one is told and not passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path

from hrdd_graph.errors import Problem
from hrdd_graph.evidence.yaml_tree import Mapping, Node
from hrdd_graph.intake.profile import Column

OF_PROFILE = (
    *("label", "description", "licence", "access", "import", "hasStatus"),
    *("about", "expected", "example", "source", "sheets"),
)
OF_SHEET = ("help", "rows", "versions", "key", "columns", "records")
# What a column has in the file under another name than in the program.
_CALLED = {"headers": "header", "parts": "from"}
OF_COLUMN = tuple(_CALLED.get(each.name, each.name) for each in fields(Column) if each.name != "name")


def unknown_keys(path: Path, tree: Node) -> Iterator[Problem]:
    """A problem for each key that is none, with its line and the key that was perhaps meant."""
    yield from _unknown(path, tree, OF_PROFILE, "a profile")
    for sheet in _values(_entry(tree, "sheets")):
        yield from _unknown(path, sheet, OF_SHEET, "a sheet")
        for column in _values(_entry(sheet, "columns")):
            yield from _unknown(path, column, OF_COLUMN, "a column")


def _entry(node: Node, key: str) -> Node | None:
    return node.entries.get(key) if isinstance(node, Mapping) else None


def _values(node: Node | None) -> Collection[Node]:
    return node.entries.values() if isinstance(node, Mapping) else ()


def _unknown(path: Path, node: Node, known: Collection[str], what: str) -> Iterator[Problem]:
    for key, value in node.entries.items() if isinstance(node, Mapping) else ():
        if key not in known:
            near = get_close_matches(key, known, 1)
            fix = f"Did you mean {near[0]}?" if near else f"Keys are {', '.join(known)}."
            yield Problem(str(path), value.line, key, f"is not a key of {what}.", fix)
