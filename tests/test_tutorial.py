"""The tutorial on interviews does what it says, with the files that it shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
TUTORIAL = REPOSITORY / "docs" / "tutorial"


@pytest.fixture(scope="module")
def my_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tutorial") / "my-graph"
    for part in ("ontology", "shapes", "data", "queries"):
        shutil.copytree(REPOSITORY / part, folder / part)
    shutil.copy(TUTORIAL / "interview-sheet.yaml", folder / "data" / "cases" / "example-interview.yaml")
    entry = re.search(r"```turtle\n(.*?)```", (TUTORIAL / "interviews.md").read_text(encoding="utf-8"), re.DOTALL)
    assert entry
    catalog = folder / "data" / "catalog.ttl"
    catalog.write_text(catalog.read_text(encoding="utf-8") + "\n" + entry[1], encoding="utf-8")
    return folder


def hrdd(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hrdd_graph.cli", *arguments], capture_output=True, text=True, check=False
    )


def test_the_interview_sheet_is_valid(my_graph: Path) -> None:
    done = hrdd("validate", "--root", str(my_graph), str(my_graph / "data/cases/example-interview.yaml"))
    assert done.returncode == 0, done.stderr


def test_an_interview_shows_a_gap(my_graph: Path) -> None:
    store = str(my_graph.parent / "my-store")
    built = hrdd("build", "--root", str(my_graph), "--store", store)
    assert built.returncode == 0, built.stderr
    rule, focus = "harm-without-party", "abuse/example-interview-hours"
    done = hrdd("gaps", "--root", str(my_graph), "--store", store, "--rule", rule, "--focus", focus)
    assert "Long hours in workshops of the example cluster" in done.stdout
    assert "1 finding by" in done.stdout


def test_the_sheet_asks_every_question_of_the_form() -> None:
    sheet = (TUTORIAL / "interview-sheet.yaml").read_text(encoding="utf-8")
    assert [f"question/nieri-{n:02d}" for n in range(1, 13) if f"question/nieri-{n:02d}" not in sheet] == []
