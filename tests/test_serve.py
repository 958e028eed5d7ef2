"""``hrdd serve``: one process or several over one store, each of them the same server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hrdd_graph.access import TokenFile
from tests.conftest import Hrdd, clean_environment


@contextmanager
def served(folder: Path, home: Path, *options: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hrdd_graph.cli", "serve", "--store", str(folder), "--port", str(port), *options]
    process = subprocess.Popen(command, env=clean_environment(home), stderr=subprocess.PIPE, start_new_session=True)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise


def test_several_processes_are_one_server_and_share_its_tokens(store_folder: Path, tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path / "tokens.json")
    token, secret = tokens.create("a program", ["submit"])
    bearer = {"Authorization": f"Bearer {secret}"}
    path = "/queries/abuses-of-organisation.json?organisation=organisation/mineria-yanacocha"
    with served(store_folder, tmp_path, "--workers", "2", "--tokens", str(tokens.path)) as address:
        # A connection stays with the process that took it; a new one may go to another.
        answers = [httpx.get(address + path, timeout=60) for _ in range(8)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({(answer.content, answer.headers["etag"]) for answer in answers}) == 1
        asked = {"query": "ASK { ?x a hrdd:Abuse }"}
        assert httpx.get(f"{address}/sparql", params=asked, timeout=60).json()["boolean"] is True
        assert {httpx.get(f"{address}/token", headers=bearer).status_code for _ in range(8)} == {200}
        tokens.revoke(token.id)
        assert {httpx.get(f"{address}/token", headers=bearer).status_code for _ in range(8)} == {401}


@pytest.mark.parametrize(
    ("options", "store", "told"),
    [
        (["--workers", "2"], "memory:", "--workers"),
        (["--workers", "0"], "memory:", "--workers"),
        (["--workers", "2"], "nowhere", "holds no store"),
        ([], "nowhere", "holds no store"),
    ],
)
def test_what_cannot_be_served_is_told_at_once(hrdd: Hrdd, options: list[str], store: str, told: str) -> None:
    ended = hrdd("serve", *options, store=store)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_setting_that_is_none_is_told_at_once(hrdd: Hrdd) -> None:
    ended = hrdd("serve", environment={"HRDD_RATE_ADDRESS": "often"})
    assert ended.returncode == 2
    assert "HRDD_RATE_ADDRESS" in ended.stderr
    assert "Traceback" not in ended.stderr
