# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""Building: files in, named graphs out, all or nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.build import build
from hrdd_graph.canonical import digest
from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.errors import UnusableInput
from hrdd_graph.opening import build_folder, open_store
from hrdd_graph.resources import Resources
from hrdd_graph.store import Scope, StoreError, select
from hrdd_graph.store.embedded import EmbeddedStore, current_generation, generation_facts, replace_generation
from hrdd_graph.terms import BlankNode, DefaultGraph, Iri, Literal, Quad
from hrdd_graph.validate import validate_file
from tests.conftest import ROOT

LABELS = "SELECT ?label WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label"
TINY = Scope(("https://w3id.org/hrdd-graph/graph/tiny",))


def content(folder: Path) -> dict[str, str]:
    """Every file of a store and its hash; RocksDB's own log and lock files say nothing of the content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("LOG", "LOCK") and not path.name.startswith("LOG.old")
    }


def labels(store: EmbeddedStore) -> list[str]:
    return [row[0].value for row in select(store, LABELS, TINY).rows if row[0] is not None]


def rename_mill(root: Path, label: str) -> None:
    path = root / "data" / "cases" / "tiny.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("label: Mill,", f"label: {label},"), encoding="utf-8")


def test_each_source_makes_a_graph_and_another_of_what_follows(tiny: Path) -> None:
    store = EmbeddedStore.in_memory()
    build(Resources(tiny), store)
    graph = "https://w3id.org/hrdd-graph/graph/tiny"
    kinds = "SELECT ?kind WHERE { <https://w3id.org/hrdd-graph/id/abuse/dye> a ?kind }"
    assert [row[0] for row in select(store, kinds, Scope((graph,))).rows] == [
        Iri("https://w3id.org/hrdd-graph/ontology#Abuse")
    ]
    derived = {str(row[0]).rpartition("#")[2] for row in select(store, kinds, Scope((graph + "/derived",))).rows}
    assert derived == {"Impact>", "Record>", "StandingRecord>"}


def test_the_union_holds_public_graphs_and_no_other(tiny: Path) -> None:
    path = tiny / "data" / "catalog.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("PublicAccess", "RestrictedAccess"), encoding="utf-8")
    store = EmbeddedStore.in_memory()
    build(Resources(tiny), store)
    assert not {graph for graph in store.union if "tiny" in graph}
    assert CATALOG_GRAPH in store.union


# -- all or nothing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data/cases/tiny.yaml", "records: [\n"),
        ("data/cases/tiny.yaml", ""),
        ("data/catalog.ttl", "<a> <b> .\n"),
        ("ontology/hrdd.ttl", "not turtle"),
        ("data/cases/unlisted.yaml", "a: 1\n"),
    ],
)
def test_a_broken_file_leaves_the_store_as_it_was_to_the_byte(tiny: Path, tmp_path: Path, name: str, text: str) -> None:
    folder = tmp_path / "store"
    build_folder(Resources(tiny), folder)
    before = content(folder)
    (tiny / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput):
        build_folder(Resources(tiny), folder)
    assert content(folder) == before
    assert "Mill" in labels(EmbeddedStore.open(folder))


def test_a_dangling_name_is_refused_with_the_line_of_its_record(tiny: Path) -> None:
    path = tiny / "data" / "cases" / "tiny.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("hasSupplier: organisation/mill", "hasSupplier: organisation/mil"),
        encoding="utf-8",
    )
    with pytest.raises(UnusableInput) as caught:
        build(Resources(tiny), EmbeddedStore.in_memory())
    assert [str(p) for p in caught.value.problems] == [
        "data/cases/tiny.yaml:9 id:relationship/brand-mill: points to id:organisation/mil, which nothing describes. "
        "Describe it, or mend the name."
    ]


def test_the_problems_of_all_files_are_told_at_once(tiny: Path) -> None:
    rename_mill(tiny, "''")
    (tiny / "ontology" / "broken.ttl").write_text("<a>", encoding="utf-8")
    (tiny / "shapes" / "unused.txt").write_text("", encoding="utf-8")
    with pytest.raises(UnusableInput):
        build(Resources(tiny), EmbeddedStore.in_memory())


def test_a_public_sheet_is_refused_for_what_may_not_be_published_and_a_restricted_one_is_not(
    tiny: Path, tiny_with: Callable[[str], Path]
) -> None:
    shutil.copytree(ROOT / "shapes" / "release", tiny / "shapes" / "release")
    sheet = tiny_with(
        "- {id: organisation/union, type: [TradeUnion, NamedParty], label: Union, description: Write to a.b@example.org, locator: p. 3}\n"
    )
    with pytest.raises(UnusableInput) as refused:
        build(Resources(tiny), EmbeddedStore.in_memory())
    (problem,) = refused.value.problems
    assert problem.where == "data/cases/tiny.yaml"
    assert problem.line == len(sheet.read_text(encoding="utf-8").splitlines())
    assert "e-mail address" in problem.what
    assert problem.fix.startswith("Take it out")
    with pytest.raises(UnusableInput, match="e-mail address"):
        validate_file(sheet, Resources(tiny))
    catalog = tiny / "data" / "catalog.ttl"
    catalog.write_text(
        catalog.read_text(encoding="utf-8").replace("PublicAccess", "RestrictedAccess"), encoding="utf-8"
    )
    build(Resources(tiny), EmbeddedStore.in_memory())
    assert validate_file(sheet, Resources(tiny)).endswith("no problem found")


def test_one_record_cannot_belong_to_two_sources(tiny: Path) -> None:
    cases = tiny / "data" / "cases"
    other = (
        (cases / "tiny.yaml")
        .read_text(encoding="utf-8")
        .replace("/graph/tiny", "/graph/other")
        .replace("source/tiny", "source/other")
    )
    (cases / "other.yaml").write_text(other, encoding="utf-8")
    catalog = tiny / "data" / "catalog.ttl"
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(text + text.split("\n\n", 1)[1].replace("tiny", "other"), encoding="utf-8")
    with pytest.raises(UnusableInput) as caught:
        build(Resources(tiny), EmbeddedStore.in_memory())
    told = str(caught.value)
    assert "abuse/dye: is also a record of https://w3id.org/hrdd-graph/graph/" in told
    assert "organisation/mill" not in told, "a thing belongs to all sources, a claim to one"


def test_readers_of_the_old_generation_go_on(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    build_folder(Resources(tiny), folder)
    old = EmbeddedStore.open(folder)
    rename_mill(tiny, "Works")
    build_folder(Resources(tiny), folder)
    assert "Mill" in labels(old)
    assert "Works" in labels(EmbeddedStore.open(folder))
    assert "Mill" in labels(old)


def test_at_most_two_generations_are_kept(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    for number in range(4):
        rename_mill(tiny, f"Mill{number}")
        build_folder(Resources(tiny), folder)
    assert len(list(folder.glob("generation-*"))) == 2
    assert [path.name for path in folder.iterdir() if path.name.startswith("current")] == ["current"]


def test_a_failure_while_filling_leaves_nothing_behind(tmp_path: Path) -> None:
    def fill(_: EmbeddedStore) -> dict[str, str]:
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        replace_generation(tmp_path / "store", fill)
    assert list((tmp_path / "store").iterdir()) == []


def test_a_build_that_is_killed_leaves_the_old_generation_usable(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    build_folder(Resources(tiny), folder)
    before = current_generation(folder)
    code = f"""
import os, signal
from pathlib import Path
from hrdd_graph.build import build
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import replace_generation
def fill(store):
    facts = build(Resources(Path({str(tiny)!r})), store)
    os.kill(os.getpid(), signal.SIGKILL)
    return facts
replace_generation(Path({str(folder)!r}), fill)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(list(folder.glob("generation-*"))) == 2, "the half-built generation lies there, unused"
    assert current_generation(folder) == before
    assert "Mill" in labels(EmbeddedStore.open(folder))
    rename_mill(tiny, "Works")
    build_folder(Resources(tiny), folder)
    assert "Works" in labels(EmbeddedStore.open(folder)), "the next build is not hindered"


@pytest.mark.parametrize("delay", [0.15, 0.4, 0.7])
def test_a_build_that_is_killed_at_any_moment_leaves_a_whole_store(tiny: Path, tmp_path: Path, delay: float) -> None:
    folder = tmp_path / "store"
    build_folder(Resources(tiny), folder)
    rename_mill(tiny, "Works")
    process = subprocess.Popen(
        [sys.executable, "-m", "hrdd_graph.cli", "build", "--store", str(folder), "--root", str(tiny)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={k: v for k, v in os.environ.items() if not k.startswith("HRDD_")},
    )  # fmt: skip
    time.sleep(delay)
    process.kill()
    process.wait()
    found = labels(EmbeddedStore.open(folder))
    assert ("Mill" in found) != ("Works" in found)
    assert "Brand" in found


# -- what a store says of itself -------------------------------------------------------------------------------------


def test_a_store_knows_the_files_it_was_built_from(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    build_folder(Resources(tiny), folder)
    assert generation_facts(folder)["fingerprint"] == Resources(tiny).fingerprint
    rename_mill(tiny, "Works")
    assert generation_facts(folder)["fingerprint"] != Resources(tiny).fingerprint


def test_a_named_store_that_is_older_than_the_files_says_so_and_is_used(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    build_folder(Resources(tiny), folder)
    rename_mill(tiny, "Works")
    said: list[str] = []
    store = open_store(str(folder), Resources(tiny), said.append)
    assert "was built from other files" in said[0]
    assert isinstance(store, EmbeddedStore)
    assert "Mill" in labels(store)


def test_the_store_in_the_cache_is_built_anew_when_the_files_change(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = open_store(None, Resources(tiny))
    rename_mill(tiny, "Works")
    second = open_store(None, Resources(tiny))
    assert isinstance(first, EmbeddedStore)
    assert isinstance(second, EmbeddedStore)
    assert "Mill" in labels(first)
    assert "Works" in labels(second)


def test_a_cache_that_cannot_be_written_is_done_without(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file, where a folder should be", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    said: list[str] = []
    assert "Mill" in labels(open_store(None, Resources(tiny), said.append))  # type: ignore[arg-type]
    assert "building in memory" in said[-1]


@pytest.mark.parametrize("name", ["ftp://example.org/x", "file:///etc/passwd"])
def test_what_is_no_store_is_refused(tiny: Path, name: str) -> None:
    with pytest.raises(StoreError, match="is no store"):
        open_store(name, Resources(tiny))


# -- digests ---------------------------------------------------------------------------------------------------------

P, Q = Iri("https://example.org/p"), Iri("https://example.org/q")
G = DefaultGraph()
_LABELS = st.sampled_from(["a", "b", "c", "d"])


def test_the_digest_does_not_depend_on_the_order() -> None:
    quads = [Quad(P, Q, Literal(text), G) for text in ("1", "2", "3")]
    assert digest(quads) == digest(reversed(quads)) == digest([*quads, quads[0]])


def test_the_digest_changes_with_any_statement() -> None:
    one, two = Quad(P, Q, Literal("1"), G), Quad(P, Q, Literal("1", language="en"), G)
    assert len({digest([one]), digest([two]), digest([one, two]), digest([])}) == 4


@given(st.lists(st.tuples(_LABELS, st.sampled_from([P, Q]), _LABELS), max_size=6), st.permutations("abcd"))
def test_the_digest_does_not_depend_on_the_names_of_blank_nodes(
    edges: list[tuple[str, Iri, str]], names: list[str]
) -> None:
    renamed = dict(zip("abcd", names, strict=True))
    one = [Quad(BlankNode(s), p, BlankNode(o), G) for s, p, o in edges]
    other = [Quad(BlankNode("x" + renamed[s]), p, BlankNode("x" + renamed[o]), G) for s, p, o in reversed(edges)]
    assert digest(one) == digest(other)


def test_the_digest_tells_apart_what_only_blank_nodes_tell_apart() -> None:
    """Two things with one edge each, and one thing with an edge to itself, are different graphs."""
    a, b = BlankNode("a"), BlankNode("b")
    assert digest([Quad(a, P, b, G), Quad(b, P, a, G)]) != digest([Quad(a, P, a, G), Quad(b, P, b, G)])
    assert digest([Quad(a, P, b, G)]) != digest([Quad(a, P, a, G)])


def test_two_builds_of_one_set_of_files_have_the_same_digests(tiny: Path) -> None:
    def digests() -> set[tuple[object, ...]]:
        store = EmbeddedStore.in_memory()
        build(Resources(tiny), store)
        query = "SELECT ?d ?v WHERE { ?d <https://w3id.org/hrdd-graph/ontology#graphDigest> ?v }"
        return set(select(store, query, Scope((CATALOG_GRAPH,))).rows)

    assert digests() == digests()
