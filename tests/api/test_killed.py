"""A server that is killed at any moment loses nothing that it acknowledged, and leaves store and log whole.

A real process is killed (SIGKILL) while submissions stream in. CI kills it a few times; ``HRDD_KILLS=50`` does more.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from pathlib import Path

import httpx

from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.processes import Home, letter_of, send, until
from tests.api.submissions.world import LETTER, TURTLE

KILLS = int(os.environ.get("HRDD_KILLS", "5"))
_SENDERS = 2


class Stream:
    """Sends submissions one after the other, and remembers what was acknowledged."""

    def __init__(self, bearer: dict[str, str]) -> None:
        self.headers = TURTLE | bearer
        self.acknowledged: dict[int, str] = {}
        self.sent = 0
        self._lock = threading.Lock()

    def run(self, address: str) -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while True:
                with self._lock:
                    self.sent += 1
                    number = self.sent
                try:
                    headers = self.headers | {"Idempotency-Key": f"n{number}"}
                    answer = client.post("/submissions", params=LETTER, content=letter_of(number), headers=headers)
                except httpx.TransportError:
                    return
                assert answer.status_code == 202, answer.text
                self.acknowledged[number] = str(answer.json()["id"])


def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    home = Home(tmp_path, {"stream": ["submit"]})
    home.build()
    stream = Stream(home.bearer("stream"))
    moments = random.Random(20261120)
    for _ in range(KILLS):
        with home.serving() as running:
            senders = [threading.Thread(target=stream.run, args=(running.address,)) for _ in range(_SENDERS)]
            before = len(stream.acknowledged)
            for sender in senders:
                sender.start()
            end = time.monotonic() + 30
            while len(stream.acknowledged) == before and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(moments.uniform(0, 0.5))
            running.process.send_signal(signal.SIGKILL)
            for sender in senders:
                sender.join(60)
        desk = home.desk()
        assert desk.verify() == []
        kept = desk.all()
        for number, name in stream.acknowledged.items():
            assert name in kept, f"submission {number} was acknowledged and is lost"
            assert f"stream-{number}>".encode() in desk.blobs.get(kept[name].data)
        EmbeddedStore.open(home.store).warm()
    assert len(stream.acknowledged) >= KILLS

    # What was sent and not acknowledged can be sent again without being kept twice.
    with home.serving() as running, home.client(running.address, "stream") as client:
        for number in range(max(1, stream.sent - 3), stream.sent + 1):
            name = send(client, number, key=f"n{number}")
            assert name == stream.acknowledged.setdefault(number, name)
    found = home.desk()
    assert found.verify() == []
    assert len({one.key for one in found.all().values()}) == len(found.all())


def test_dumps_of_a_server_that_was_killed_go_when_the_next_one_starts(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", {})
    home.build()
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def dumps() -> set[Path]:
        return {path for path in temporary.rglob("*") if path.is_file() and b"ontology#" in path.read_bytes()}

    with home.serving(TMPDIR=str(temporary)) as running:
        with home.client(running.address) as client:
            assert client.get("/dumps/all.nq").status_code == 200
        (left,) = dumps()
        running.process.kill()
        running.process.wait(30)
    assert dumps() == {left}
    with home.serving(TMPDIR=str(temporary)) as running, home.client(running.address) as client:
        assert dumps() == set()
        assert client.get("/dumps/all.nq").status_code == 200
    until(lambda: dumps() == set(), "a server that ends leaves dumps behind")
