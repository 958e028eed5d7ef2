"""One query at a time in a process of its own: a running query cannot be cancelled, but a process can be ended.

    python -m hrdd_graph.store.worker CONNECTION GENERATION MEMORY

CONNECTION is the number of an open socket, GENERATION the folder of that of the store, MEMORY the bytes that a query
may need. What goes over the connection, each message in bytes: ``R`` when the worker is ready; to it the task as JSON;
back ``K`` with the kind of answer; to it the format and the limit of rows; back any number of ``D``, each with a piece
of the answer, and ``E`` with the count. ``X`` tells of a failure instead. Where the parent is gone the process ends,
whatever it is at.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import resource
import sys
import threading
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions

from hrdd_graph.bounded import bound_memory
from hrdd_graph.sparql import results
from hrdd_graph.store.base import Answer, QueryError, Scope, StoreError
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Triple

_PIECE = 1 << 16


def work(connection: Connection, generation: str, memory: int) -> None:
    """Answer tasks over a generation of a store until the connection ends."""
    messages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, messages), daemon=True).start()
    store = EmbeddedStore.open_generation(Path(generation))
    store.warm()
    bound_memory(memory)
    connection.send_bytes(b"R")
    while True:
        _serve(store, connection, messages)


def _listen(connection: Connection, messages: SimpleQueue[bytes]) -> None:
    try:
        while True:
            messages.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def _serve(store: EmbeddedStore, connection: Connection, messages: SimpleQueue[bytes]) -> None:
    task: dict[str, Any] = json.loads(messages.get())

    def tell(mark: bytes, facts: dict[str, Any]) -> None:
        connection.send_bytes(mark + json.dumps(facts).encode())

    try:
        named = task["named"]
        scope = Scope(tuple(task["graphs"]), None if named is None else tuple(named))
        answer = store.query(task["text"], scope)
        tell(b"K", kind_of(answer))
        wanted = json.loads(messages.get())
        count = Count()
        for piece in pieces_of(answer, wanted["form"], wanted["rows"], count):
            connection.send_bytes(b"D" + piece)
        tell(b"E", {"rows": count.rows, "truncated": count.truncated, "resident": _resident()})
    except QueryError as error:
        tell(b"X", {"kind": "query", "detail": str(error)})
    except StoreError as error:
        tell(b"X", {"kind": "store", "detail": str(error)})
    except MemoryError:
        tell(b"X", {"kind": "memory", "detail": ""})


class Count:
    """How long an answer came out, and whether it was cut."""

    rows = 0
    truncated = False


def kind_of(answer: Answer) -> dict[str, Any]:
    """The kind of an answer (rows, graph or boolean), and the variables of rows."""
    if isinstance(answer, QuerySolutions):
        return {"kind": "rows", "variables": [variable.value for variable in answer.variables]}
    return {"kind": "boolean" if isinstance(answer, QueryBoolean) else "graph"}


def pieces_of(answer: Answer, form: str, limit: int, count: Count) -> Iterator[bytes]:
    """An answer in a format, cut at a limit of rows or statements; ``count`` is filled in as it goes."""
    if isinstance(answer, QueryBoolean):
        yield results.boolean(form, bool(answer))
    elif isinstance(answer, QuerySolutions):
        rows = results.Rows((tuple(solution) for solution in answer), limit)
        yield from results.written(form, [variable.value for variable in answer.variables], rows)
        count.rows, count.truncated = rows.count, rows.truncated
    else:
        yield from _graph(answer, form, limit, count)


def _graph(triples: Iterable[Triple], form: str, limit: int, count: Count) -> Iterator[bytes]:
    """N-Triples as they come; the other formats, which gather statements by subject, as a whole."""

    def counted() -> Iterator[Triple]:
        for triple in triples:
            if count.rows == limit:
                count.truncated = True
                return
            count.rows += 1
            yield triple

    if form == "nt":
        lines = (f"{triple} .\n" for triple in counted())
        while block := "".join(itertools.islice(lines, 500)):
            yield block.encode()
        if count.truncated:
            yield f"# truncated: the first {count.rows} statements; there are more\n".encode()
        return
    from hrdd_graph.results import graph_document

    buffer = io.BytesIO(graph_document(counted(), form))
    while piece := buffer.read(_PIECE):
        yield piece


def _resident() -> int:
    """The bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])), sys.argv[2], int(sys.argv[3]))
