"""``hrdd serve`` as processes of their own, over the least that a server starts with, since it is started often."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from hrdd_graph.access import TokenFile
from hrdd_graph.opening import build_folder
from hrdd_graph.resources import open_resources
from hrdd_graph.submissions.desk import Desk
from tests.api.submissions.world import LETTER, TURTLE
from tests.conftest import ROOT, TINY_CATALOG, TINY_HEADER, clean_environment


def letter_of(number: int | str) -> str:
    """A submission of one source, small, so that many moments of it are met."""
    return (
        "@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        f'<https://w3id.org/hrdd-graph/id/source/stream-{number}> a hrdd:Source ; rdfs:label "Report {number}"@en .'
    )


def least_root(root: Path) -> None:
    """The least that a server starts with."""
    for name in ("ontology/hrdd.ttl", "shapes/prefixes.ttl", "shapes/gaps/thin-evidence.ttl"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for part in ("records", "release"):
        shutil.copytree(ROOT / "shapes" / part, root / "shapes" / part)
    for name, text in {"cases/tiny.yaml": TINY_HEADER, "catalog.ttl": TINY_CATALOG}.items():
        (root / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "data" / name).write_text(text)
    (root / "queries").mkdir()


def until(what: Callable[[], bool], told: str, seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, told
        time.sleep(0.02)


@dataclass(frozen=True)
class Running:
    """A server that runs: its process, and its address."""

    process: subprocess.Popen[bytes]
    address: str


class Home:
    """A folder with resources, a store, tokens and submissions, and servers over them."""

    def __init__(self, folder: Path, tokens: Mapping[str, Iterable[str]]) -> None:
        self.folder, self.root, self.store = folder, folder / "root", folder / "store"
        least_root(self.root)
        self.tokens = TokenFile(folder / "tokens.json")
        made = {name: self.tokens.create(name, scopes) for name, scopes in tokens.items()}
        self.ids = {name: token.id for name, (token, _) in made.items()}
        self.secrets = {name: secret for name, (_, secret) in made.items()}

    def build(self) -> None:
        build_folder(open_resources(self.root), self.store)

    def desk(self) -> Desk:
        """The submissions as another process sees them."""
        return Desk(self.folder / "store.submissions", open_resources(self.root))

    def bearer(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets[who]}"}

    def hrdd(self, *arguments: str) -> list[str]:
        """A command line over this store."""
        return [sys.executable, "-m", "hrdd_graph.cli", *arguments, "--store", str(self.store)]

    def environment(self, **more: str) -> dict[str, str]:
        named = {"HRDD_ROOT": str(self.root), "HRDD_TOKENS": str(self.tokens.path), "HRDD_RATE_TOKEN": ""}
        return clean_environment(self.folder) | named | more

    @contextmanager
    def serving(self, *options: str, **environment: str) -> Iterator[Running]:
        """A server until the context ends, which it does not outlive."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = self.folder / "server.log"
        with log.open("ab") as told:
            process = subprocess.Popen(
                self.hrdd("serve", "--port", str(port), *options),
                env=self.environment(**environment), stdout=told, stderr=told, cwd=self.folder,
            )  # fmt: skip
        running = Running(process, f"http://127.0.0.1:{port}")

        def answers() -> bool:
            assert process.poll() is None, log.read_text()
            try:
                return httpx.get(f"{running.address}/health/live", timeout=5).status_code == 200
            except httpx.TransportError:
                return False

        try:
            until(answers, "the server did not start")
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)

    @contextmanager
    def client(self, address: str, who: str = "") -> Iterator[httpx.Client]:
        with httpx.Client(base_url=address, timeout=60, headers=self.bearer(who) if who else {}) as client:
            yield client


class Connection:
    """One connection that is kept: whatever is asked goes over it, or fails. An empty field is not sent."""

    def __init__(self, address: str, fields: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._connection.connect()
        self._connection.auto_open = 0
        self._fields = fields

    def ask(self, path: str, method: str = "GET", body: str | None = None, **fields: str) -> http.client.HTTPResponse:
        asked = {name: text for name, text in {**self._fields, **fields}.items() if text}
        self._connection.request(method, path, body, asked)
        return self._connection.getresponse()

    @property
    def port(self) -> int:
        """The port at this end of it."""
        return int(self._connection.sock.getsockname()[1])

    def close(self) -> None:
        self._connection.close()


def send(client: httpx.Client, number: int | str, *, key: str = "", **letter: str) -> str:
    """A submission sent in; gives its id."""
    headers = TURTLE | ({"Idempotency-Key": key} if key else {})
    answer = client.post("/submissions", params=LETTER | letter, content=letter_of(number), headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def step(client: httpx.Client, name: str, action: str, **more: Any) -> httpx.Response:
    """A decision on a submission, or its withdrawal."""
    if action == "withdraw":
        return client.post(f"/submissions/{name}/withdrawal", json={"reason": "A source asked for it.", **more})
    return client.post(f"/submissions/{name}/decision", json={"action": action, "reason": "We looked.", **more})
