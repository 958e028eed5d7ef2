"""Callers' queries in worker processes that can be ended: by time, by memory, or because the caller has gone.

Templates and rules are ours and run in the server; what a caller writes runs here. Each worker opens the generation
that the server has open, whatever was built since, and answers one query at a time. One that is stopped, dies, or has
grown is replaced. A worker is a program of its own (``hrdd_graph.store.worker``), which nothing of the server's is run
in again.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from hrdd_graph.store import worker as worker_module
from hrdd_graph.store.base import QueryError, Scope, StoreError
from hrdd_graph.store.embedded import EmbeddedStore, current_generation
from hrdd_graph.store.limits import LimitReached, Limits, Turn, Turns

_LOG = logging.getLogger(__name__)
_GROWN = 256 << 20  # a worker that holds so much more than when it began makes room for a new one
_START_SECONDS = 120.0
_WAITING = 4  # callers who wait, for each worker


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    resident: int = 0

    def end(self) -> None:
        self.process.kill()
        self.process.wait(5)
        self.connection.close()


class Answering:
    """A query that a worker is at. Choose a format when its kind is known, then read the pieces."""

    def __init__(self, worker: _Worker, turn: Turn, limits: Limits) -> None:
        self._worker = worker
        self._turn = turn
        self._limits = limits
        self._left = limits.seconds
        self._given = 0.0  # when its reader was given the piece that is being read; 0 while the worker is at it
        self.ended = False
        self.kind = ""
        self.variables: tuple[str, ...] = ()
        self.rows = 0
        self.truncated = False

    def begin(self) -> None:
        """Wait until the kind of answer is known."""
        facts = self._facts(*self._receive(), b"K")
        self.kind = facts["kind"]
        self.variables = tuple(facts.get("variables", ()))

    def pieces(self, form: str, rows: int | None = None) -> Iterator[bytes]:
        """The answer in a format, cut at ``rows`` where they are fewer than the limit.

        Raises ``LimitReached``, ``QueryError`` or ``StoreError``, at the latest half-way.
        """
        limit = min(rows or self._limits.rows, self._limits.rows)
        self._worker.connection.send_bytes(json.dumps({"form": form, "rows": limit}).encode())
        while True:
            mark, body = self._receive()
            if mark == b"D":
                self._given = time.monotonic()
                yield body
                self._given = 0.0
                continue
            facts = self._facts(mark, body, b"E")
            self.rows, self.truncated = facts["rows"], facts["truncated"]
            self.ended = facts["resident"] < self._worker.resident + _GROWN or not self._worker.resident
            self._worker.resident = self._worker.resident or facts["resident"]
            return

    @property
    def idle(self) -> float:
        """For how many seconds the reader has been at the present piece."""
        return time.monotonic() - self._given if self._given else 0.0

    def give_way(self) -> None:
        """End it for those who wait. Its reader finds the answer broken off."""
        self._worker.process.kill()
        self._worker.process.wait(5)
        self._turn.release()

    def _facts(self, mark: bytes, body: bytes, expected: bytes) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(body)
        if mark == expected:
            return facts
        self.ended = facts["kind"] == "query"
        if facts["kind"] == "memory":
            raise LimitReached("memory", self._limits)
        raise (QueryError if facts["kind"] == "query" else StoreError)(facts["detail"])

    def _receive(self) -> tuple[bytes, bytes]:
        """The next message. Only the worker's time counts, not that of a caller who reads slowly."""
        connection = self._worker.connection
        begun = time.monotonic()
        try:
            if not connection.poll(max(self._left, 0)):
                raise LimitReached("time", self._limits)
            message = connection.recv_bytes()
        except (EOFError, OSError):
            # Nothing but a failed allocation ends a worker that nobody ended.
            raise LimitReached("memory", self._limits) from None
        self._left -= time.monotonic() - begun
        return message[:1], message[1:]


class QueryWorkers:
    """A few workers over one embedded store; they start when they are first needed, or when they are prepared."""

    def __init__(self, store: EmbeddedStore, *, size: int = 2, limits: Limits | None = None) -> None:
        self._store = store
        self._limits = limits or Limits()
        self._free: list[_Worker] = []
        self._turns = Turns(size, size * _WAITING)
        self._running: set[Answering] = set()
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._closed = False
        self._prepared = False

    def prepare(self) -> None:
        """Have a worker ready from now on, so that nobody waits for one to start. Returns at once."""
        self._prepared = True
        threading.Thread(target=self._make_ready, daemon=True, name="query worker").start()

    def _make_ready(self) -> None:
        """Start a worker if none is free."""
        try:
            with self._starting:
                with self._lock:
                    if self._closed or self._free:
                        return
                    generation = self._generation()
                worker = _start(generation, self._limits)
                with self._lock:
                    if not self._closed:
                        self._free.append(worker)
                        return
                worker.end()
        except StoreError as error:  # whoever asks next will hear of it
            _LOG.error("%s", error)

    @contextmanager
    def answer(self, text: str, scope: Scope, *, wait: float = 10.0) -> Iterator[Answering]:
        """Begin a query; whatever becomes of it, the worker is free or gone when the context ends.

        Raises ``Busy`` where no worker becomes free within ``wait`` seconds or too many wait already, and what
        ``Answering`` raises.
        """
        with self._turns.take(wait, self._make_room) as turn:
            worker = self._take()
            answering = None
            try:
                named = None if scope.named is None else list(scope.named)
                task = {"text": text, "graphs": list(scope.graphs or ()), "named": named}
                worker.connection.send_bytes(json.dumps(task).encode())
                answering = Answering(worker, turn, self._limits)
                with self._lock:
                    self._running.add(answering)
                answering.begin()
                yield answering
            finally:
                with self._lock:
                    self._running -= {answering}
                if answering is not None and answering.ended and not self._closed:
                    with self._lock:
                        self._free.append(worker)
                else:
                    worker.end()
                    if self._prepared:
                        self.prepare()

    def _make_room(self) -> None:
        """End the answer whose reader has been at one piece for longest, and for longer than others have to wait."""
        with self._lock:
            slowest = max(self._running, key=lambda answering: answering.idle, default=None)
        if slowest is not None and slowest.idle > self._limits.idle:
            with self._lock:
                self._running.discard(slowest)
            slowest.give_way()

    def _take(self) -> _Worker:
        with self._lock:
            while self._free:
                worker = self._free.pop()
                if worker.process.poll() is None:
                    return worker
                worker.end()
            generation = self._generation()
        return _start(generation, self._limits)

    def _generation(self) -> str:
        """Where workers find the store; one in memory is written out once."""
        if self._store.generation is not None:
            return str(self._store.generation)
        if self._copy is None:
            self._copy = tempfile.TemporaryDirectory(prefix="hrdd-graph-")
            self._store.save(Path(self._copy.name))
        return str(current_generation(Path(self._copy.name)))

    def close(self) -> None:
        """End the workers that are free. What is asked still is answered, by a worker that is started for it."""
        self._closed = True
        with self._lock:
            for worker in self._free:
                worker.end()
            self._free.clear()
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None


def _start(generation: str, limits: Limits) -> _Worker:
    ours, theirs = Pipe()
    # Without the folder that it is started in on its path: what lies there is nobody's module.
    command = [sys.executable, "-P", "-m", worker_module.__name__, str(theirs.fileno()), generation, str(limits.memory)]
    with theirs:
        process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    try:
        if ours.poll(_START_SECONDS) and ours.recv_bytes() == b"R":
            return _Worker(process, ours)
    except (EOFError, OSError):
        pass
    process.kill()
    process.wait(5)
    ours.close()
    raise StoreError("A query worker did not start; the operator's log says why.")
