"""The tutorial for NGOs does what it says, command by command, in an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tutorial_leads_from_a_spreadsheet_to_a_gap(tmp_path: Path) -> None:
    commands = re.findall(
        r"^ *\$ hrdd (.*)$", (ROOT / "docs/tutorial/ngo.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [command.split()[0] for command in commands] == ["template", *["import"] * 3, "build", "gaps"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HRDD_")}
    environment |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share"), "XDG_CACHE_HOME": str(tmp_path)}
    done = None
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "hrdd_graph.cli", *command.split()],
            capture_output=True, text=True, encoding="utf-8", check=False, cwd=tmp_path, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        if command.startswith("template"):
            shutil.copy(ROOT / "data/profiles/spreadsheet/example.xlsx", tmp_path / "incidents.xlsx")
    assert done
    assert "2 findings by 1 rule" in done.stdout
    assert "incidents.xlsx" in done.stdout
