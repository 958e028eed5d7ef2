"""Folders for work that is thrown away."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hrdd_graph.scratch import scratch_folder

_HOLD = """
import sys, time
from hrdd_graph.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "evidence").write_text("what somebody sent")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_a_folder_is_its_owners_alone_and_goes(base: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == base
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_what_a_killed_process_left_goes_with_the_next_and_what_lives_stays(base: Path) -> None:
    held = [subprocess.Popen([sys.executable, "-c", _HOLD], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        folders = []
        for process in held:
            assert process.stdout is not None
            folders.append(Path(process.stdout.readline().strip()))
        held[0].kill()
        held[0].wait(30)
        assert (folders[0] / "evidence").exists(), "a killed process cleans nothing up"
        with scratch_folder():
            assert not folders[0].exists()
            assert (folders[1] / "evidence").exists()
    finally:
        for process in held:
            process.kill()
            process.communicate(timeout=30)
