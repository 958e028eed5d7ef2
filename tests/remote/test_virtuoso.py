"""Virtuoso 7 as the service behind us: every gap rule finds over a copy of it what it finds over the embedded store.

Two graphs are compared, loaded by Virtuoso's own bulk loader and read from it under its usual limit of 10,000 rows: the
real one, and a made-up world of 100,000 statements. Some rules are also asked of Virtuoso itself: where these come
right, the copy may no longer be needed (docs/decisions/0018-rules-over-other-services.md).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from benchmarks.gaps.generate import generate
from benchmarks.gaps.world import DAY
from hrdd_graph.canonical import digest, named_for_good
from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.dump import write_dump
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.namespaces import DCTERMS, HOME, HRDD
from hrdd_graph.opening import open_store
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rule
from hrdd_graph.store import QueryError, StoreError, side_by_side
from hrdd_graph.store.copied import CopiedStore
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.store.remote import RemoteStore
from hrdd_graph.terms import Iri, Literal, Quad, Term, parse
from hrdd_graph.view import View, open_view
from tests.conftest import ROOT, Needs

RULES = sorted(path.stem for path in (ROOT / "shapes" / "gaps").glob("*.ttl"))
# Asked directly on the real graph: the first finds nothing, the second other rows than there are, the last is refused.
WRONG = ("certified-open-abuse", "code-unmonitored")
REFUSED = "buyer-without-sites"

WORLD = HOME + "graph/made-up-world"
SIZE = 100_000

Found = dict[str, dict[str, list[str]]]  # rows by graph and rule


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def both(resources: Resources, view: View, tmp_path_factory: pytest.TempPathFactory) -> View:
    """The real graph and the made-up world in one embedded store, with a catalogue that describes both."""
    data, _ = generate(SIZE, tmp_path_factory.mktemp("world"))
    world = Iri(WORLD)
    made_up = [Quad(q.subject, q.predicate, q.object, world) for q in parse(path=str(data))]
    node, catalogue = Iri(WORLD + "/dataset"), Iri(CATALOG_GRAPH)
    store = EmbeddedStore.in_memory()
    store.load((quad for graph in view.graphs for quad in view.store.quads(graph)), view.graphs)  # type: ignore[attr-defined]
    store.load(named_for_good(made_up, world), (*view.graphs, WORLD))
    described: dict[Iri, Term] = {
        HRDD.describesGraph: world,
        DCTERMS.title: Literal("A made-up world", language="en"),
        DCTERMS.license: Iri("https://creativecommons.org/publicdomain/zero/1.0/"),
        HRDD.hasAccess: HRDD.PublicAccess,
        HRDD.graphDigest: Literal(digest(store.quads(WORLD))),
    }
    store.load((Quad(node, name, value, catalogue) for name, value in described.items()), store.union)
    return open_view(store, as_of=view.as_of)


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory, needs: Needs, both: View) -> Iterator[str]:
    """A Virtuoso of our own with both graphs, loaded by its bulk loader; gives the endpoint's address."""
    needs("virtuoso-t", "isql-vt")
    folder = tmp_path_factory.mktemp("virtuoso")
    port, web = free_port(), free_port()
    written = Path(__file__).with_name("virtuoso.ini").read_text(encoding="utf-8")
    (folder / "virtuoso.ini").write_text(written.replace("{port}", str(port)).replace("{web}", str(web)))
    with (folder / "graph.nq").open("wb") as stream:
        write_dump(both, "nq", stream)
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
    for _ in range(240):
        assert process.poll() is None, "Virtuoso stopped while it was starting"
        try:
            if httpx.get(endpoint, params={"query": "ASK {}"}, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.25)
    raise AssertionError("Virtuoso did not come up within a minute")


@pytest.fixture(scope="module")
def far(virtuoso: str, resources: Resources, both: View) -> Iterator[View]:
    """The view of both graphs over Virtuoso, opened as a user opens it."""
    store = open_store(virtuoso, resources)
    assert isinstance(store, CopiedStore)
    yield open_view(store, as_of=both.as_of)
    store.close()


@pytest.fixture(scope="module")
def direct(virtuoso: str, both: View) -> Iterator[View]:
    """The same view, asked of Virtuoso itself."""
    store = RemoteStore(virtuoso, timeout=120)
    yield open_view(store, as_of=both.as_of)
    store.close()


@pytest.fixture(scope="module")
def near_rows(both: View) -> Found:
    return {name: rows_of(part(both)) for name, part in PARTS.items()}


@pytest.fixture(scope="module")
def far_rows(far: View) -> Found:
    return {name: rows_of(part(far)) for name, part in PARTS.items()}


def real(view: View) -> View:
    """The real graph alone."""
    return replace(view, entries=tuple(entry for entry in view.entries if entry.graph != WORLD))


def made_up(view: View) -> View:
    """The made-up world alone, on its day."""
    return replace(view, entries=tuple(entry for entry in view.entries if entry.graph == WORLD), as_of=DAY)


PARTS = {"real": real, "made-up": made_up}


def query_of(rule: str, view: View) -> str:
    return compile_rule(read_rule(ROOT / "shapes" / "gaps" / f"{rule}.ttl")).query(view.as_of)


def rows_of(view: View) -> dict[str, list[str]]:
    """What each rule finds in a view, in an order that does not depend on the store."""
    answers = side_by_side(view.select, [query_of(rule, view) for rule in RULES])
    return {rule: sorted(map(str, rows.rows)) for rule, rows in zip(RULES, answers, strict=True)}


def test_the_view_is_the_same(far: View, direct: View, both: View) -> None:
    assert far.entries == direct.entries == both.entries
    assert far.digest == both.digest


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_the_same_over_the_copy(rule: str, part: str, near_rows: Found, far_rows: Found) -> None:
    assert far_rows[part][rule] == near_rows[part][rule]


@pytest.mark.parametrize("part", PARTS)
def test_the_rules_find_something(part: str, far_rows: Found) -> None:
    """Else the comparison would say nothing."""
    assert sum(map(bool, far_rows[part].values())) > len(RULES) / 4


@pytest.mark.parametrize("rule", WRONG)
def test_a_rule_asked_directly_is_silently_wrong(rule: str, direct: View, near_rows: Found) -> None:
    view = real(direct)
    assert set(map(str, view.select(query_of(rule, view)).rows)) != set(near_rows["real"][rule])


def test_a_rule_asked_directly_is_refused(direct: View) -> None:
    view = real(direct)
    with pytest.raises((QueryError, StoreError)):
        view.select(query_of(REFUSED, view))
