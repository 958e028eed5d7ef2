"""The made-up world of the benchmarks: its gaps are worked out without RDF, and the gap engine finds exactly those."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph
import pytest

from benchmarks.gaps.generate import generate
from benchmarks.gaps.truth import RULES
from benchmarks.gaps.world import DAY
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules

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
