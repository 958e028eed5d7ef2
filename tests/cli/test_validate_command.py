"""hrdd validate: files that are valid, and where others are wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


def test_the_first_sheet_is_valid(hrdd: Hrdd) -> None:
    sheet = Path(__file__).parents[2] / "data" / "cases" / "nieri-2016.yaml"
    result = hrdd("validate", str(sheet))
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert "no problem found" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.yaml", "a: [\n", ("x.yaml", "is not YAML")),
        ("x.rq", "#+ summary: x\nSELECT ?x { ?x }", ("x.rq: holds no usable query",)),
        ("x.rq", "#+ summary: [x\nSELECT ?x { ?x ?y ?z }", ("x.rq:", "has a broken header")),
        ("x.ttl", "<a> <b> .", ("x.ttl:1: is not Turtle",)),
        ("x.ttl", "# hrdd:GapRule\n", ("x.ttl: declares no hrdd:GapRule, or several",)),
        ("x.docx", "", ("is of a kind (.docx) that is not known",)),
    ],
)
def test_a_file_that_is_not_valid_is_told(
    hrdd: Hrdd, tmp_path: Path, name: str, text: str, words: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    told_once(hrdd("validate", str(tmp_path / name)), *words)


def test_a_record_that_breaks_a_shape_is_told_with_its_line_and_what_to_do(hrdd: Hrdd, tiny: Path) -> None:
    (tiny / "shapes" / "records").mkdir()
    shapes = Path(__file__).parents[2] / "shapes" / "records"
    for path in shapes.glob("*.ttl"):
        shutil.copy(path, tiny / "shapes" / "records")
    sheet = tiny / "data" / "cases" / "tiny.yaml"
    told_once(
        hrdd("validate", "--root", str(tiny), str(sheet)),
        "tiny.yaml:10 id:abuse/dye: An impact infringes no right. Add hasInfringement",
    )


def test_a_file_that_is_not_there_is_told(hrdd: Hrdd) -> None:
    told_once(hrdd("validate", "nothing.yaml"), "nothing.yaml: is not a file")
