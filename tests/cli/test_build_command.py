"""Stores: built, found, and told where they are not there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import UNUSABLE, told_once


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("missing", ("holds no store", "hrdd build --store")),
        ("ftp://example.org/", ("is no store",)),
        ("http://127.0.0.1:1/sparql", ("is out of reach",)),
    ],
)
def test_a_store_that_is_not_there_is_told(hrdd: Hrdd, store: str, words: tuple[str, ...]) -> None:
    told_once(hrdd("gaps", store=store), *words)


def test_a_store_is_not_built_into_an_address(hrdd: Hrdd) -> None:
    told_once(hrdd("build", store="memory:"), "cannot be built into", "Name a folder.")


def test_build_says_what_it_did_on_standard_error(hrdd: Hrdd, tiny: Path, tmp_path: Path) -> None:
    result = hrdd("build", "--root", str(tiny), store=tmp_path / "store")
    assert (result.returncode, result.stdout) == (0, "")
    assert "statements in" in result.stderr
    assert (
        hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=tmp_path / "store").stdout.count(
            "organisation/"
        )
        == 2
    )


def test_without_a_store_one_is_built_in_the_cache_once(hrdd: Hrdd, tiny: Path) -> None:
    first = hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=None)
    second = hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=None)
    assert first.stdout == second.stdout != ""
    assert "building the graph" in first.stderr
    assert second.stderr == ""


def test_a_broken_sheet_is_told_and_the_store_goes_on(hrdd: Hrdd, tiny: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    hrdd("build", "--root", str(tiny), store=store)
    before = hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=store).stdout
    sheet = tiny / "data" / "cases" / "tiny.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("hasMode: Caused", "hasMode: Did"), encoding="utf-8")
    result = hrdd("build", "--root", str(tiny), store=store)
    assert result.returncode == UNUSABLE
    assert (
        "data/cases/tiny.yaml:16 records[4].hasInvolvement[0].hasMode: Did is not a InvolvementMode." in result.stderr
    )
    assert "Traceback" not in result.stderr
    assert hrdd("query", "parties", "--root", str(tiny), "--format", "csv", store=store).stdout == before


def test_a_root_without_its_folders_is_told(hrdd: Hrdd, tmp_path: Path) -> None:
    told_once(hrdd("rules", "--root", str(tmp_path)), "has no folder ontology", "Name a folder that holds")
