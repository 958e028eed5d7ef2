"""The gap rules through the SPARQL Protocol on Virtuoso 7: the same rows as on the embedded store.

Only the rules in ``SAME`` were compared so far; docs/how-to/scale-out.md says what is known of the others.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hrdd_graph.dump import write_dump
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.rules import read_rule
from hrdd_graph.store.remote import RemoteStore
from hrdd_graph.view import View, open_view
from tests.conftest import ROOT, Needs

SAME = (
    "accredited-on-a-plan",
    "certificate-in-scope-contradicted",
    "certificate-lapsed",
    "certified-to-guidance",
    "harm-without-party",
    "monitor-tier-too-shallow",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory, needs: Needs, view: View) -> Iterator[str]:
    """A Virtuoso of our own with the public graphs, loaded by its bulk loader; gives the endpoint's address."""
    needs("virtuoso-t", "isql-vt")
    folder = tmp_path_factory.mktemp("virtuoso")
    port, web = free_port(), free_port()
    written = Path(__file__).with_name("virtuoso.ini").read_text(encoding="utf-8")
    (folder / "virtuoso.ini").write_text(written.replace("{port}", str(port)).replace("{web}", str(web)))
    with (folder / "graph.nq").open("wb") as stream:
        write_dump(view, "nq", stream)
    command = ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        endpoint = f"http://127.0.0.1:{web}/sparql"
        wait_for(endpoint, process)
        load = "ld_dir('.', 'graph.nq', 'urn:none'); rdf_loader_run(); checkpoint;"
        told = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", f"exec={load}"]
        subprocess.run(told, cwd=folder, check=True, capture_output=True, timeout=120)
        yield endpoint
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def wait_for(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        assert process.poll() is None, "Virtuoso stopped while it was starting"
        try:
            if httpx.get(endpoint, params={"query": "ASK {}"}, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise AssertionError("Virtuoso did not come up within a minute")


@pytest.fixture(scope="session")
def far(virtuoso: str, view: View) -> Iterator[View]:
    store = RemoteStore(virtuoso, timeout=180)
    yield open_view(store, as_of=view.as_of)
    store._client.close()


def test_the_view_is_the_same(far: View, view: View) -> None:
    assert far.entries == view.entries
    assert far.digest == view.digest


@pytest.mark.parametrize("name", SAME)
def test_a_rule_finds_the_same_on_virtuoso(name: str, far: View, view: View) -> None:
    query = compile_rule(read_rule(ROOT / "shapes" / "gaps" / f"{name}.ttl")).query(view.as_of)
    assert set(far.select(query).rows) == set(view.select(query).rows)
