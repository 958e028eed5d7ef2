"""The made-up world of the benchmarks: its gaps are worked out without RDF, and the gap engine finds exactly those."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.gaps.engines import Plain
from benchmarks.gaps.generate import generate
from benchmarks.gaps.truth import RULES
from benchmarks.gaps.world import DAY
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.incremental import reevaluate
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import HRDD, PREFIXES, RDF
from hrdd_graph.reach.change import Change
from hrdd_graph.resources import Resources
from hrdd_graph.rules import Rule, read_rules
from hrdd_graph.view import View

SIZE = 30_000
SHAPES = Path(__file__).resolve().parents[2] / "shapes" / "gaps"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return generate(SIZE, tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def store(world: tuple[Path, Path]) -> pyoxigraph.Store:
    loaded = pyoxigraph.Store()
    loaded.bulk_load(path=str(world[0]), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return loaded


@pytest.fixture(scope="module")
def truth(world: tuple[Path, Path]) -> dict[str, set[tuple[str, str]]]:
    known = defaultdict(set)
    for line in world[1].read_text().splitlines():
        rule, focus, value = line.split("\t")
        known[rule].add((focus, value))
    return dict(known)


def test_the_same_seed_gives_the_same_bytes(world: tuple[Path, Path], tmp_path: Path) -> None:
    again = generate(SIZE, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in world]


def test_another_seed_gives_another_world(world: tuple[Path, Path], tmp_path: Path) -> None:
    assert generate(SIZE, tmp_path, seed=8)[0].read_bytes() != world[0].read_bytes()


def test_the_world_is_as_large_as_asked_for_and_states_nothing_twice(world: tuple[Path, Path]) -> None:
    lines = world[0].read_text().splitlines()
    assert SIZE <= len(lines) < SIZE + 10_000
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("rule_name", [name for name in RULES if (SHAPES / f"{name}.ttl").is_file()])
def test_a_rule_finds_the_known_gaps_and_no_others(
    rule_name: str, store: pyoxigraph.Store, truth: dict[str, set[tuple[str, str]]], resources: Resources
) -> None:
    rules = {rule.name: rule for rule in read_rules(resources)}
    assert truth[rule_name], "a world without such a gap shows nothing"
    answer = store.query(compile_rule(rules[rule_name]).query(DAY))
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    focus, value = names.index("this"), names.index("value" if "value" in names else "this")
    found = {tuple(row[at].value.removeprefix(PREFIXES["id"]) for at in (focus, value)) for row in answer}
    assert found == truth[rule_name]


@pytest.fixture(scope="module")
def catalogue(resources: Resources) -> tuple[Rule, ...]:
    return read_rules(resources)


@pytest.fixture(scope="module")
def view(store: pyoxigraph.Store) -> View:
    return View(Plain(store), (), DAY)


@pytest.fixture(scope="module")
def findings(view: View, catalogue: tuple[Rule, ...]) -> tuple[Finding, ...]:
    return run_rules(view, catalogue).findings


@settings(max_examples=2)
@given(st.data())
def test_any_records_taken_from_the_world_and_given_back_leave_what_a_full_run_finds(
    view: View,
    store: pyoxigraph.Store,
    catalogue: tuple[Rule, ...],
    findings: tuple[Finding, ...],
    data: st.DataObject,
) -> None:
    """Whole records, such as an abuse or a tie of a value chain, and single statements of others."""
    records = sorted(str(q.subject) for q in store.quads_for_pattern(None, RDF.type, HRDD.StandingRecord))
    gone = data.draw(st.sets(st.sampled_from(records), min_size=1, max_size=4))
    worn = data.draw(st.sets(st.sampled_from(records), max_size=4))
    every = sorted((q for q in store.quads_for_pattern(None, None, None) if str(q.subject) in gone | worn), key=str)
    removed = [q for q in every if str(q.subject) in gone or data.draw(st.integers(0, 4)) == 0]
    try:
        for quad in removed:
            store.remove(quad)
        smaller = run_rules(view, catalogue).findings
        lost = frozenset(quad.triple for quad in removed)
        assert reevaluate(view, catalogue, findings, Change(removed=lost)).findings == smaller
    finally:
        store.extend(removed)
    assert reevaluate(view, catalogue, smaller, Change(added=lost)).findings == findings
