"""Why a rule finds something, and why not: on the fixtures of every rule, and on the real graph."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.conditions import UNTITLED, read_conditions, titles_of
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.gaps.why import Verdict, why
from hrdd_graph.namespaces import IDS
from hrdd_graph.report._why import why_document, why_text
from hrdd_graph.resources import Resources
from hrdd_graph.rules import Rule, read_rule, read_rules
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.targets import target_pattern
from hrdd_graph.sparql.groups import Group, render
from hrdd_graph.sparql.tokens import tokens
from hrdd_graph.terms import Iri
from hrdd_graph.view import View, open_view

if TYPE_CHECKING:
    from tests.gaps.conftest import Bench, Case


@pytest.fixture(scope="module")
def rules(resources: Resources) -> dict[str, Rule]:
    return {rule.name: rule for rule in read_rules(resources)}


# What clears these near-misses, which an answer to "why not" must name.
CLEARED = {
    "certified-open-abuse/clears-remedied-the-day-before": "response/compensation",
    "code-unmonitored/clears-monitored": "due-diligence/code",
    "owner-linked-open-abuse/clears-owner-acted": "response/parent-inquiry",
}


def focus_of(view: View, rule: Rule, told: Set[object]) -> list[Iri]:
    """The nodes that a rule looks at and of which a fixture tells something."""
    rows = view.select(f"SELECT DISTINCT ?this WHERE {{ {target_pattern(rule.targets, Hierarchy())} }} ORDER BY ?this")
    nodes = [row[0] for row in rows.rows if isinstance(row[0], Iri) and row[0].value.startswith(IDS)]
    return [node for node in nodes if node in told]


def test_all_conditions_hold_together_exactly_where_the_rule_finds_something(case: Case, bench: Bench) -> None:
    view, rule = bench.view(case), bench.rule(case.rule)
    found = {finding.focus for finding in run_rules(view, [rule]).findings}
    cleared: set[Iri] = set()
    told = {term for quad in bench.quads(case) for term in (quad.subject, quad.object)}
    for focus in focus_of(view, rule, told):
        answer = why(view, rule, focus)
        assert answer.is_target
        together = all(verdict.together for verdict in answer.verdicts)
        assert together == (focus in found), f"{rule.name} about {focus}"
        assert bool(answer.findings) == together
        for verdict in answer.verdicts:
            assert (verdict.outcome == "fails") == bool(verdict.missing), "a failure says what is missing"
        cleared |= {t for v in answer.verdicts for row in v.cleared_by for t in row.values() if isinstance(t, Iri)}
        assert why_document(answer)["focus"]["iri"] == focus.value
        assert why_text(answer).startswith(rule.name)
    named = CLEARED.get(case.name)
    assert named is None or Iri(IDS + named) in cleared


def test_every_condition_of_every_rule_has_a_title(rule_file: Path) -> None:
    titles = titles_of(compile_rule(read_rule(rule_file)))
    assert titles
    assert UNTITLED not in titles[1:], "a condition after the first has a comment above it that says what it asks"
    assert len(set(titles)) == len(titles)


def test_the_conditions_are_the_whole_of_the_rule(rule_file: Path) -> None:
    """Put together again, the conditions and what only tells more are the rule's query."""
    compiled = compile_rule(read_rule(rule_file))
    day = date(2026, 11, 20)
    reading = read_conditions(compiled, day)
    whole = " ".join(render(element) for element in reading.elements)
    query = compiled.query(day, joined=False)
    for element in reading.elements:
        assert render(element) in query
    body = Group(reading.elements)
    names = {token.variable for token in tokens(compiled.projection) if token.variable} - {"this"}
    assert names <= body.visible, whole


def by_title(verdicts: tuple[Verdict, ...], start: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.condition.title.startswith(start))


def test_before_the_certificate_its_date_is_what_is_missing(view: View, rules: dict[str, Rule]) -> None:
    then = open_view(view.store, as_of=date(2007, 12, 31))
    answer = why(then, rules["certified-open-abuse"], Iri(IDS + "organisation/mineria-yanacocha"))
    assert answer.is_target
    assert not answer.findings
    certificate = by_title(answer.verdicts, "A certificate that stood")
    assert certificate.outcome == "fails"
    assert "?certifiedBy <=" in certificate.missing
    assert {row["certification"].value for row in certificate.nearest} == {IDS + "commitment/yanacocha-iso14001"}
    assert {row["certifiedBy"].value for row in certificate.nearest} == {"2008-12-31"}
    abuse = by_title(answer.verdicts, "An abuse that the holder")
    assert (abuse.outcome, abuse.together) == ("holds", False)
    assert IDS + "abuse/yanacocha-mercury-spill" in {row["value"].value for row in abuse.found}


def test_what_others_did_is_never_shown_as_near_to_a_node(view: View, rules: dict[str, Rule]) -> None:
    newmont = Iri(IDS + "organisation/newmont")
    answer = why(view, rules["certified-open-abuse"], newmont)
    assert not answer.findings
    for verdict in answer.verdicts:
        for row in (*verdict.nearest, *verdict.found, *verdict.cleared_by):
            assert not any("/abuse/" in term.value for term in row.values())
    abuse = by_title(answer.verdicts, "An abuse that the holder")
    assert (abuse.outcome, abuse.nearest) == ("fails", ())
    assert by_title(answer.verdicts, "Open:").outcome == "open"


@pytest.mark.parametrize("name", CLEARED)
def test_the_cases_that_are_said_to_be_cleared_are_there(name: str) -> None:
    assert (Path(__file__).parent / f"{name}.ttl").is_file()


def test_a_node_that_a_rule_does_not_look_at_is_said_to_be_none(view: View, rules: dict[str, Rule]) -> None:
    answer = why(view, rules["certified-open-abuse"], Iri(IDS + "cluster/yanacocha-mining"))
    assert not answer.is_target
    assert answer.verdicts == ()
    text = why_text(answer)
    assert "does not look at Yanacocha mining cluster" in text
    assert "Organisation" in text
    assert why_document(answer)["isTarget"] is False


def test_a_node_that_is_not_there_is_told(view: View, rules: dict[str, Rule]) -> None:
    with pytest.raises(UnusableInput, match="is not in this view"):
        why(view, rules["certified-open-abuse"], Iri(IDS + "organisation/nobody"))
