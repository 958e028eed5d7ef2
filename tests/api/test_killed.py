"""A server that is killed at any moment loses nothing that it acknowledged, and leaves store and log whole.

A real process is killed (SIGKILL) while submissions stream in. CI kills it a few times; ``HRDD_KILLS=50`` does more.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hrdd_graph.access import TokenFile
from hrdd_graph.opening import build_folder
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.desk import Desk
from tests.api.submissions.world import LETTER, TURTLE
from tests.conftest import ROOT, TINY_CATALOG, TINY_HEADER, clean_environment

KILLS = int(os.environ.get("HRDD_KILLS", "5"))
_SENDERS = 2


def letter_of(number: int) -> str:
    """A submission of one source, small, so that many moments of it are met."""
    return (
        "@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        f'<https://w3id.org/hrdd-graph/id/source/stream-{number}> a hrdd:Source ; rdfs:label "Report {number}"@en .'
    )


def least_root(root: Path) -> None:
    """The least that a server starts with, since it is started often."""
    for name in ("ontology/hrdd.ttl", "shapes/prefixes.ttl", "shapes/gaps/thin-evidence.ttl"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for part in ("records", "release"):
        shutil.copytree(ROOT / "shapes" / part, root / "shapes" / part)
    for name, text in {"cases/tiny.yaml": TINY_HEADER, "catalog.ttl": TINY_CATALOG}.items():
        (root / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "data" / name).write_text(text)
    (root / "queries").mkdir()


@contextmanager
def server(store: Path, root: Path, tokens: Path, home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server process of its own, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "hrdd_graph.cli",
        "serve",
        "--store",
        str(store),
        "--root",
        str(root),
        "--port",
        str(port),
    ]
    environment = clean_environment(home) | {"HRDD_TOKENS": str(tokens), "HRDD_RATE_TOKEN": ""}
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{address}/health/live", timeout=5).status_code == 200:
                    break
            except httpx.TransportError:
                assert process.poll() is None, (home / "server.log").read_text()
                time.sleep(0.1)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


class Stream:
    """Sends submissions one after the other, and remembers what was acknowledged."""

    def __init__(self, secret: str) -> None:
        self.headers = TURTLE | {"Authorization": f"Bearer {secret}"}
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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    least_root(folder / "root")
    build_folder(open_resources(folder / "root"), folder / "store")
    return folder


def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(home: Path) -> None:
    tokens = TokenFile(home / "tokens.json")
    stream = Stream(tokens.create("stream", ["submit"])[1])
    moments = random.Random(20261120)
    resources = open_resources(home / "root")
    for _ in range(KILLS):
        with server(home / "store", home / "root", tokens.path, home) as (process, address):
            senders = [threading.Thread(target=stream.run, args=(address,)) for _ in range(_SENDERS)]
            before = len(stream.acknowledged)
            for sender in senders:
                sender.start()
            end = time.monotonic() + 30
            while len(stream.acknowledged) == before and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(moments.uniform(0, 0.5))
            process.send_signal(signal.SIGKILL)
            for sender in senders:
                sender.join(60)
        desk = Desk(home / "store.submissions", resources)
        assert desk.verify() == []
        kept = desk.all()
        for number, name in stream.acknowledged.items():
            assert name in kept, f"submission {number} was acknowledged and is lost"
            assert f"stream-{number}>".encode() in desk.blobs.get(kept[name].data)
        EmbeddedStore.open(home / "store").warm()
    assert len(stream.acknowledged) >= KILLS

    # What was sent and not acknowledged can be sent again without being kept twice.
    with (
        server(home / "store", home / "root", tokens.path, home) as (_, address),
        httpx.Client(base_url=address) as client,
    ):
        for number in range(max(1, stream.sent - 3), stream.sent + 1):
            headers = stream.headers | {"Idempotency-Key": f"n{number}"}
            answer = client.post("/submissions", params=LETTER, content=letter_of(number), headers=headers, timeout=60)
            assert answer.json()["id"] == stream.acknowledged.setdefault(number, answer.json()["id"])
    found = Desk(home / "store.submissions", resources)
    assert found.verify() == []
    assert len({one.key for one in found.all().values()}) == len(found.all())
