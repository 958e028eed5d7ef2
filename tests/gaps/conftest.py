"""The workbench of the gap rules: fixtures read from the folders here, each seen through a view of its own.

``tests/gaps/<rule>/finds-*.ttl`` holds what a sheet would state, with the findings expected in the ``.yaml`` beside it.
``clears-*.ttl`` is a near-miss: it says on which day it is judged (``# as-of:``) and why nothing is found (``# why:``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import yaml
from pyoxigraph import DefaultGraph, NamedNode, Quad

from hrdd_graph.build import build
from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry
from hrdd_graph.derive import consequences
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import HOME, HRDD, SKOS, compact
from hrdd_graph.ontology import Vocabulary, read_turtle, read_vocabulary
from hrdd_graph.resources import open_resources
from hrdd_graph.rules import Rule, read_rule
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Literal, Term
from hrdd_graph.view import View, open_view

HERE = Path(__file__).resolve().parent
RESOURCES = open_resources(HERE.parents[1])
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MODULES = ("topics", "standards", "ilo", "ungp", "ungc", "udhr", "countries")
PASSED_THROUGH = frozenset([SKOS.broader, HRDD.locatedIn, HRDD.isEditionOf, HRDD.coversTopic])


@dataclass(frozen=True)
class Case:
    """One fixture of one rule."""

    rule: str
    path: Path

    @property
    def finds(self) -> bool:
        return self.path.name.startswith("finds-")

    @property
    def name(self) -> str:
        return f"{self.rule}/{self.path.stem}"

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def remark(self, key: str) -> str:
        """What a ``# key:`` comment of the fixture says; empty where there is none."""
        found = re.search(rf"^# {key}:\s*(.+)$", self.text, re.MULTILINE)
        return found[1].strip() if found else ""

    @cached_property
    def _beside(self) -> dict[str, Any]:
        beside = self.path.with_suffix(".yaml")
        loaded: dict[str, Any] = yaml.safe_load(beside.read_text(encoding="utf-8")) if beside.is_file() else {}
        return loaded

    @property
    def as_of(self) -> date:
        """The day on which the fixture is judged."""
        return date.fromisoformat(self._beside["as_of"] if self.finds else self.remark("as-of"))

    @property
    def expected(self) -> list[dict[str, list[str]]]:
        """The findings expected, every variable with its sorted values."""
        return sorted((_as_lists(found) for found in self._beside.get("findings", [])), key=str)


def _as_lists(found: dict[str, Any]) -> dict[str, list[str]]:
    return {name: sorted(v if isinstance(v, list) else [v]) for name, v in sorted(found.items())}


def described(finding: Finding) -> dict[str, list[str]]:
    """A finding as a ``.yaml`` beside a fixture writes it: short names, literals as they stand."""
    values = {"this": (finding.focus,), **finding.bindings}
    return {name: sorted(short(term) for term in terms) for name, terms in sorted(values.items())}


def short(term: Term) -> str:
    return term.value if isinstance(term, Literal) else compact(term.value)


def rule_files() -> list[Path]:
    return sorted((RESOURCES.shapes / "gaps").glob("*.ttl"))


def cases() -> list[Case]:
    return [
        Case(folder.name, path)
        for folder in sorted(HERE.iterdir())
        if folder.is_dir() and not folder.name.startswith("__")
        for path in sorted(folder.glob("*.ttl"))
    ]


class Stage:
    """One store for all fixtures: the vocabulary stays, and what a fixture states comes and goes."""

    def __init__(self, scenery: Iterable[Quad]) -> None:
        self._oxigraph = pyoxigraph.Store()
        self._scenery = set(scenery)
        self._oxigraph.bulk_extend(self._scenery)
        self._oxigraph.bulk_extend(in_default_graph(quad) for quad in self._scenery)
        self._told = {quad.triple for quad in self._scenery}
        self._present: list[Quad] = []

    def set(self, quads: Iterable[Quad], graphs: tuple[str, ...]) -> EmbeddedStore:
        """The store with these statements beside the vocabulary, in place of those of the fixture before."""
        for quad in self._present:
            self._oxigraph.remove(quad)
        stated = [quad for quad in quads if quad not in self._scenery]
        self._present = [*stated, *(in_default_graph(quad) for quad in stated if quad.triple not in self._told)]
        self._oxigraph.extend(self._present)
        return EmbeddedStore(self._oxigraph, "memory:", graphs)


def in_default_graph(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


@dataclass(frozen=True)
class Bench:
    """The vocabulary that every fixture is seen together with, and what follows from it."""

    vocabulary: Vocabulary
    entry: GraphEntry
    stated: tuple[Quad, ...]
    derived: tuple[Quad, ...]

    def rule(self, name: str) -> Rule:
        return read_rule(RESOURCES.shapes / "gaps" / f"{name}.ttl")

    def quads(self, case: Case, *, withdrawn: bool = False) -> list[Quad]:
        """What a fixture states and what follows from it, in the fixture's graphs.

        With ``withdrawn`` the source has taken every record back.
        """
        entry = self._entry(case)
        graph, derived = NamedNode(entry.graph), NamedNode(entry.derived_graph)
        stated = [
            Quad(
                q.subject,
                q.predicate,
                HRDD.Retracted if withdrawn and q.predicate == HRDD.hasStatus else q.object,
                graph,
            )
            for q in read_turtle(case.path)
        ]
        follows = consequences(stated, self.vocabulary, self.background)
        return [*stated, *(Quad(t.subject, t.predicate, t.object, derived) for t in follows)]

    def view(self, case: Case, *, as_of: date | None = None, withdrawn: bool = False) -> View:
        """The fixture and the vocabulary on the fixture's day, or on another; good until the next one is asked for."""
        entries = (self.entry, self._entry(case))
        graphs = (*(g for e in entries for g in (e.graph, e.derived_graph)), CATALOG_GRAPH)
        store = self.stage.set(self.quads(case, withdrawn=withdrawn), graphs)
        return View(store, entries, as_of or case.as_of)

    @cached_property
    def stage(self) -> Stage:
        return Stage([*self.stated, *self.derived])

    @cached_property
    def background(self) -> list[Quad]:
        """What a chain in a fixture may pass through."""
        return [q for q in self.stated if q.predicate in PASSED_THROUGH]

    def findings(self, case: Case, **chosen: Any) -> list[dict[str, list[str]]]:
        """What the case's rule finds in it, as a ``.yaml`` would write it."""
        run = run_rules(self.view(case, **chosen), [self.rule(case.rule)])
        return sorted((described(finding) for finding in run.findings), key=str)

    def _entry(self, case: Case) -> GraphEntry:
        return GraphEntry(f"{HOME}graph/fixture/{case.name}", case.name, LICENCE, True, date(2026, 1, 1))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for a ``case`` run for each fixture, those that ask for a ``rule_file`` for each rule."""
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])
    if "rule_file" in metafunc.fixturenames:
        metafunc.parametrize("rule_file", [pytest.param(path, id=path.stem) for path in rule_files()])


@pytest.fixture(scope="session")
def bench() -> Bench:
    vocabulary = read_vocabulary(RESOURCES.ontology / "hrdd.ttl")
    entry = GraphEntry(f"{HOME}ontology/reference", "Reference concepts", LICENCE, True)
    graph, derived = NamedNode(entry.graph), NamedNode(entry.derived_graph)
    stated = tuple(
        Quad(q.subject, q.predicate, q.object, graph)
        for module in MODULES
        for q in read_turtle(RESOURCES.ontology / "reference" / f"{module}.ttl")
    )
    background = [q for q in stated if q.predicate in PASSED_THROUGH]
    follows = consequences(stated, vocabulary, background)
    return Bench(vocabulary, entry, stated, tuple(Quad(t.subject, t.predicate, t.object, derived) for t in follows))


@pytest.fixture(scope="session")
def expected_variables() -> dict[str, set[str]]:
    """For each rule the variables that its fixtures expect a value of."""
    found: dict[str, set[str]] = {}
    for case in cases():
        for expected in case.expected:
            found.setdefault(case.rule, set()).update(expected)
    return found


@pytest.fixture(scope="session")
def rule_names() -> frozenset[str]:
    return frozenset(path.stem for path in rule_files())


@pytest.fixture(scope="session")
def real_store() -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    build(RESOURCES, store)
    return store


@pytest.fixture(scope="session")
def real_view(real_store: EmbeddedStore) -> View:
    """The whole graph, as this repository builds it, judged on a fixed day."""
    return open_view(real_store, as_of=date(2026, 11, 20))
