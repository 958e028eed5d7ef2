"""One caller cannot keep the others out: not by many slow questions, not by reading slowly, not by half a body."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hrdd_api import knowledge
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.resources import Resources
from hrdd_graph.store import StoreError
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.store.limits import Busy, Turns
from tests.api.conftest import serving

MANY = 60  # more than the threads in which a server answers
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?p ?c . ?d ?p ?f . ?g ?p ?i . FILTER ( ?a != ?d && ?d != ?g ) }"
SMALL = "ASK { ?x a hrdd:Abuse }"
OTHERS = ("/rules/certified-open-abuse.ttl", "/problem/busy.json", "/queries.json")


@pytest.fixture(scope="module")
def address(resources: Resources, store: EmbeddedStore) -> Iterator[str]:
    settings = Settings(query_seconds=3, query_workers=1, query_wait_seconds=8, body_seconds=1)
    with serving(create_app(resources, store, settings)) as made:
        httpx.get(f"{made}/sparql", params={"query": SMALL}, timeout=60)  # the worker starts
        yield made


def sent(address: str, text: str, *, buffer: int = 0) -> socket.socket:
    """A connection over which something was sent."""
    parts = urlsplit(address)
    made = socket.socket()
    if buffer:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    made.connect((parts.hostname, parts.port))
    made.settimeout(60)
    made.sendall(text.replace("\n", "\r\n").encode())
    return made


def asking(path: str) -> str:
    return f"GET {path} HTTP/1.1\nHost: localhost\nAccept: */*\n\n"


def settle(address: str) -> None:
    """Wait until the place for queries is free again."""
    end = time.monotonic() + 90
    while httpx.get(f"{address}/sparql", params={"query": SMALL}, timeout=60).status_code != 200:
        assert time.monotonic() < end


def seconds_of_others(address: str) -> float:
    """How long the slowest of a few small questions takes."""
    with httpx.Client(base_url=address, timeout=60) as client:
        taken = []
        for path in OTHERS:
            begun = time.monotonic()
            assert client.get(path).status_code == 200
            taken.append(time.monotonic() - begun)
    return max(taken)


def test_many_slow_queries_leave_room_for_others(address: str) -> None:
    with ExitStack() as open_files:
        crowd = [open_files.enter_context(sent(address, asking(f"/sparql?query={quote(SLOW)}"))) for _ in range(MANY)]
        time.sleep(0.5)
        assert seconds_of_others(address) < 3, "the threads are taken by those who wait"
        refused = next(told for one in reversed(crowd) if b" 503 " in (told := one.recv(4096)))
        assert b"retry-after: " in refused.lower()


def test_who_reads_slowly_gives_way_to_those_who_wait(address: str) -> None:
    settle(address)
    everything = asking(f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}")
    with sent(address, everything, buffer=4096) as slow:
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
        time.sleep(0.5)
        answer = httpx.get(f"{address}/sparql", params={"query": SMALL}, timeout=60)
        assert answer.status_code == 200
        rest = b""
        while piece := slow.recv(1 << 16):
            rest += piece
        assert not rest.endswith(b"0\r\n\r\n"), "what was broken off must not look whole"


def test_who_reads_slowly_is_left_alone_while_nobody_waits(address: str) -> None:
    settle(address)
    everything = asking(f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}").replace("\n\n", "\nConnection: close\n\n")
    with sent(address, everything, buffer=4096) as slow:
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
        time.sleep(7)
        rest = b""
        while piece := slow.recv(1 << 16):
            rest += piece
    assert rest.endswith(b"0\r\n\r\n")


def test_evaluations_for_many_days_leave_room_for_others(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()

    def slow(*_: object, **__: object) -> None:
        goes_on.wait(30)
        raise StoreError("this test has ended")

    monkeypatch.setattr(knowledge, "run_rules", slow)
    with ExitStack() as open_files:
        crowd = [
            open_files.enter_context(sent(address, asking(f"/gaps.json?as_of=19{number + 10}-01-01")))
            for number in range(MANY)
        ]
        try:
            time.sleep(0.5)
            assert seconds_of_others(address) < 3, "the threads are taken by those who wait"
            assert b"/problem/busy" in crowd[-1].recv(4096)
        finally:
            goes_on.set()


@pytest.mark.parametrize("path", ["/sparql", "/reconcile", "/submissions/incident", "/reports/portfolio", "/mcp"])
@pytest.mark.parametrize("length", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_half_a_body_is_not_waited_for(address: str, path: str, length: str) -> None:
    part = "ASK" if "Content" in length else "3\nASK\n"
    kind = "Content-Type: application/json\nAccept: application/json, text/event-stream"
    with sent(address, f"POST {path} HTTP/1.1\nHost: localhost\n{kind}\n{length}\n\n{part}") as half:
        begun = time.monotonic()
        told = half.recv(4096)
    assert b" 408 " in told.partition(b"\r\n")[0]
    assert b"/problem/too-slow" in told
    assert time.monotonic() - begun < 20


def test_a_place_goes_to_who_waits_and_nobody_waits_beyond_the_number() -> None:
    turns, looks = Turns(size=1, waiting=1), []
    first = turns.take(0)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(turns.take, 30, lambda: looks.append(1))
        while not looks:
            time.sleep(0.01)
        with pytest.raises(Busy):
            turns.take(30)
        first.release()
        first.release()  # it is given back once
        second = waits.result(10)
    with pytest.raises(Busy):
        turns.take(0)
    with second:
        pass
    turns.take(0).release()
