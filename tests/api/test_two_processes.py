"""``hrdd serve --workers 2``: two processes over one store, of which either may be killed at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from hrdd_graph.store.embedded import current_generation
from hrdd_graph.submissions.desk import Desk
from tests.api.processes import Connection, Home, Running, letter_of, send, until
from tests.api.submissions.world import LETTER, TURTLE

CATALOG_SECONDS = 0.3
RATE = 5
KILLS = 2
ASKED = 100
KIND = {"Content-Type": "application/json"}
ACCEPT = '{"action": "accept"}'


def worker_of(running: Running, port: int) -> int:
    """The process of a server that has the connection from a port; 0 where none has it."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    here = f":{int(running.address.rpartition(':')[2]):04X}"
    rows = [line.split() for line in lines]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(here) and row[2].endswith(f":{port:04X}")}
    for worker in workers(running):
        with suppress(OSError):  # it has ended
            for file in Path(f"/proc/{worker}/fd").iterdir():
                with suppress(OSError):
                    if str(file.readlink()) in sockets:
                        return worker
    return 0


def workers(running: Running) -> list[int]:
    """The processes of a server that answer; query workers are their children and not its own."""
    found = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    answering = []
    for pid in map(int, found):
        with suppress(OSError):  # it has ended
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                answering.append(pid)
    return answering


@dataclass
class Pair:
    """A server of two processes, and what is asked of it."""

    home: Home
    running: Running
    audit: Path

    def connection(self, who: str, but: int = 0) -> tuple[Connection, int]:
        """A connection to one of the processes, and which: another than ``but``."""
        end = time.monotonic() + 60
        while True:
            made = Connection(self.running.address, self.home.bearer(who) if who else {})
            answer = made.ask("/health/live")
            answer.read()
            worker = worker_of(self.running, made.port)
            if worker not in (0, but):
                return made, worker
            made.close()
            assert time.monotonic() < end, "only one process answers"

    def builds(self, known: set[Path]) -> bool:
        """Whether there is another generation than those known, if only begun."""
        return bool(set(self.home.store.glob("generation-*")) - known)

    def is_replaced(self, worker: int) -> bool:
        """Whether there are two processes again, and this is none of them."""
        found = workers(self.running)
        return len(found) == 2 and worker not in found

    def desk(self) -> Desk:
        return self.home.desk()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    home = Home(tmp_path_factory.mktemp("pair"), {"sender": ["submit"], "curator": ["decide"]})
    home.build()
    audit = home.folder / "audit.jsonl"
    settings = {
        "HRDD_CATALOG_SECONDS": str(CATALOG_SECONDS),
        "HRDD_RATE_LOOPBACK": f"{RATE}/minute",
        "HRDD_AUDIT_LOG": str(audit),
    }
    with home.serving("--workers", "2", **settings) as running:
        until(lambda: len(workers(running)) == 2, "there are not two processes")
        yield Pair(home, running, audit)
    assert home.desk().verify() == []
    assert all(json.loads(line)["time"] for line in audit.read_text().splitlines()), "each line is whole"


def in_graph(connection: Connection, number: int | str) -> bool:
    answer = connection.ask(f"/id/source/stream-{number}.json")
    answer.read()
    return answer.status == 200


def test_each_process_sees_what_was_accepted_through_the_other(pair: Pair) -> None:
    before = current_generation(pair.home.store)
    seen = set()
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            seen.add(current_generation(pair.home.store))
            time.sleep(0.005)

    with ExitStack() as connections, ThreadPoolExecutor(1) as pool:
        first, worker = pair.connection("curator")
        other, _ = pair.connection("sender", but=worker)
        for each in (first, other):
            connections.enter_context(closing(each))
        sent = other.ask(f"/submissions?{urlencode(LETTER)}", "POST", letter_of("seen"), **TURTLE)
        name = json.loads(sent.read())["id"]
        sent = other.ask(f"/submissions?{urlencode(LETTER)}", "POST", letter_of("aside"), **TURTLE)
        aside = json.loads(sent.read())["id"]
        assert not in_graph(first, "seen")
        assert not in_graph(other, "seen")
        watching = pool.submit(watch)
        decided = first.ask(f"/submissions/{name}/decision", "POST", ACCEPT, **KIND)
        assert json.loads(decided.read())["state"] == "accepted"
        # A withdrawal of what was not in the graph wakes the publisher of the other.
        other.ask(f"/submissions/{aside}/withdrawal", "POST", '{"reason": "A mistake."}', **KIND).read()
        until(lambda: bool(json.loads(first.ask(f"/submissions/{name}").read())["inGraph"]), "it was not built")
        built = time.monotonic()
        for each in (first, other):
            until(partial(in_graph, each, "seen"), "one of them does not see it", CATALOG_SECONDS + 10)
        assert time.monotonic() - built < CATALOG_SECONDS + 10
        ended.set()
        watching.result(10)
    assert len(seen - {before}) == 1, "one build, though both could have made it"


def test_one_key_is_one_submission_in_whichever_process(pair: Pair) -> None:
    for number in range(8):
        with ExitStack() as connections:
            first, worker = pair.connection("sender")
            other, _ = pair.connection("sender", but=worker)
            start = threading.Barrier(2)

            def post(connection: Connection, number: int = number, start: threading.Barrier = start) -> str:
                connections.enter_context(closing(connection))
                start.wait(10)
                fields = TURTLE | {"Idempotency-Key": f"key-{number}"}
                answer = connection.ask(
                    f"/submissions?{urlencode(LETTER)}", "POST", letter_of(f"key-{number}"), **fields
                )
                told = json.loads(answer.read())
                assert answer.status == 202, told
                return str(told["id"])

            with ThreadPoolExecutor(2) as pool:
                assert len(set(pool.map(post, (first, other)))) == 1
    assert len([one for one in pair.desk().all().values() if one.key]) == 8


def test_both_processes_send_the_same_bytes(pair: Pair) -> None:
    """So that whoever takes up a dump again where it broke off may meet either."""
    with ExitStack() as connections:
        first, worker = pair.connection("curator")
        other, _ = pair.connection("curator", but=worker)
        for path in ("/dumps/all.nq", "/dumps/all.nq.gz", "/dumps/all.trig", "/dumps/all.jsonld.gz", "/catalog.json"):
            seen = set()
            for each in (first, other):
                connections.enter_context(closing(each))
                answer = each.ask(path)
                assert answer.status == 200
                seen.add((answer.headers["ETag"], answer.read()))
            assert len(seen) == 1, path


def test_both_processes_write_whole_lines_of_one_audit_log(pair: Pair) -> None:
    with ExitStack() as connections, ThreadPoolExecutor(4) as pool:
        first, worker = pair.connection("curator")
        made = [first, pair.connection("curator", but=worker)[0], pair.connection("curator")[0]]

        def ask(connection: Connection) -> None:
            connections.enter_context(closing(connection))
            for _ in range(ASKED):
                connection.ask("/token").read()

        def lines() -> int:
            return pair.audit.read_text().count('"/token"')

        before = lines()
        list(pool.map(ask, made))
        until(lambda: lines() == before + ASKED * len(made), "a line is missing")


def test_each_process_counts_what_it_is_asked_itself(pair: Pair) -> None:
    """As the guide says: N processes let a caller ask up to N times as often."""
    with ExitStack() as connections:
        statuses: dict[int, list[int]] = {}
        _, worker = first = pair.connection("curator")
        for connection, which in (first, pair.connection("curator", but=worker)):
            connections.enter_context(closing(connection))
            statuses[which] = []
            for _ in range(RATE + 3):
                answer = connection.ask("/health/live", Authorization="")
                answer.read()
                statuses[which].append(answer.status)
    assert len(statuses) == 2
    for told in statuses.values():
        allowed = told.count(200)
        assert told == [*[200] * allowed, *[429] * (RATE + 3 - allowed)]
        assert RATE - 1 <= allowed <= RATE, "one of them may have been asked before, at the start"


@pytest.mark.parametrize("moment", ["deciding", "building"])
def test_a_process_that_is_killed_is_replaced_and_its_work_is_finished(pair: Pair, moment: str) -> None:
    moments = random.Random(20261129)
    for number in range(KILLS):
        mark = f"{moment}-{number}"
        with httpx.Client(base_url=pair.running.address, headers=pair.home.bearer("sender"), timeout=60) as sender:
            name = send(sender, mark)
        connection, worker = pair.connection("curator")
        known = set(pair.home.store.glob("generation-*"))

        def accept(connection: Connection = connection, name: str = name) -> int:
            with closing(connection), suppress(HTTPException, OSError):
                return connection.ask(f"/submissions/{name}/decision", "POST", ACCEPT, **KIND).status
            return 0

        with ThreadPoolExecutor(1) as pool:
            accepting = pool.submit(accept)
            if moment == "building":
                until(partial(pair.builds, known), "no build began")
            time.sleep(moments.uniform(0, 0.05))
            os.kill(worker, signal.SIGKILL)
            status = accepting.result(60)
        assert status in (0, 200)
        until(partial(pair.is_replaced, worker), "it was not replaced")
        found = pair.desk().all()[name]
        assert found.state in ("received", "accepted")
        assert status == 0 or found.state == "accepted", "what was acknowledged is done"
        again, _ = pair.connection("curator")
        with closing(again):
            if found.state == "received":
                again.ask(f"/submissions/{name}/decision", "POST", ACCEPT, **KIND).read()
            until(partial(in_graph, again, mark), "nobody finished what was begun")
        assert [event.event for event in pair.desk().all()[name].steps] == ["received", "accepted"]
    until(lambda: len(list(pair.home.store.glob("generation-*"))) <= 2, "something is left of builds")
