"""hrdd reason, where its reasoner cannot run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import told_once


def test_reason_without_java_says_what_is_missing(hrdd: Hrdd, tiny: Path) -> None:
    told_once(
        hrdd("reason", "--root", str(tiny), environment={"PATH": "/nowhere"}), "needs Java", "Install a Java runtime"
    )
