"""An append-only log of JSON lines, each linked to the one before it by its hash.

A line holds its number, the time, an event and its facts, the hash of the line before, and its own hash, which is the
SHA-256 of the line without it. A changed, lost or swapped line breaks the chain; a lost end is told by ``log.head``,
which names the last line, and by hashes that were given to others. What a crash leaves half-written was never
acknowledged to anybody; the next line sets it aside.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from hrdd_graph.errors import Problem
from hrdd_graph.store.base import StoreError
from hrdd_graph.submissions.disk import put_in_place, sync_folder, written_beside

FIRST = "0" * 64  # what the first line has in place of the hash before it


@dataclass(frozen=True)
class Line:
    """One line as it was read: its number from 1, the time in UTC, the event, its facts, and its hash."""

    number: int
    time: str
    event: str
    facts: dict[str, Any]
    hash: str

    @property
    def day(self) -> str:
        return self.time[:10]


class Log:
    """The log in a folder. Several processes may share it; whoever appends holds the lock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log.jsonl"
        self.head = folder / "log.head"
        self._lock = folder / "lock"
        self._lines: list[Line] = []
        self._offset = 0
        self._inode = 0
        self._reading = Lock()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time, in any process or thread."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def append(self, event: str, **facts: Any) -> Line:
        """Add a line; it is on the disk when this returns. Only within ``locked``."""
        self._set_aside_what_is_torn()
        return self._append(event, facts)

    def _append(self, event: str, facts: dict[str, Any]) -> Line:
        lines = self.lines()
        number, previous = len(lines) + 1, lines[-1].hash if lines else FIRST
        time = datetime.now(UTC).isoformat(timespec="seconds")
        content = {"number": number, "time": time, "event": event, **facts, "previous": previous}
        content["hash"] = digest_of(content)
        # The head is on the disk before the line is: where there is no room, neither is there.
        head = written_beside(self.head, json.dumps({"number": number, "hash": content["hash"]}).encode())
        try:
            self._write(json.dumps(content, ensure_ascii=False).encode() + b"\n")
        except BaseException:
            head.unlink(missing_ok=True)
            raise
        put_in_place(head, self.head)
        return self.lines()[-1]

    def _write(self, data: bytes) -> None:
        new = not self.path.exists()
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        before = os.fstat(file).st_size
        try:
            while data:
                data = data[os.write(file, data) :]
            os.fsync(file)
        except BaseException:
            os.ftruncate(file, before)  # whoever asked is told that it was not done
            raise
        finally:
            os.close(file)
        if new:
            sync_folder(self.path.parent)

    def _set_aside_what_is_torn(self) -> None:
        """Cut off a line that a crash left half-written, and say so in a line of its own."""
        self.lines()
        try:
            with self.path.open("r+b") as file:
                file.seek(self._offset)
                if not (torn := file.read()):
                    return
                file.truncate(self._offset)
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        self._append("torn", {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()})

    def lines(self) -> list[Line]:
        """Every whole line so far. What was read before is not read again. Raises ``StoreError`` for a broken line."""
        with self._reading:  # what was read and how far must fit together, for all threads of a server
            return self._read_on()

    def _read_on(self) -> list[Line]:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._lines, self._offset, self._inode = [], 0, 0
            return self._lines
        if status.st_ino != self._inode or status.st_size < self._offset:
            self._lines, self._offset, self._inode = [], 0, status.st_ino
        if status.st_size > self._offset:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                whole, newline, _ = file.read().rpartition(b"\n")
            found = [self._read(text) for text in whole.split(b"\n")] if newline else []
            self._lines = [*self._lines, *found]  # a new list, since another thread may be reading the old one
            self._offset += len(whole) + len(newline)
        return self._lines

    def _read(self, text: bytes) -> Line:
        try:
            content = json.loads(text)
            facts = {k: v for k, v in content.items() if k not in ("number", "time", "event", "previous", "hash")}
            return Line(content["number"], content["time"], content["event"], facts, content["hash"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"{self.path} has a line that cannot be read. Run `hrdd log verify`.") from error

    def verify(self, known_hash: str = "") -> list[Problem]:
        """Everything that does not fit together. ``known_hash`` is one that somebody kept from an earlier answer."""
        problems: list[Problem] = []

        def wrong(line: int, what: str) -> None:
            problems.append(Problem(str(self.path), line, "", what, "Compare with a backup, and find out who wrote."))

        data = self.path.read_bytes() if self.path.exists() else b""
        whole, newline, _ = data.rpartition(b"\n")
        previous, hashes = FIRST, []
        for place, text in enumerate(whole.split(b"\n") if newline else (), start=1):
            try:
                content = json.loads(text)
                own, number = content.pop("hash"), content["number"]
            except (ValueError, KeyError, TypeError, AttributeError):
                wrong(place, "cannot be read.")
                previous = ""
                continue
            if own != digest_of(content):
                wrong(place, "was changed: its hash is not that of its content.")
            elif content.get("previous") != previous and previous:
                wrong(place, "does not follow the line before it: a line was lost, put in, changed or moved.")
            if number != place:
                wrong(place, f"calls itself line {number}: lines were lost, put in or moved.")
            hashes.append(own)
            previous = own
        problems += self._of_the_end(hashes)
        if known_hash and known_hash not in hashes:
            wrong(0, f"does not hold the line {known_hash}.")
        return problems

    def _of_the_end(self, hashes: list[str]) -> list[Problem]:
        try:
            head = json.loads(self.head.read_bytes())
            number, last = int(head["number"]), str(head["hash"])
        except FileNotFoundError:
            # A crash may come between the first line and its head.
            return [Problem(str(self.head), 0, "", "is missing.", "Restore it.")] if len(hashes) > 1 else []
        except (ValueError, KeyError, TypeError):
            return [Problem(str(self.head), 0, "", "cannot be read.", "Restore it from a backup.")]
        if number > len(hashes) or number < len(hashes) - 1 or hashes[number - 1] != last:
            what = f"says that line {number} is {last[:12]}..., and the log of {len(hashes)} lines says otherwise."
            return [Problem(str(self.head), 0, "", what, "Lines at the end were lost or written past the program.")]
        return []


def digest_of(content: dict[str, Any]) -> str:
    """The SHA-256 of a line's content without its own hash, written with sorted keys and no spaces."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
