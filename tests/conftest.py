# ruff: noqa: E501 - a table of cases reads best with a case on a line
"""What the tests share: the resources, a built store and the public view of it, a command line, and a tiny graph."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

from hrdd_graph.answers._findings import Findings, find
from hrdd_graph.build import build
from hrdd_graph.ontology import Vocabulary, read_vocabulary
from hrdd_graph.opening import build_folder
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import View, open_view

ROOT = Path(__file__).resolve().parent.parent
MAY_NOT_SKIP = "HRDD_TESTS_MAY_NOT_SKIP"

# The same examples in every run, so that a red build can be repeated; no deadline, since machines differ.
settings.register_profile(
    "hrdd", derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("hrdd")


class Hrdd(Protocol):
    """``hrdd("gaps", "--rule", "x")`` runs the command line in an empty folder and gives what it did."""

    def __call__(
        self, *arguments: str, stdin: str = "", store: Path | str | None = ..., environment: Mapping[str, str] = ...
    ) -> subprocess.CompletedProcess[str]: ...


class Needs(Protocol):
    """``needs("java", "../shared/external/land-matrix")``: commands on the PATH, and paths seen from the repository."""

    def __call__(self, *things: str) -> None: ...


def _is_there(thing: str) -> bool:
    return (ROOT / thing).exists() if "/" in thing else shutil.which(thing) is not None


@pytest.fixture(scope="session")
def needs() -> Needs:
    """Skip where something is missing, saying what; fail instead where ``HRDD_TESTS_MAY_NOT_SKIP`` is 1."""

    def check(*things: str) -> None:
        missing = [thing for thing in things if not _is_there(thing)]
        if not missing:
            return
        reason = f"needs {', '.join(missing)}, which this machine lacks"
        if os.environ.get(MAY_NOT_SKIP) == "1":
            pytest.fail(f"{reason}; {MAY_NOT_SKIP}=1 forbids skipping")
        pytest.skip(reason)

    return check


# -- the whole graph -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def resources() -> Resources:
    """The repository's own ontology, shapes, data and queries."""
    return open_resources(ROOT)


@pytest.fixture(scope="session")
def vocabulary(resources: Resources) -> Vocabulary:
    return read_vocabulary(resources.ontology / "hrdd.ttl")


@pytest.fixture(scope="session")
def store(resources: Resources) -> EmbeddedStore:
    """The whole graph in memory, built once by each worker."""
    built = EmbeddedStore.in_memory()
    build(resources, built)
    return built


@pytest.fixture(scope="session")
def store_folder(resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole graph in a folder, built once by each worker; tests only read it."""
    folder = tmp_path_factory.mktemp("graph") / "store"
    build_folder(resources, folder)
    return folder


@pytest.fixture(scope="session")
def view(store: EmbeddedStore) -> View:
    """The public view on a fixed day, so that no test depends on the day on which it runs."""
    return open_view(store, as_of=date(2026, 11, 20))


@pytest.fixture(scope="session")
def findings(resources: Resources, view: View) -> Findings:
    """What the rules find in that view, evaluated once by each worker."""
    return find(resources, view, "en")


# -- the command line ------------------------------------------------------------------------------------------------


def clean_environment(home: Path) -> dict[str, str]:
    """An environment without settings of this project, and with a home and a cache of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HRDD_", "PYTEST_"))}
    return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "COLUMNS": "160"}


@pytest.fixture
def hrdd(tmp_path: Path, request: pytest.FixtureRequest) -> Hrdd:
    """The command line as a user has it: another process, an empty folder, nothing but data on standard output."""

    def run(
        *arguments: str,
        stdin: str = "",
        store: Path | str | None = "built",
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "empty"
        folder.mkdir(exist_ok=True)
        settings_of_user = clean_environment(tmp_path)
        if store == "built":
            store = request.getfixturevalue("store_folder")
        if store is not None:
            settings_of_user["HRDD_STORE"] = str(store)
        return subprocess.run(
            [sys.executable, "-m", "hrdd_graph.cli", *arguments],
            input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, cwd=folder,
            env={**settings_of_user, **(environment or {})},
        )  # fmt: skip

    return run


# -- a graph small enough to read ------------------------------------------------------------------------------------

TINY_HEADER = """\
"@context": https://w3id.org/hrdd-graph/context.jsonld
id: https://w3id.org/hrdd-graph/graph/tiny
statedIn: source/tiny
hasStatus: Documented
records:
- {id: source/tiny, type: Source, label: Tiny, issued: "2016", locator: "p. 1"}
"""

TINY_SHEET = (
    TINY_HEADER
    + """\
- {id: organisation/mill, type: [Firm, NamedParty], label: Mill, locator: "p. 2"}
- {id: organisation/brand, type: [Firm, NamedParty], label: Brand, locator: "p. 2"}
- {id: relationship/brand-mill, type: Supply, label: Brand buys from Mill, hasBuyer: organisation/brand, hasSupplier: organisation/mill, locator: "p. 3"}
- id: abuse/dye
  type: Abuse
  label: Dye in the river
  hasStatus: Reported
  start: "2010"
  hasInvolvement:
  - {ofParty: organisation/mill, hasMode: Caused, hasBasis: Stated}
  locator: "p. 4"
"""
)

TINY_CATALOG = """\
@base <https://w3id.org/hrdd-graph/data/> .
@prefix dataset: <https://w3id.org/hrdd-graph/dataset/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix graph: <https://w3id.org/hrdd-graph/graph/> .
@prefix hrdd: <https://w3id.org/hrdd-graph/ontology#> .

dataset:tiny a dcat:Dataset ;
    dcterms:title "A tiny case"@en ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:issued "2016" ;
    hrdd:hasAccess hrdd:PublicAccess ;
    hrdd:describesGraph graph:tiny ;
    dcat:distribution <#tiny-file> .

<#tiny-file> a dcat:Distribution ;
    dcat:downloadURL <cases/tiny.yaml> .
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder of resources that a test may break: the core ontology, two shapes, one query, one sheet."""
    root = tmp_path / "tiny"
    for name in ("ontology/hrdd.ttl", "shapes/prefixes.ttl", "shapes/gaps/certified-open-abuse.ttl"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name, text in {"data/cases/tiny.yaml": TINY_SHEET, "data/catalog.ttl": TINY_CATALOG}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "queries").mkdir()
    (root / "queries" / "parties.rq").write_text(
        "#+ summary: Who is there?\n#+ order: [party]\nSELECT ?party WHERE { ?party a hrdd:NamedParty }\n",
        encoding="utf-8",
    )
    return root


@pytest.fixture
def tiny_with(tiny: Path) -> Callable[[str], Path]:
    """The tiny sheet with more records (YAML list items) behind it; gives the sheet's path."""

    def write(records: str) -> Path:
        path = tiny / "data" / "cases" / "tiny.yaml"
        path.write_text(TINY_SHEET + records, encoding="utf-8")
        return path

    return write
