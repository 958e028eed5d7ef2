"""Real data of others, where it lies beside the repository: what its READMEs know of it, and what an import makes."""

from __future__ import annotations

import gzip
import json
from functools import cache
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


class Needs(Protocol):
    def __call__(self, *things: str) -> None: ...


class Load(Protocol):
    """``load(profile, file, issued=...)`` imports files of the shared folder, once, and skips where one is missing."""

    def __call__(self, profile: str, *files: str | Path, **about: str) -> Result: ...


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory, needs: Needs) -> Load:
    @cache
    def of(profile: str, files: tuple[Path, ...], about: tuple[tuple[str, str], ...]) -> Result:
        mine = Resources(ROOT, tmp_path_factory.mktemp("known") / "imports")
        for file in files:
            result = run_import(read_profile(mine, profile), file, mine, about=dict(about))
        return result

    def run(profile: str, *files: str | Path, **about: str) -> Result:
        needs(*(f"{EXTERNAL}/{file}" for file in files if isinstance(file, str)))
        paths = tuple(ROOT / EXTERNAL / file for file in files)
        return of(profile, paths, tuple(({"licence": LICENCE} | about).items()))

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


# -- Fair Trade USA ----------------------------------------------------------------------------------------------------


def test_a_brand_on_the_list_has_a_certificate_for_its_products_and_no_more(load: Load) -> None:
    result = load("fairtrade-usa", "fairtrade-usa-brands/fairtrade.json", issued="2019")
    assert len(result.outcomes) == 251, "entries of brands"
    assert (result.counts["new"], result.counts["repeated"]) == (166, 85)
    brands = (
        "SELECT (COUNT(DISTINCT ?brand) AS ?n) (COUNT(DISTINCT ?category) AS ?m) WHERE { ?c a hrdd:Certification ; "
    )
    brands += "hrdd:madeBy ?brand ; hrdd:scopeNote ?category }"
    assert answers(result, brands) == [("154", "6")]
    assert answers(result, "SELECT ?c WHERE { ?c hrdd:start | hrdd:coversSite | hrdd:coversTopic ?more }") == []


# -- Beneficial ownership ----------------------------------------------------------------------------------------------

STANDING = "FILTER NOT EXISTS { ?later hrdd:corrects ?tie }"


@pytest.fixture(scope="module")
def statements(load: Load, needs: Needs, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The examples of the standard as one file of JSON Lines."""
    needs(f"{EXTERNAL}/openownership-bods/examples")
    paths = sorted((ROOT / EXTERNAL / "openownership-bods/examples").glob("*.json"))
    assert len(paths) == 19
    path = tmp_path_factory.mktemp("bods") / "all.jsonl"
    found = [statement for each in paths for statement in json.loads(each.read_bytes())]
    path.write_text("".join(json.dumps(each) + "\n" for each in found), encoding="utf-8")
    return load("bods", path, issued="2025-07-08")


def test_every_example_of_the_standard_is_read_whole(statements: Result) -> None:
    assert [str(reason) for outcome in statements.outcomes for reason in outcome.reasons] == []
    assert len(statements.outcomes) == 119, "56 relationships, 35 entities, 28 persons"


def test_only_the_last_statement_on_a_tie_stands_and_a_closed_one_goes_on_no_more(load: Load) -> None:
    result = load("bods", "openownership-bods/examples/fermcat.json", issued="2022")
    ties = (
        "SELECT ?share ?end ?goesOn WHERE { ?tie a hrdd:Ownership ; hrdd:share ?share OPTIONAL { ?tie hrdd:end ?end } "
    )
    ties += f"OPTIONAL {{ ?tie hrdd:ongoing ?goesOn }} {STANDING} }}"
    assert sorted(answers(result, ties)) == [
        ("100", "", ""), ("50", "2021-04-03", "false"), ("50", "2022-01-21", "false")
    ]  # fmt: skip
    assert answers(result, "SELECT ?p WHERE { ?p a hrdd:UnnamedParty FILTER EXISTS { ?p a hrdd:NamedParty } }") == []


def test_a_share_between_two_bounds_stays_an_interval(statements: Result) -> None:
    bounds = "SELECT ?min ?max WHERE { ?f hrdd:quantityKind 'Share held' ; hrdd:valueMin ?min ; hrdd:valueMax ?max }"
    assert sorted(answers(statements, bounds)) == [*[("25", "50")] * 3, ("75", "100")]


def test_an_owner_who_is_not_disclosed_is_a_silence_and_no_party(load: Load) -> None:
    name = "listed-company-exempt-from-disclosure"
    result = load("bods", f"openownership-bods/examples/{name}.json", issued="2019")
    said = "SELECT ?firm ?note WHERE { ?s a hrdd:Silence ; hrdd:lacks hrdd:Ownership ; hrdd:concerns ?firm ; "
    said += "hrdd:note ?note"
    (firm,) = {row[0] for row in answers(result, said + " }")}
    assert "subjectExemptFromDisclosure" in str(answers(result, said + " }"))
    assert answers(result, "SELECT DISTINCT ?party WHERE { ?party a hrdd:NamedParty }") == [(firm,)]


def test_no_natural_person_is_named(statements: Result) -> None:
    assert statements.saved
    assert b"Hewitson" not in gzip.decompress(statements.saved.read_bytes())


# -- EJAtlas -----------------------------------------------------------------------------------------------------------

CONFLICTS = "ejatlas-mining-latin-america/ejatlas.json"
NOT_SERVED = "?absence a hrdd:StatedAbsence ; hrdd:lacks hrdd:Remediation ; hrdd:concerns ?abuse ."
NAMED = "?abuse hrdd:hasInvolvement / hrdd:ofParty ?firm ."


def test_conflicts_with_a_company_where_justice_was_not_served_are_counted(load: Load) -> None:
    result = load("ejatlas", CONFLICTS, issued="2020-05-28")
    assert result.counts["new"] == len(result.outcomes) == 296
    served = "SELECT ?n (COUNT(DISTINCT ?e) AS ?k) WHERE { ?e a hrdd:Event ; hrdd:note ?n "
    served += "FILTER ( STRSTARTS(?n, 'Was ') ) } GROUP BY ?n"
    found = {note.rpartition(" ")[2]: int(count) for note, count in answers(result, served)}
    assert found == {"no": 137, "yes": 65, "sure": 94}
    visible = f"SELECT DISTINCT ?abuse WHERE {{ {NOT_SERVED} {NAMED} }}"
    potential = json.loads((ROOT / EXTERNAL / CONFLICTS).read_bytes())
    only_risks = sum(
        1
        for each in potential
        if each["WasJusticeServed"] == ["No"]
        and each["CompanyNames"]
        and {text.strip() for key in each if key.endswith("Visible") for text in each[key]} <= {"None", ""}
    )
    assert len(answers(result, visible)) + only_risks == 124


def test_of_these_some_name_violations_of_human_rights(load: Load) -> None:
    result = load("ejatlas", CONFLICTS, issued="2020-05-28")
    rights = "?abuse hrdd:hasInfringement / hrdd:ofProvision <https://w3id.org/hrdd-graph/udhr> ."
    assert len(answers(result, f"SELECT DISTINCT ?abuse WHERE {{ {NOT_SERVED} {NAMED} {rights} }}")) == 59


def test_what_is_alleged_stays_alleged_and_no_company_has_a_part_that_nobody_stated(load: Load) -> None:
    result = load("ejatlas", CONFLICTS, issued="2020-05-28")
    assert answers(result, "SELECT DISTINCT ?s WHERE { ?r hrdd:hasStatus ?s }") == [
        ("https://w3id.org/hrdd-graph/ontology#Alleged",)
    ]
    assert answers(result, "SELECT DISTINCT ?m WHERE { ?r hrdd:hasMode ?m }") == [
        ("https://w3id.org/hrdd-graph/ontology#UnstatedMode",)
    ]
    firms = {label for (label,) in answers(result, "SELECT ?l WHERE { ?firm a hrdd:Firm ; rdfs:label ?l }")}
    assert "Sama Sociedade Anonima Mineracao de Amianto" in firms, "the country is no part of the name"
    assert result.saved
    text = gzip.decompress(result.saved.read_bytes())
    assert b"Adelinda" not in text
    assert b"Mara Choque" not in text


def test_the_place_of_an_entry_leads_back_to_it(load: Load) -> None:
    result = load("ejatlas", CONFLICTS, issued="2020-05-28")
    (locator,) = {row[0] for row in answers(result, "SELECT ?l WHERE { ?e a hrdd:Event ; hrdd:locator ?l } LIMIT 1")}
    file, _, pointer = locator.partition("#/")
    entries = json.loads((ROOT / EXTERNAL / "ejatlas-mining-latin-america" / file).read_bytes())
    assert entries[int(pointer)]["Title"]
