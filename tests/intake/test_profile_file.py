"""A profile that cannot be right is told by line, with what was perhaps meant, before anybody imports by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.resources import Resources
from hrdd_graph.validate import validate_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of a profile that is right, to be broken."""
    return Path(shutil.copytree(ROOT / "data" / "profiles" / "uwazi", tmp_path / "mine")) / "profile.yaml"


def test_a_profile_is_right_where_its_example_gives_what_it_expects(mine: Path) -> None:
    assert validate_file(mine, Resources(ROOT)).endswith("as expected: 2 new, 1 refused")


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("description:", "descripton:", ":6 descripton: is not a key of a profile. Did you mean description?"),
        ("    key: id\n", "    kye: id\n", "kye: is not a key of a sheet. Did you mean key?"),
        ("split: \"|\", required", "spilt: \"|\", required", "spilt: is not a key of a column. Did you mean split?"),
        ("kind: digest", "kind: digits", "digits is no kind of value. Choose one of"),
        ("{new: 2, refused: 1}", "{new: two}", 'new: "two" is no number.'),
        ("{new: 2, refused: 1}", "{new: 3}", "expects 3 new of example.csv and gets 2 new, 1 refused. Row "),
        ("kind: date,", "kind: date, pad: wide,", 'pad: "wide" is no number.'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_profile_is_told(mine: Path, written: str, instead: str, says: str) -> None:
    text = mine.read_text(encoding="utf-8")
    assert written in text
    mine.write_text(text.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(UnusableInput) as told:
        validate_file(mine, Resources(ROOT))
    assert says in str(told.value)


def test_a_profile_without_an_example_is_told(mine: Path) -> None:
    (mine.parent / "example.csv").unlink()
    with pytest.raises(UnusableInput, match=r"has no example\. Put a small file"):
        validate_file(mine, Resources(ROOT))
