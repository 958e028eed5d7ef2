"""JSON Lines: a JSON value on each line, one line in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.readers import _trees
from hrdd_graph.intake.tables import Row

MOST_IN_A_LINE = 16 * 1024 * 1024  # bytes


def rows(path: Path, at: str, headers: Iterable[str] = ()) -> Iterator[Row]:
    """The values at a place of the list of all lines, such as ``$[?@.schema == 'Company']``; a row is a line.

    The place of a row is its line as RFC 5147 counts: ``line=4,5`` is the fifth.
    """
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(MOST_IN_A_LINE + 1):
                number += 1
                if len(line) > MOST_IN_A_LINE:
                    what = f"has a line of more than {MOST_IN_A_LINE // 2**20} MB."
                    raise UnusableInput.one(path, what, line=number, fix="Leave the record out.")
                if not line.strip():
                    continue
                for match in _trees.matches([_trees.loads(path, line, number)], at):
                    yield _trees.row(path, match, number, f"line={number - 1},{number}", headers)
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error


def begins_with_a_line_of_its_own(path: Path) -> bool:
    """Whether the first line is a JSON object and others follow."""
    with path.open("rb") as stream:
        first = stream.readline(MOST_IN_A_LINE)
        if not first.lstrip().startswith(b"{"):
            return False
        after = next((line for line in iter(lambda: stream.readline(MOST_IN_A_LINE), b"") if line.strip()), b"")
        if not after:
            return False
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return True
