"""hrdd suggest: rights that a text may be about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


def test_suggestions_come_with_the_words_that_led_there(hrdd: Hrdd, tmp_path: Path) -> None:
    text = "Workers are paid less than the minimum wage."
    said = hrdd("suggest", text)
    assert said.returncode == 0, said.stderr
    assert "udhr:23.3" in said.stdout
    assert "“minimum”" in said.stdout
    assert "a person decides" in said.stderr
    file = tmp_path / "note.txt"
    file.write_text(text, encoding="utf-8")
    told = [hrdd("suggest", *arguments, "-f", "json", stdin=text) for arguments in ((text,), (str(file),), ("-",))]
    assert len({answer.stdout for answer in told}) == 1
    assert json.loads(told[0].stdout)["suggestions"][0]["rank"] == 1


def test_a_text_that_cannot_be_read_is_refused(hrdd: Hrdd, tmp_path: Path) -> None:
    file = tmp_path / "note.doc"
    file.write_bytes(b"\xd0\xcf\x11\xe0")
    told_once(hrdd("suggest", str(file)), "note.doc", "UTF-8")
    told_once(hrdd("suggest", " "), "empty")
    told_once(hrdd("suggest", "Arbeit", "--language", "de"), "de", "en, fr, es, pt")
    told_once(hrdd("suggest", "wages", "--format", "xml"), "xml", "json")
