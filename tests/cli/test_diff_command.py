"""hrdd diff: runs and days compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


def test_two_days_are_compared_without_any_file(hrdd: Hrdd) -> None:
    result = hrdd("diff", "2007-12-31", "2026-11-20", "--format", "json")
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    certified = [c for c in document["changes"] if c["rule"] == "certified-open-abuse"]
    assert {(c["state"], *c["causes"]) for c in certified} == {("new", "time")}
    assert document["differs"]["graphs"] == {}


def test_recorded_runs_are_compared_and_what_came_back_is_reopened(hrdd: Hrdd, tmp_path: Path) -> None:
    first, second = str(tmp_path / "first.json"), str(tmp_path / "second.json")
    for file, day in ((first, "2026-11-20"), (second, "2007-12-31")):
        assert hrdd("gaps", "--record", file, "--as-of", day).returncode == 0
    result = hrdd("diff", first, second, "--as-of", "2026-11-20")
    told_once(result, "goes with one RUN")
    result = hrdd("diff", first, second, "2026-11-20", "--fail-on", "high")
    assert result.returncode == 1, result.stderr
    assert "Reopened" in result.stdout
    assert "New (" not in result.stdout
    assert "because of time: the day moved from 2007-12-31 to 2026-11-20" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("diff", "no-such-run.json"), "cannot be read"),
        (("diff", "2026-11-20", "--format", "csv"), "Choose table or json"),
        (("gaps", "--record", "run.json", "--severity", "high"), "Leave out every filter"),
    ],
)
def test_a_run_that_cannot_be_compared_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: str) -> None:
    told_once(hrdd(*arguments), words)
