"""The guide to adding things does what it says: its files as they stand there, its commands one after the other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
GUIDE = (REPOSITORY / "docs" / "how-to" / "extend.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`([^`]+\.\w+)`\n\n```\w+\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^\$ (.+)$", GUIDE, re.MULTILINE)
SAYS = {
    "hrdd validate shapes": "a gap rule that compiles",
    "hrdd rules": "ontology#PolicyCommitment",
    "hrdd gaps --rule policy": "findings by 1 rule",
    "python": "passed",
    "hrdd validate queries": "a template with 1 parameters",
    "hrdd query": "CSR campaign of Newmont",
    "hrdd validate data/profiles": "as expected: 2 new, 1 refused",
    "hrdd import": "2 new, 1 refused",
    "hrdd validate data/cases": "no problem found",
    "hrdd build": "statements in",
    "hrdd gaps --store": "Minería Yanacocha",
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a checkout has, and the files of the guide."""
    folder = tmp_path_factory.mktemp("extending") / "checkout"
    for part in ("ontology", "shapes", "data", "queries"):
        shutil.copytree(REPOSITORY / part, folder / part)
    (folder / "tests" / "gaps").mkdir(parents=True)
    for name in ("conftest.py", "test_rules.py"):
        shutil.copy(REPOSITORY / "tests" / "gaps" / name, folder / "tests" / "gaps")
    for name, text in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_guide_adds_one_of_each() -> None:
    kinds = {name.partition("/")[0] for name, _ in FILES}
    assert kinds == {"shapes", "tests", "queries", "data"}
    assert len(COMMANDS) == len(SAYS)


def test_every_command_of_the_guide_says_what_it_should(checkout: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HRDD_", "PYTEST_"))}
    environment |= {"HOME": str(checkout), "XDG_CACHE_HOME": str(checkout / "cache"), "COLUMNS": "200"}
    for command, (begins, says) in zip(COMMANDS, SAYS.items(), strict=True):
        assert command.startswith(begins)
        program, *arguments = command.split()
        ours = [sys.executable, "-m", "hrdd_graph.cli", *arguments, "--root", str(checkout)]
        asked = ours if program == "hrdd" else [sys.executable, *arguments, "-p", "no:cacheprovider"]
        done = subprocess.run(
            asked, capture_output=True, text=True, encoding="utf-8", check=False, cwd=checkout, env=environment
        )
        told = " ".join((done.stdout + done.stderr).split())
        assert says in told, f"{command}\n{told}"
        assert done.returncode == (1 if program == "hrdd" and arguments[0] == "import" else 0), f"{command}\n{told}"
