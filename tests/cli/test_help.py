"""Help: every command explains itself, and imports nothing heavy for it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once

COMMANDS = (
    "build",
    "gaps",
    "diff",
    "explain",
    "rules",
    "query",
    "sparql",
    "validate",
    "reason",
    "dump",
    "serve",
    "suggest",
)


def test_help_names_every_command(hrdd: Hrdd) -> None:
    result = hrdd("--help", store=None)
    assert result.returncode == 0
    for command in COMMANDS:
        assert command in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(hrdd: Hrdd, command: str) -> None:
    result = hrdd(command, "--help", store=None)
    assert result.returncode == 0
    assert "Usage" in result.stdout


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("gaps", "--help"), ("serve", "--help")])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    heavy = (
        "rdflib",
        "fastapi",
        "owlready2",
        "pyshacl",
        "uvicorn",
        "hrdd_api",
        "edtf",
        "jinja2",
        "xlsxwriter",
        "httpx",
    )
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hrdd_graph.cli", *arguments],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert imported & set(heavy) == set()


def test_the_version_is_that_of_the_package(hrdd: Hrdd) -> None:
    from hrdd_graph import __version__

    assert hrdd("--version", store=None).stdout == f"{__version__}\n"


def test_an_unknown_command_is_refused(hrdd: Hrdd) -> None:
    told_once(hrdd("gapps", store=None), "gapps")
