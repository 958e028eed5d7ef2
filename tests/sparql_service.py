"""A SPARQL service on a port of its own, over a store of ours, with whatever faults a test gives it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, QuerySolutions

from hrdd_graph.store import Scope, Store

Binding = dict[str, dict[str, str]]


@dataclass
class Service:
    """What it answers from, and how it errs. All may be changed while it runs.

    ``most`` cuts each answer, without a word unless it ``tells``; ``altered`` changes a row, loses it with ``None``,
    and refuses the query by raising ``ValueError``; ``on_request`` is called with the number of each request and the
    graphs that it is about, and ends the connection by raising. Where it is not ``in_time``, it says as Virtuoso does
    that it gave what it had.
    """

    store: Store
    most: int | None = None
    tells: bool = False
    in_time: bool = True
    software: str = "Tested/1"
    altered: Callable[[Binding], Binding | None] = lambda binding: binding
    on_request: Callable[[int, tuple[str, ...]], None] = lambda _number, _graphs: None
    address: str = ""
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def answer(self, form: dict[str, list[str]]) -> tuple[bytes, dict[str, str]]:
        """The table in JSON, and the headers that go with it."""
        text, graphs = form["query"][0], tuple(form.get("default-graph-uri", ()))
        self.asked.append((text, graphs))
        self.on_request(len(self.asked), graphs)
        scope = Scope(graphs, tuple(form.get("named-graph-uri", ()))) if graphs else Scope()
        solutions = self.store.query(text, scope)
        assert isinstance(solutions, QuerySolutions)
        document: dict[str, Any] = json.loads(solutions.serialize(format=QueryResultsFormat.JSON) or b"")
        rows = (self.altered(binding) for binding in document["results"]["bindings"])
        kept = [row for row in rows if row is not None]
        document["results"]["bindings"] = kept[: self.most]
        headers = {"X-SQL-State": "S1TAT", "X-SQL-Message": "interrupted by result timeout"} if not self.in_time else {}
        if self.tells and self.most is not None and len(kept) > self.most:
            headers["X-SPARQL-MaxRows"] = str(self.most)
        return json.dumps(document).encode(), headers


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """The service with its address, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                content, headers = service.answer(parse_qs(body, keep_blank_values=True))
            except ConnectionError:
                self.close_connection = True
                return
            except ValueError as error:
                self.send_error(400, str(error))
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def version_string(self) -> str:
            return service.software

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests are silent."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    service.address = f"http://127.0.0.1:{listening.server_address[1]}/sparql"
    try:
        yield service
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(10)
