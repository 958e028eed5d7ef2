"""Which record an import has said what of, and an earlier import before it: a table on disk, so that memory stays the
same however many rows a file has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from hrdd_graph.intake.save import added, root_of, state_of
from hrdd_graph.namespaces import RDF
from hrdd_graph.terms import Iri, Quad

Seen = Mapping[str, tuple[int, int]]  # what rows have said of a record, as a number, and the first of them
Kinds = Mapping[str, frozenset[Iri]]

_FILE = "ledger.sqlite"
_CACHE = 32 * 1024  # KiB of the table that are kept in memory
# ``state`` is what an earlier import said, ``content`` and ``row`` are of this one; each is empty where there is none.
_TABLE = """CREATE TABLE record (
    root TEXT PRIMARY KEY, kinds TEXT NOT NULL, state INTEGER, content INTEGER, row INTEGER
) WITHOUT ROWID"""
_EARLIER = """INSERT INTO record (root, kinds, state) VALUES (?, ?, ?)
    ON CONFLICT (root) DO UPDATE SET kinds = kinds || ' ' || excluded.kinds, state = added(state, excluded.state)"""
_SAY = """INSERT INTO record (root, kinds, content, row) VALUES (?, ?, ?, ?)
    ON CONFLICT (root) DO UPDATE SET kinds = excluded.kinds, content = excluded.content, row = excluded.row"""
_AMONG = "FROM json_each(?) AS asked JOIN record ON record.root = asked.value"


class Ledger:
    """The table in a folder; each process opens it for itself, and one of them writes. It ``continues`` where there was
    an earlier import.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open = sqlite3.connect(folder / _FILE, isolation_level=None)
        self._open.create_function("added", 2, added, deterministic=True)
        for setting in ("journal_mode = WAL", "synchronous = OFF", f"cache_size = -{_CACHE}"):
            self._open.execute(f"PRAGMA {setting}")
        self.continues = False

    @classmethod
    def begun(cls, folder: Path, earlier: Iterable[Quad]) -> Ledger:
        """A new ledger with what an earlier import says, which may be nothing."""
        ledger = cls(folder)
        ledger._open.execute(_TABLE)
        ledger._write(_EARLIER, (_entry(root, list(quads)) for root, quads in groupby(earlier, _root)))
        ledger.continues = ledger._has_earlier()
        return ledger

    @classmethod
    def opened(cls, folder: Path) -> Ledger:
        """The ledger of another process."""
        ledger = cls(folder)
        ledger.continues = ledger._has_earlier()
        return ledger

    def close(self) -> None:
        self._open.close()

    def states(self, roots: Iterable[str]) -> dict[str, int]:
        """What an earlier import said of those of the records that it had."""
        return dict(self._among(f"SELECT record.root, state {_AMONG} WHERE state IS NOT NULL", roots))

    def said(self, roots: Iterable[str]) -> dict[str, tuple[int, int]]:
        """What rows have said of those of the records that they made."""
        rows = self._among(f"SELECT record.root, content, row {_AMONG} WHERE row IS NOT NULL", roots)
        return {root: (content, row) for root, content, row in rows}

    def kinds(self, roots: Iterable[str]) -> dict[str, frozenset[Iri]]:
        """The classes of those of the records that this import or the earlier one has."""
        rows = self._among(f"SELECT record.root, kinds {_AMONG}", roots)
        return {root: frozenset(map(Iri, kinds.split())) for root, kinds in rows}

    def say(self, said: Seen, kinds: Kinds) -> None:
        """Keep what rows say of records that no earlier row has made."""
        none = frozenset[Iri]()
        self._write(_SAY, ((root, _words(kinds.get(root, none)), *found) for root, found in said.items()))

    @property
    def is_silent(self) -> bool:
        """Whether no row has made any record."""
        return self._open.execute("SELECT 1 FROM record WHERE row IS NOT NULL LIMIT 1").fetchone() is None

    def left(self) -> Iterator[str]:
        """The records of the earlier import of which no row says anything."""
        yield from (root for (root,) in self._open.execute("SELECT root FROM record WHERE row IS NULL"))

    def _has_earlier(self) -> bool:
        return self._open.execute("SELECT 1 FROM record WHERE state IS NOT NULL LIMIT 1").fetchone() is not None

    def _among(self, query: str, roots: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        yield from self._open.execute(query, (orjson.dumps(list(roots)).decode(),))

    def _write(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._open.execute("BEGIN")
        self._open.executemany(query, rows)
        self._open.execute("COMMIT")


def _root(quad: Quad) -> str:
    return root_of(quad.subject)


def _entry(root: str, quads: list[Quad]) -> tuple[object, ...]:
    kinds = (q.object for q in quads if q.predicate == RDF.type and getattr(q.subject, "value", "") == root)
    return root, _words(kind for kind in kinds if isinstance(kind, Iri)), state_of(quads).get(root, 0)


def _words(kinds: Iterable[Iri]) -> str:
    return " ".join(sorted(kind.value for kind in kinds))
