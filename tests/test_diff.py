"""Two runs side by side: what is new, closed, reopened, and whether data, time or a rule made it so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.diff import Probe, compare
from hrdd_graph.gaps.record import RecordedFinding, RecordedRule, RecordedRun, read_record, record_of
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import PREFIXES, expand
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.view import View

NIERI, UNIDO = expand("graph:nieri-2016"), expand("graph:accountability-unido-2006")
OLD_DAY, NEW_DAY = date(2010, 1, 1), date(2026, 11, 20)


def finding(name: str, *, severity: str = "high", graphs: tuple[str, ...] = (NIERI,)) -> RecordedFinding:
    about = {"value": (expand(f"id:abuse/{name}"),)}
    address = f"{PREFIXES['finding']}open/{name}"
    focus = expand("id:organisation/mill")
    return RecordedFinding(address, "open", focus, severity, f"Mill: {name}.", about, (about["value"][0],), graphs)


def run(
    *names: str, day: date = NEW_DAY, data: str = "1", version: str = "1.0.0", severity: str = "high"
) -> RecordedRun:
    return RecordedRun(
        as_of=day,
        known_on=None,
        graph_digest=f"sha256:{data}",
        graphs={NIERI: data, UNIDO: "1"},
        rules={"open": RecordedRule(version, version)},
        findings={f.finding: f for f in (finding(name, severity=severity) for name in names)},
    )


def states(*runs: RecordedRun) -> dict[str, str]:
    return {change.finding.finding.rpartition("/")[2]: change.state for change in compare(runs).changes}


def only(*runs: RecordedRun, probe: Probe | None = None) -> tuple[tuple[str, ...], bool]:
    (change,) = (c for c in compare(runs, probe).changes if c.state != "unchanged")
    return change.causes, change.unclear


def test_what_came_and_went_is_told() -> None:
    assert states(run("a", "b"), run("b", "c")) == {"a": "closed", "b": "unchanged", "c": "new"}


def test_what_an_earlier_run_had_found_is_reopened() -> None:
    assert states(run("a"), run(), run("a", "b")) == {"a": "reopened", "b": "new"}


@given(st.lists(st.frozensets(st.sampled_from("abcdef")), min_size=2, max_size=4))
def test_every_finding_of_the_last_two_runs_has_one_state(sets: list[frozenset[str]]) -> None:
    found = states(*(run(*names) for names in sets))
    before, after = sets[-2], sets[-1]
    assert set(found) == before | after
    for name, state in found.items():
        assert (state in ("new", "reopened")) == (name in after - before)
        assert (state == "closed") == (name in before - after)
        assert (state == "reopened") == (name in after - before and any(name in s for s in sets[:-2]))


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        (run("a", day=date(2027, 1, 1)), "time"),
        (run("a", data="2"), "data"),
        (run("a", version="1.1.0"), "rule"),
    ],
)
def test_the_one_thing_that_differs_is_the_reason(after: RecordedRun, cause: str) -> None:
    assert only(run(), after) == ((cause,), False)


def test_a_reason_in_the_data_names_the_graphs_that_changed_under_the_finding() -> None:
    after = run("a", data="2")
    after = replace(after, graphs={**after.graphs, UNIDO: "2"})
    (change,) = compare([run(), after]).changes
    assert change.graphs == (NIERI,)
    assert "nieri-2016 changed" in change.because
    assert "accountability" not in change.because


def test_two_differences_that_nobody_can_tell_apart_are_called_so() -> None:
    before, after = run(day=OLD_DAY), run("a", data="2")
    assert only(before, after) == (("data", "time"), True)
    assert compare([before, after]).changes[0].because.startswith("cannot be told apart: data")


A = frozenset(finding("a").finding for _ in "a")


@pytest.mark.parametrize(
    ("store_has", "found_on", "causes"),
    [
        ("1", {OLD_DAY: frozenset(), NEW_DAY: A}, ("time",)),  # the old data say it too, on the new day
        ("1", {OLD_DAY: frozenset(), NEW_DAY: frozenset()}, ("data",)),  # the new day alone does nothing
        ("2", {OLD_DAY: A, NEW_DAY: A}, ("data",)),  # the new data said it on the old day already
        ("2", {OLD_DAY: frozenset(), NEW_DAY: A}, ("time",)),  # the new data alone do nothing
    ],
)
def test_a_store_that_still_has_one_of_the_data_states_tells_data_and_time_apart(
    store_has: str, found_on: dict[date, frozenset[str]], causes: tuple[str, ...]
) -> None:
    before, after = run(day=OLD_DAY), run("a", data="2")
    probe = Probe(f"sha256:{store_has}", after.rules, lambda day: found_on[day])
    assert only(before, after, probe=probe) == (causes, False)


def test_a_store_with_other_rules_or_other_data_is_no_witness() -> None:
    before, after = run(day=OLD_DAY), run("a", data="2")
    for probe in (Probe("sha256:3", after.rules, lambda _: A), Probe("sha256:2", {}, lambda _: A)):
        assert only(before, after, probe=probe) == (("data", "time"), True)


def test_a_rule_that_only_one_run_had_is_the_reason() -> None:
    before = replace(run(day=OLD_DAY, data="2"), rules={})
    assert only(before, run("a")) == (("rule",), False)


def test_a_finding_that_stands_with_another_severity_says_which_it_had() -> None:
    (change,) = compare([run("a", severity="medium"), run("a", data="2")]).changes
    assert (change.state, change.severity_before, change.causes) == ("unchanged", "medium", ("data",))


def test_one_run_cannot_be_compared() -> None:
    with pytest.raises(UnusableInput, match="two runs"):
        compare([run()])


# -- on the real graph -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(view: View, resources: Resources) -> RecordedRun:
    return record_of(run_rules(view, read_rules(resources)))


def test_a_record_can_be_read_back_and_has_the_same_bytes_again(
    recorded: RecordedRun, view: View, resources: Resources, tmp_path: Path
) -> None:
    path = tmp_path / "run.json"
    path.write_text(recorded.text(), encoding="utf-8")
    assert replace(read_record(path), name=recorded.name) == recorded
    assert record_of(run_rules(view, read_rules(resources))).text() == recorded.text()


def test_every_recorded_finding_rests_on_records_in_graphs_of_the_view(recorded: RecordedRun) -> None:
    assert recorded.findings
    for found in recorded.findings.values():
        assert found.graphs, found.finding
        assert set(found.graphs) <= set(recorded.graphs), found.finding


def test_a_run_does_not_differ_from_itself(recorded: RecordedRun) -> None:
    assert {change.state for change in compare([recorded, recorded]).changes} == {"unchanged"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is no recorded run"),
        ('{"format": "hrdd-run/1"}', "broken record"),
    ],
)
def test_what_is_no_record_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInput, match=words):
        read_record(path)
