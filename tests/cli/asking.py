"""How the tests of the command line ask it, and what they expect of a refusal."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Hrdd

UNUSABLE = 2


def told_once(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, nothing on standard output, and a message with these words that is no traceback."""
    assert result.returncode == UNUSABLE, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


def gaps(hrdd: Hrdd, *arguments: str) -> Any:
    result = hrdd("gaps", "--format", "json", *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
