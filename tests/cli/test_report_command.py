"""`hrdd report` as a user has it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Hrdd


def test_a_report_is_written_to_a_file_in_the_format_of_its_name(hrdd: Hrdd, tmp_path: Path) -> None:
    file = tmp_path / "newmont.json"
    done = hrdd("report", "--firm", "newmont", "--as-of", "2026-11-20", "-o", str(file))
    assert done.returncode == 0, done.stderr
    document = json.loads(file.read_text())
    assert document["title"] == "Newmont"
    assert f"{len(document['entries'])} findings" in done.stderr


def test_what_cannot_be_reported_on_is_told_before_anything_is_run(hrdd: Hrdd) -> None:
    nothing = hrdd("report", store=None)
    assert nothing.returncode == 2
    assert "needs one thing to report on" in nothing.stderr
    two = hrdd("report", "--firm", "nike", "--country", "PE", store=None)
    assert two.returncode == 2
    assert "firm and country" in two.stderr
    wrong = hrdd("report", "--firm", "nike", "--format", "doc", store=None)
    assert "docx" in wrong.stderr
    unknown = hrdd("report", "--firm", "nike", "-o", "nike.odt", store=None)
    assert unknown.returncode == 2
    assert "odt is not a format. Choose one of docx, html" in unknown.stderr
    absent = hrdd("report", "--portfolio", "nowhere.csv", store=None)
    assert absent.returncode == 2
    assert "nowhere.csv: cannot be read" in absent.stderr


def test_a_firm_that_is_misspelt_is_guessed(hrdd: Hrdd) -> None:
    done = hrdd("report", "--firm", "newmontt")
    assert done.returncode == 2
    assert "Did you mean id:organisation/newmont" in done.stderr


def test_a_report_is_narrowed_down_and_says_how_many_findings_are_left_out(hrdd: Hrdd, tmp_path: Path) -> None:
    files = {name: tmp_path / f"{name}.json" for name in ("whole", "narrow")}
    only = ("--severity", "high", "--right", "25")
    for name, more in (("whole", ()), ("narrow", only)):
        done = hrdd("report", "--firm", "mineria-yanacocha", "--as-of", "2026-11-20", "-o", str(files[name]), *more)
        assert done.returncode == 0, done.stderr
    whole, narrow = (json.loads(file.read_text()) for file in files.values())
    assert 0 < len(narrow["entries"]) < len(whole["entries"])
    assert narrow["left_out"]["count"] == len(whole["entries"]) - len(narrow["entries"])
    assert hrdd("report", "--firm", "nike", "--severity", "grave", store=None).returncode == 2
