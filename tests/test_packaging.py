# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""The wheel: everything that a fresh machine needs is inside, and works far from the repository."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import site
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("hrdd_graph", "api", "ontology", "shapes", "data", "queries", "docs")


@contextmanager
def shared(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that all workers of a test run have in common, one worker at a time; whoever comes first fills it."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield base / name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once from a copy so that nothing is written into the repository."""
    with shared(tmp_path_factory, "wheel") as target:
        if not target.is_dir():
            build_wheel(tmp_path_factory.mktemp("source"), target)
        (built,) = target.glob("*.whl")
        return built


def build_wheel(source: Path, target: Path) -> None:
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA.md"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    result = subprocess.run(
        [*command, "--wheel-dir", str(target), str(source)], capture_output=True, text=True, check=False, timeout=300
    )
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; the folder of its programs.

    The dependencies are those of the environment that runs the tests, seen through a path file, since loading them
    anew takes minutes. Path files are not followed from there, so that its editable installation of this repository
    stays out of sight.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    (packages,) = folder.glob("lib/python*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
         "--prefix", str(folder), "--ignore-installed", str(wheel)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return programs


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HRDD_", "PYTHON", "PYTEST_", "VIRTUAL_ENV"))}
    return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}


def test_the_wheel_holds_code_and_knowledge_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in ("ontology", "shapes", "data", "queries"):
        files = {
            f"hrdd_graph/resources/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / part).rglob("*")
            if path.is_file() and not path.name.startswith(".") and "__pycache__" not in path.parts
        }
        assert files
        assert files <= names
    assert {"hrdd_graph/cli/_app.py", "hrdd_api/app.py", "hrdd_graph/report/pages/gaps.html"} <= names
    for licence in ("LICENSE", "LICENSE-DATA.md"):
        assert any(name.endswith(f"licenses/{licence}") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/")) or "__pycache__" in name]


def test_the_wheel_holds_the_guides_that_pages_lead_to(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "hrdd_graph/resources/docs/explanation/safety.md" in names


def test_the_installed_package_is_not_the_repository(installed: Path, tmp_path: Path) -> None:
    code = "import hrdd_graph, hrdd_api, hrdd_graph.resources as r; print(hrdd_graph.__file__); print(hrdd_api.__file__); print(r.open_resources().root)"
    result = subprocess.run(
        [installed / "python", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env=environment(tmp_path), timeout=60,
    )  # fmt: skip
    for line in result.stdout.splitlines():
        assert Path(line).is_relative_to(installed.parent), line


def test_gaps_run_far_from_the_repository(installed: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [installed / "hrdd", "gaps", "--rule", "certified-open-abuse", "--format", "json"],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=tmp_path, env=environment(tmp_path), timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    labels = {finding["focus"]["label"] for finding in json.loads(result.stdout)["findings"]}
    assert "Minería Yanacocha" in labels


def test_serve_runs_far_from_the_repository(installed: Path, tmp_path: Path) -> None:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = tmp_path / "words.txt"
    with words.open("wb") as stream:
        server = subprocess.Popen(
            [installed / "hrdd", "serve", "--port", str(port), "--store", "memory:"],
            stdout=stream, stderr=stream, cwd=tmp_path, env=environment(tmp_path),
        )  # fmt: skip
    try:
        answer = None
        for _ in range(240):
            assert server.poll() is None, words.read_text(encoding="utf-8")
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/health", headers={"Accept": "application/json"}
                )
                with urllib.request.urlopen(request, timeout=10) as reply:
                    answer = (reply.status, json.loads(reply.read()))
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.25)
        assert answer is not None, words.read_text(encoding="utf-8")
        assert answer[0] == 200
        assert isinstance(answer[1], dict)
    finally:
        server.terminate()
        server.wait(timeout=30)
