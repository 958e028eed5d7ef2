"""Real data of others, where it lies beside the repository: what its READMEs know of it, and what an import makes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pyoxigraph
import pytest

from hrdd_graph.intake.outcome import Result
from hrdd_graph.intake.profile import read_profile
from hrdd_graph.intake.run import run_import
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parents[2]
EXTERNAL = "../shared/external"
PREFIX = "PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#> "
PREFIX += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX id: <https://w3id.org/hrdd-graph/id/> "
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Load(Protocol):
    """``load(profile, file, issued=...)`` imports a file of the shared folder, and skips where it is not there."""

    def __call__(self, profile: str, *file: str, **about: str) -> Result: ...


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Resources:
    return Resources(ROOT, tmp_path_factory.mktemp("known") / "imports")


@pytest.fixture
def load(mine: Resources, needs: Callable[..., None]) -> Load:
    def run(profile: str, *files: str, **about: str) -> Result:
        needs(*(f"{EXTERNAL}/{file}" for file in files))
        for file in files:
            facts = {"licence": LICENCE} | about
            result = run_import(read_profile(mine, profile), ROOT / EXTERNAL / file, mine, about=facts)
        return result

    return run


def answers(result: Result, query: str) -> list[tuple[str, ...]]:
    """The rows of a query over what an import has saved, as texts."""
    assert result.saved
    store = pyoxigraph.Store()
    store.bulk_load(gzip.decompress(result.saved.read_bytes()), format=pyoxigraph.RdfFormat.N_QUADS)
    found = store.query(PREFIX + query, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [tuple(str(term.value) if term else "" for term in row) for row in found]


# -- KnowTheChain ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "firms", "indicators"), [("2018", 40, 23), ("2020", 49, 21), ("2022", 60, 33)])
def test_each_firm_of_the_benchmark_has_a_score_by_year_theme_and_indicator(
    year: str, firms: int, indicators: int, load: Load
) -> None:
    result = load("knowthechain", f"knowthechain-ict-benchmark/ktc_ict_{year}.csv", issued=year)
    assert result.counts["new"] == len(result.outcomes) == firms
    found = answers(result, "SELECT ?kind (COUNT(?f) AS ?n) WHERE { ?f hrdd:quantityKind ?kind } GROUP BY ?kind")
    assert {count for _, count in found} == {str(firms)}
    assert len(found) == 1 + 7 + indicators
    assert all(f"benchmark {year}, " in kind for kind, _ in found), "1.1 of one year is not 1.1 of another"


def test_a_score_is_the_authors_assessment_and_no_abuse(load: Load) -> None:
    result = load("knowthechain", "knowthechain-ict-benchmark/ktc_ict_2022.csv", issued="2022")
    kinds = answers(result, "SELECT DISTINCT ?kind WHERE { ?thing a ?kind }")
    assert {kind.rpartition("#")[2] for (kind,) in kinds} == {"Source", "Firm", "NamedParty", "Figure", "Mention"}
    remedy = "SELECT ?value ?locator WHERE { ?f hrdd:value ?value ; hrdd:quantityKind ?kind ; hrdd:locator ?locator ; "
    remedy += 'rdfs:label ?label FILTER ( STRENDS(?kind, "theme 7: remedy") && STRSTARTS(?label, "Intel Corp.:") ) }'
    assert answers(result, remedy) == [("90", "ktc_ict_2022.csv#row=3")]
