"""JSON: the nodes at a place, each a row; a file of JSON Lines under this name is read line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.readers import _trees, jsonl
from hrdd_graph.intake.tables import Row

MOST_BYTES = 64 * 1024 * 1024  # a file is read as a whole


def rows(path: Path, at: str, headers: Iterable[str] = ()) -> Iterator[Row]:
    """The nodes at a place: a JSONPath (``$[?@.kind == 'a']``), or keys that lead to a list (``/``: the file is one).

    The place of a row is a JSON Pointer (RFC 6901).
    """
    try:
        if jsonl.begins_with_a_line_of_its_own(path):
            yield from jsonl.rows(path, at, headers)
            return
        size = path.stat().st_size
        if size > MOST_BYTES:
            what = f"holds {size // 2**20} MB; at most {MOST_BYTES // 2**20} MB of JSON are read."
            raise UnusableInput.one(path, what, fix="Cut it into several files, or write it as JSON Lines.")
        document = _trees.loads(path, path.read_bytes())
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be read: {error.strerror}.", fix="Check the file's name.") from error
    found = list(_trees.matches(document, at))
    if not found and isinstance(document, dict):  # a file of one thing is a list of one, as a line of JSON Lines is
        for match in _trees.matches([document], at):
            yield _trees.row(path, match, 1, "", headers)
    for count, match in enumerate(found, start=1):
        number = match.parts[0] + 1 if len(match.parts) == 1 and isinstance(match.parts[0], int) else count
        yield _trees.row(path, match, number, str(match.pointer()), headers)
