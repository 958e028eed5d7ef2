"""Waivers: a finding that somebody set aside is shown with who, why and until when, and no longer fails a run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.gaps.waivers import EXPIRED, IN_FORCE, NOT_YET, OF_NONE, Waiver, read_waivers
from hrdd_graph.report import formats, writer
from hrdd_graph.report._document import footer, run_document
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.view import View

if TYPE_CHECKING:
    from tests.conftest import Hrdd

RULE = "certified-open-abuse"
Written: TypeAlias = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a file with one waiver, some of its parts changed, or left out where they are ``None``."""

    def write(of: str, **changed: str | None) -> Path:
        parts: dict[str, str | None] = {
            "finding": of, "author": "Audit committee", "reason": "A reply is due.", "made": "2026-11-01",
            "expires": "2027-03-31",
        }  # fmt: skip
        lines = [f"{key}: {value}" for key, value in (parts | changed).items() if value is not None]
        path = tmp_path / "waivers.yaml"
        path.write_text("- " + "\n  ".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def run(view: View, resources: Resources) -> Run:
    return run_rules(view, [rule for rule in read_rules(resources) if rule.name == RULE])


def waiver(finding: str, made: str = "2026-11-01", expires: str = "2027-03-31") -> Waiver:
    day = date.fromisoformat
    return Waiver(finding, "Audit committee", "A reply is due.", day(made), day(expires), "waivers.yaml:1")


def test_a_waived_finding_stays_with_who_why_and_until_when_in_every_format(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # a narrow terminal breaks the sentence that is looked for
    waived = run.waived([waiver(run.findings[0].iri)])
    assert waived.findings == run.findings
    for name in formats():
        stream = io.BytesIO()
        writer(name).write(waived, stream)
        if not writer(name).BINARY:
            for word in ("Audit committee", "A reply is due.", "2027-03-31"):
                assert word in stream.getvalue().decode(), name


def test_waived_findings_are_counted_by_themselves(run: Run) -> None:
    facts = run_document(run.waived([waiver(run.findings[0].iri)]))["run"]
    assert (facts["count"], facts["waived"]) == (len(run.findings), 1)


@pytest.mark.parametrize(
    ("made", "expires", "state"),
    [
        ("2026-11-01", "2027-03-31", IN_FORCE),
        ("2026-11-20", "2026-11-20", IN_FORCE),  # the first and the last day count
        ("2026-11-01", "2026-11-19", EXPIRED),
        ("2026-11-21", "2027-03-31", NOT_YET),
    ],
)
def test_a_waiver_counts_from_its_day_to_its_last(run: Run, made: str, expires: str, state: str) -> None:
    finding = run.findings[0]
    waived = run.waived([waiver(finding.iri, made, expires)])
    assert [judged.state for judged in waived.waivers] == [state]
    assert (waived.waiver(finding) is not None) == (state == IN_FORCE)
    told = [line for line in footer(waived) if "Audit committee" in line]
    assert bool(told) == (state != IN_FORCE)


def test_a_renewed_waiver_counts_beside_the_expired_one(run: Run) -> None:
    finding = run.findings[0]
    waived = run.waived([waiver(finding.iri, expires="2026-11-10"), waiver(finding.iri, made="2026-11-11")])
    assert sorted(judged.state for judged in waived.waivers) == [EXPIRED, IN_FORCE]
    assert waived.waiver(finding) is not None


def test_a_waiver_of_a_finding_that_does_not_stand_is_told(run: Run) -> None:
    waived = run.waived([waiver(f"https://w3id.org/hrdd-graph/finding/{RULE}/0123456789abcdef")])
    assert [judged.state for judged in waived.waivers] == [OF_NONE]
    assert any("does not stand here (waivers.yaml:1)" in line for line in footer(waived))


def test_a_run_of_other_rules_says_nothing_of_a_waiver(run: Run) -> None:
    assert run.waived([waiver("https://w3id.org/hrdd-graph/finding/low-road/0123456789abcdef")]).waivers == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"author": None}, "author: is missing"),
        ({"reason": '""'}, "reason: is missing"),
        ({"expires": "soon"}, '"soon" is not a day'),
        ({"made": "2028-01-01"}, "lies before the day"),
        ({"finding": "certified-open-abuse"}, "is no address of a finding"),
        ({"finding": "no-such-rule/0123456789abcdef"}, "no-such-rule is not a rule"),
        ({"until": "2027-01-01"}, "until: is no part of a waiver"),
    ],
)
def test_a_broken_waiver_is_told_with_its_line(written: Written, changed: dict[str, Any], words: str) -> None:
    path = written(f"{RULE}/0123456789abcdef", **changed)
    with pytest.raises(UnusableInput) as caught:
        read_waivers(path, [RULE])
    assert words in str(caught.value)
    assert f"{path}:" in str(caught.value)


def test_the_waivers_of_the_repository_are_read(resources: Resources) -> None:
    rules = [rule.name for rule in read_rules(resources)]
    assert {waiver.rule for waiver in read_waivers(resources.data / "waivers", rules)} <= set(rules)


def test_a_run_does_not_fail_on_what_is_waived(hrdd: Hrdd, run: Run, written: Written, tmp_path: Path) -> None:
    asked = ("gaps", "--rule", RULE, "--as-of", "2026-11-20", "--fail-on", "low", "--format", "csv")
    all_waived = tmp_path / "all.yaml"
    all_waived.write_text("".join(written(finding.iri).read_text() for finding in run.findings))
    assert hrdd(*asked).returncode == 1
    assert hrdd(*asked, "--waivers", str(written(run.findings[0].iri))).returncode == 1
    result = hrdd(*asked, "--waivers", str(all_waived))
    assert result.returncode == 0
    rows = [row for row in csv.DictReader(io.StringIO(result.stdout)) if row["finding IRI"]]
    assert [row["waived by"] for row in rows] == ["Audit committee"] * len(run.findings)


def test_a_file_of_waivers_is_validated(hrdd: Hrdd, written: Written) -> None:
    result = hrdd("validate", str(written(f"{RULE}/0123456789abcdef")))
    assert result.returncode == 0, result.stderr
    assert "1 waivers, no problem found" in result.stderr
    result = hrdd("validate", str(written("x")))
    assert result.returncode == 2
    assert "no address of a finding" in result.stderr
