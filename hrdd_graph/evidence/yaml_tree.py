"""YAML with line numbers, read so that nothing is guessed: every scalar is a string, no aliases, no duplicate keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from hrdd_graph.errors import Problem, UnusableInput


class Scalar(NamedTuple):
    """A scalar as it is written, and its line (from 1)."""

    text: str
    line: int


@dataclass(frozen=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True)
class Mapping:
    entries: dict[str, Node]
    line: int


Node = Scalar | Sequence | Mapping

# Deeper than any sheet is; the parsers of YAML recurse, and a file must not be able to end the process.
_DEEPEST = 50
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(path: Path) -> Node:
    """Read one YAML document. Raises ``UnusableInput`` with the line for broken YAML, aliases and repeated keys."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UnusableInput.one(path, "is not UTF-8.", line=line, fix="Save the file as UTF-8.") from error
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise UnusableInput.one(
                    path,
                    f"is nested more than {_DEEPEST} levels deep.",
                    line=event.start_mark.line + 1 if event.start_mark else 0,
                    fix="Check the brackets and the indentation.",
                )
            if isinstance(event, yaml.AliasEvent):
                raise UnusableInput.one(
                    path,
                    "uses a YAML alias.",
                    line=event.start_mark.line + 1 if event.start_mark else 0,
                    fix="Write the value out.",
                )
        tree = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnusableInput.one(
            path,
            f"is not YAML: {error.problem or error.context}.",
            line=mark.line + 1 if mark else 0,
            fix="Check the indentation and the quotes at this line.",
        ) from error
    except yaml.YAMLError as error:
        raise UnusableInput.one(path, f"is not YAML: {error}.", fix="Check the file's content.") from error
    if tree is None:
        raise UnusableInput.one(path, "is empty.", fix="Write a sheet with `id` and `records`.")
    problems: list[Problem] = []
    node = _convert(tree, path, problems)
    if problems:
        raise UnusableInput(problems)
    return node


def _convert(node: yaml.Node, path: Path, problems: list[Problem]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, line)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_convert(item, path, problems) for item in node.value), line)
    entries: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in entries:
            problems.append(
                Problem(str(path), key.start_mark.line + 1, name, "stands twice in one place.", "Make a list of it.")
            )
        entries[name] = _convert(value, path, problems)
    return Mapping(entries, line)
