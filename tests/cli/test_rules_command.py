"""hrdd rules: each rule, its query, and shapes that are broken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


def test_rules_are_listed_with_severity_and_label(hrdd: Hrdd) -> None:
    lines = hrdd("rules").stdout.splitlines()
    assert len(lines) >= 10
    assert all(line.split()[0] in ("high", "medium", "low") for line in lines)
    assert any("certified-open-abuse" in line for line in lines)


def test_a_rule_is_told_in_full_and_as_its_query(hrdd: Hrdd) -> None:
    text = hrdd("rules", "certified-open-abuse").stdout
    for word in ("Rests on: ungp:11", "What to do:", "Would be settled by:", "File:"):
        assert word in text
    query = hrdd("rules", "certified-open-abuse", "--query").stdout
    assert pyoxigraph.Store().query(query) is not None
    assert hrdd("rules", "--language", "de").stdout != hrdd("rules").stdout


def test_a_broken_shape_is_told(hrdd: Hrdd, tiny: Path) -> None:
    path = tiny / "shapes" / "gaps" / "certified-open-abuse.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sh:severity sh:Violation", "sh:severity sh:Grave"), encoding="utf-8")
    told_once(hrdd("rules", "--root", str(tiny)), "certified-open-abuse.ttl", "severity that is none of SHACL's")
    path.write_text(text.replace("hrdd:since", "hrdd:since hrdd:since"), encoding="utf-8")
    told_once(hrdd("rules", "--root", str(tiny)), "certified-open-abuse.ttl:", "is not Turtle")
