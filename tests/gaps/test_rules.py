"""Every gap rule finds what its fixtures plant, binding by binding, and nothing in the near-misses."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import compact
from hrdd_graph.resources import open_resources
from hrdd_graph.rules import read_rule, read_rules
from hrdd_graph.terms import Iri

if TYPE_CHECKING:
    from tests.gaps.conftest import Bench, Case

HERE = Path(__file__).resolve().parent
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


def selected(rule_file: Path) -> set[str]:
    """The variables that a rule's query selects."""
    return set(re.findall(r"[?$](\w+)", compile_rule(read_rule(rule_file)).projection))


def test_the_rule_finds_what_is_planted_and_clears_what_is_not(case: Case, bench: Bench) -> None:
    assert bench.findings(case) == case.expected, case.remark("why")


def test_joining_instead_of_asking_row_by_row_changes_nothing(case: Case, bench: Bench) -> None:
    """The engine answers EXISTS as joins; as the rule has it, the same rows come out."""
    view, compiled = bench.view(case), compile_rule(bench.rule(case.rule))
    joined = view.select(compiled.query(case.as_of))
    as_written = view.select(compiled.query(case.as_of, joined=False))
    assert set(joined.rows) == set(as_written.rows)


def test_nothing_is_found_once_the_source_has_taken_everything_back(case: Case, bench: Bench) -> None:
    assert bench.findings(case, withdrawn=True) == []


def test_nothing_is_found_before_anything_had_begun(case: Case, bench: Bench) -> None:
    assert bench.findings(case, as_of=date(1900, 1, 1)) == []


def test_a_finding_reads_as_a_sentence_in_every_language_of_its_rule(case: Case, bench: Bench) -> None:
    rule = bench.rule(case.rule)
    for language in rule.message:
        run = run_rules(bench.view(case), [rule], language=language)
        for finding in run.findings:
            message = run.message(finding)
            assert not PLACEHOLDER.search(message)
            assert run.labels(finding.focus) in message
            assert "https://" not in message


def test_every_rule_has_fixtures_that_find_and_near_misses_that_clear(rule_file: Path) -> None:
    folder = HERE / rule_file.stem
    finds, clears = sorted(folder.glob("finds-*.ttl")), sorted(folder.glob("clears-*.ttl"))
    assert len(finds) >= 2, f"{rule_file.stem} has {len(finds)} finds-*.ttl in tests/gaps/{rule_file.stem}; it needs 2"
    assert len(clears) >= 2, (
        f"{rule_file.stem} has {len(clears)} clears-*.ttl in tests/gaps/{rule_file.stem}; it needs 2"
    )
    for path in finds:
        assert path.with_suffix(".yaml").is_file(), f"{path.name} has no .yaml with the findings expected"


def test_every_fixture_says_when_and_why(case: Case) -> None:
    assert case.path.name.startswith(("finds-", "clears-")), f"{case.name} neither finds nor clears"
    assert case.as_of, f"{case.name} names no day"
    if case.finds:
        assert case.expected, f"{case.name} expects nothing"
    else:
        assert case.remark("why"), f"{case.name} does not say why nothing is found"


def test_every_fixture_belongs_to_a_rule(case: Case, rule_names: frozenset[str]) -> None:
    assert case.rule in rule_names, f"tests/gaps/{case.rule} is the folder of no rule"


def test_a_message_speaks_only_of_what_the_rule_selects_and_of_the_same_in_every_language(rule_file: Path) -> None:
    rule = read_rule(rule_file)
    for language, message in rule.message.items():
        spoken = set(PLACEHOLDER.findall(message))
        assert spoken <= selected(rule_file), language
        assert spoken == set(PLACEHOLDER.findall(rule.message["en"])), f"{language} says something else than en"


def test_what_tells_two_findings_apart_is_selected(rule_file: Path) -> None:
    assert set(read_rule(rule_file).identifying) <= selected(rule_file)


def test_a_rule_invokes_provisions_that_exist(rule_file: Path, bench: Bench) -> None:
    known = {q.subject.value for q in bench.stated if isinstance(q.subject, Iri)}
    unknown = [compact(iri) for iri in read_rule(rule_file).provisions if iri not in known]
    assert not unknown


def test_every_variable_of_a_rule_is_bound_in_some_fixture(
    rule_file: Path, expected_variables: dict[str, set[str]]
) -> None:
    never = selected(rule_file) - expected_variables.get(rule_file.stem, set())
    assert not never, f"no finds-*.yaml of {rule_file.stem} has a value for {', '.join(sorted(never))}"


def test_rules_of_a_severity_stand_as_the_guiding_principles_do_and_those_of_states_after_those_of_firms() -> None:
    grave = [rule.name for rule in sorted(read_rules(open_resources()), key=lambda rule: rule.sort_key)]
    own, linked, remedy, state = (
        "certified-open-abuse",
        "buyer-linked-open-abuse",
        "remedy-promised",
        "ratified-not-applied",
    )
    assert grave[0] == own
    assert sorted((state, remedy, linked, own), key=grave.index) == [own, linked, remedy, state]
