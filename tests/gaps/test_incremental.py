"""After a change, asking only what it can reach gives the findings of a full run: on fixtures and on the real graph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.incremental import change_of, reevaluate
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import HOME, HRDD, RDF
from hrdd_graph.ontology import read_turtle
from hrdd_graph.reach.change import Change
from hrdd_graph.reach.scopes import scope_of
from hrdd_graph.rules import Rule, read_rule, read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Quad, Triple
from hrdd_graph.view import View
from tests.gaps.conftest import RESOURCES, Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from tests.gaps.conftest import Bench

GRAPH = f"{HOME}graph/changing"


def state(bench: Bench, statements: Iterable[Triple], day: date) -> View:
    """The vocabulary and these statements, good until the next state is asked for."""
    entry = GraphEntry(GRAPH, "Changing", "", public=True)
    graphs = (*(g for e in (bench.entry, entry) for g in (e.graph, e.derived_graph)), CATALOG_GRAPH)
    quads = [Quad(t.subject, t.predicate, t.object, Iri(GRAPH)) for t in statements]
    return View(bench.stage.set(quads, graphs), (bench.entry, entry), day)


def check(bench: Bench, rule: Rule, before: list[Quad], after: list[Quad], day: date) -> None:
    """There and back again: each state's findings follow from those of the other."""

    def with_consequences(quads: list[Quad]) -> frozenset[Triple]:
        return change_of({}, {GRAPH: quads}, bench.vocabulary, bench.background).added

    first, second = with_consequences(before), with_consequences(after)
    gained, lost = second - first, first - second
    old = run_rules(state(bench, first, day), [rule]).findings
    view = state(bench, second, day)
    new = run_rules(view, [rule]).findings
    assert reevaluate(view, [rule], old, Change(gained, lost)).findings == new
    assert reevaluate(state(bench, first, day), [rule], new, Change(lost, gained)).findings == old


def test_the_query_of_every_rule_can_be_read_as_scopes(rule_file: Path) -> None:
    scope = scope_of(compile_rule(read_rule(rule_file)).as_written)
    assert any(line[0].patterns for line in scope.every())


@settings(max_examples=2)
@given(st.data())
def test_any_change_gives_what_a_full_run_gives(rule_file: Path, bench: Bench, data: st.DataObject) -> None:
    """From some of the statements of some fixtures of a rule to others of them."""
    rule = read_rule(rule_file)
    own = [case for case in cases() if case.rule == rule.name]
    chosen: list[Case] = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=2, unique_by=lambda c: c.name))
    quads = sorted({q for case in chosen for q in read_turtle(case.path)}, key=str)
    places = st.sets(st.integers(0, len(quads) - 1), max_size=4)
    lost, gained = data.draw(places), data.draw(places)
    before = [quad for place, quad in enumerate(quads) if place not in gained]
    after = [quad for place, quad in enumerate(quads) if place not in lost]
    check(bench, rule, before, after, chosen[0].as_of)


def test_a_fixture_that_comes_or_goes_as_a_whole(case: Case, bench: Bench) -> None:
    check(bench, bench.rule(case.rule), [], list(read_turtle(case.path)), case.as_of)


# -- the real graph --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_findings(real_view: View) -> tuple[Finding, ...]:
    return run_rules(real_view, read_rules(RESOURCES)).findings


@settings(max_examples=2)
@given(st.data())
def test_any_record_taken_from_the_real_graph_gives_what_a_full_run_gives(
    real_view: View, real_store: EmbeddedStore, real_findings: tuple[Finding, ...], data: st.DataObject
) -> None:
    rules = read_rules(RESOURCES)
    graphs = [g for entry in real_view.entries if not entry.is_vocabulary for g in (entry.graph, entry.derived_graph)]
    quads = [quad for graph in graphs for quad in real_store.quads(graph)]
    records = sorted({str(q.subject) for q in quads if q.predicate == RDF.type and q.object == HRDD.StandingRecord})
    gone = data.draw(st.sets(st.sampled_from(records), min_size=1, max_size=3))
    left = EmbeddedStore.in_memory()
    everything = [quad for graph in real_view.graphs for quad in real_store.quads(graph)]
    removed = {quad for quad in quads if str(quad.subject) in gone}
    left.load([quad for quad in everything if quad not in removed], real_view.graphs)
    view = replace(real_view, store=left)
    change = Change(removed=frozenset(quad.triple for quad in removed))
    smaller = run_rules(view, rules).findings
    taken = reevaluate(view, rules, real_findings, change)
    assert taken.findings == smaller
    assert 0 < taken.share(view) < 1
    given_back = reevaluate(real_view, rules, smaller, Change(added=change.removed))
    assert given_back.findings == real_findings
    print(taken.sentence, taken.share(view))
