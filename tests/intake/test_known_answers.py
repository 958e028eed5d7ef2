# ruff: noqa: E501 - queries read best on one line
"""Real data of others, where it lies beside the repository: what its READMEs know of it, and what an import makes."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

import pyoxigraph
import pytest

from hrdd_graph.intake.outcome import Result
from hrdd_graph.intake.profile_file import read_profile
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


# -- Open Apparel Registry ---------------------------------------------------------------------------------------------

LISTS = [83, 19, 81, 64, 44, 30, 61, 34, 54, 55, 15, 26, 46, 351]  # the rows of the lists 2 to 15


def test_the_lists_of_the_open_apparel_registry_are_claims_of_supply_to_an_unnamed_buyer(load: Load) -> None:
    rows, factories = [], set()
    for number in range(2, 16):
        result = load("open-apparel-registry", f"open-apparel-registry-lists/lists/{number}.csv")
        assert result.counts["refused"] == 0
        rows.append(len(result.outcomes))
        seen = answers(
            result,
            "SELECT ?supplier { ?supply a hrdd:Supply ; hrdd:hasSupplier ?supplier ; hrdd:hasBuyer ?buyer ; "
            "hrdd:locator ?row . ?buyer a hrdd:UnnamedParty }",
        )
        factories |= {(number, *each) for each in seen}
    assert rows == LISTS
    linked = sum(link.is_linked for number in range(2, 16) for link in load(
        "open-apparel-registry", f"open-apparel-registry-lists/lists/{number}.csv").links)  # fmt: skip
    assert 950 <= len(factories) + linked <= 963


def test_a_country_is_found_as_a_name_in_any_case_and_as_a_code(load: Load) -> None:
    count = "SELECT (COUNT(DISTINCT ?firm) AS ?n) { ?firm a hrdd:Firm ; hrdd:isBasedIn "
    pakistan = count + "<https://w3id.org/hrdd-graph/id/country/PK> }"
    assert answers(load("open-apparel-registry", "open-apparel-registry-lists/lists/15.csv"), pakistan) == [("18",)]
    china = count + "<https://w3id.org/hrdd-graph/id/country/CN> }"
    assert int(answers(load("open-apparel-registry", "open-apparel-registry-lists/lists/2.csv"), china)[0][0]) > 50


def test_list_12_says_the_same_as_a_workbook(load: Load) -> None:
    text, book = (
        load("open-apparel-registry", f"open-apparel-registry-lists/lists/12.{form}") for form in ("csv", "xlsx")
    )
    names = "SELECT ?name { ?firm a hrdd:Firm, hrdd:NamedParty ; rdfs:label ?name } ORDER BY ?name"
    assert answers(text, names) == answers(book, names)


# -- WikiRate, modern slavery statements -------------------------------------------------------------------------------

WIKIRATE = [
    ("garment", 13811, 91, 7, 2, 351, 166),
    ("food_beverage", 8592, 17, 2, 1, 396, 215),
]


@pytest.mark.parametrize(("sector", "rows", "told", "unremedied", "unanswered", "below", "companies"), WIKIRATE)
def test_a_statement_that_tells_of_incidents_and_of_no_remedy_is_told_from_one_that_was_not_asked(
    sector: str, rows: int, told: int, unremedied: int, unanswered: int, below: int, companies: int, load: Load
) -> None:
    result = load("wikirate-modern-slavery", f"wikirate-modern-slavery-statements/msa_{sector}.csv")
    assert len(result.outcomes) == rows
    leads = (
        "SELECT DISTINCT ?statement { ?lead a hrdd:Lead ; hrdd:concerns ?statement . ?statement a hrdd:Communication "
    )
    silent = "?silence a hrdd:Silence ; hrdd:lacks hrdd:Remediation ; hrdd:concerns ?statement "
    answer = 'FILTER NOT EXISTS { ?lead hrdd:concerns ?firm . ?check hrdd:examines ?firm ; hrdd:start ?year ; rdfs:label ?text . ?lead hrdd:start ?year FILTER ( CONTAINS(?text, "incidents remediation") ) }'
    assert len(answers(result, leads + "}")) == told
    assert len(answers(result, leads + "." + silent + "}")) == unremedied
    assert len(answers(result, leads + answer + "}")) == unanswered
    short = 'SELECT ?check ?firm { ?check a hrdd:Audit ; hrdd:examines ?firm ; hrdd:result "No" ; rdfs:label ?text FILTER ( CONTAINS(?text, "Meets Minimum UK MSA Requirements,") ) }'
    found = answers(result, short)
    assert (len(found), len({firm for _, firm in found})) == (below, companies)


def test_an_answer_of_wikirate_is_no_abuse(load: Load) -> None:
    result = load("wikirate-modern-slavery", "wikirate-modern-slavery-statements/msa_garment.csv")
    assert answers(result, "SELECT ?x { ?x a hrdd:Abuse }") == []
    assert answers(result, "SELECT ?x { ?x hrdd:hasInvolvement ?y }") == []
    assert result.counts["repeated"] == 14


# -- US Department of Labor --------------------------------------------------------------------------------------------


def test_the_goods_of_the_department_of_labor_are_risks_of_a_country_and_of_no_firm(load: Load) -> None:
    result = load("us-dol-ilab", "us-dol-ilab-child-forced-labor/goods_list_2022.xml")
    assert result.counts["new"] == len(result.outcomes) == 467
    kinds = "SELECT ?party ?child ?forced ?both ?derived { ?party a hrdd:CollectiveParty "
    for kind in ("Child labour:", "Forced labour:", "Forced child labour:", "Inputs from"):
        name = {"Child labour:": "child", "Forced labour:": "forced", "Forced child labour:": "both"}.get(
            kind, "derived"
        )
        kinds += f'BIND ( EXISTS {{ ?r hrdd:hasInvolvement/hrdd:ofParty ?party ; rdfs:label ?t FILTER ( STRSTARTS(?t, "{kind}") ) }} AS ?{name} ) '
    pairs = [row[1:] for row in answers(result, kinds + "}")]
    counted = {row: pairs.count(row) for row in set(pairs)}
    assert counted == {
        ("true", "false", "false", "false"): 336,
        ("true", "true", "true", "false"): 54,
        ("false", "true", "false", "false"): 43,
        ("true", "true", "false", "false"): 24,
        ("false", "false", "false", "true"): 10,
    }
    assert answers(result, "SELECT ?x { ?x a hrdd:Firm, hrdd:NamedParty }") == []
    assert answers(result, "SELECT ?x { ?x a hrdd:Abuse }") == []


def test_footballs_of_sialkot_are_not_on_the_list(load: Load) -> None:
    result = load("us-dol-ilab", "us-dol-ilab-child-forced-labor/goods_list_2022.xml")
    balls = "SELECT ?place { ?p hrdd:makesProduct <https://w3id.org/hrdd-graph/id/product/footballs> ; hrdd:isBasedIn ?place }"
    places = {place.rpartition("/")[2] for (place,) in answers(result, balls)}
    assert "IN" in places
    assert "PK" not in places
    where = "SELECT ?row { ?r a hrdd:Risk ; rdfs:label ?t ; hrdd:locator ?row FILTER ( ?t = 'Child labour: Bricks, Afghanistan'@en ) }"
    assert "#xpointer(/Goods/Good[" in answers(result, where)[0][0]


def test_what_states_have_ratified_by_the_findings(load: Load) -> None:
    """The README counts the block of Zimbabwe twice, as the file has it: 124 and 116."""
    result = load("us-dol-ilab", "us-dol-ilab-child-forced-labor/countries_2022_findings.xml")
    assert len(result.outcomes) == 143
    count = "SELECT ?treaty (COUNT(?state) AS ?n) { ?x a hrdd:Ratification ; hrdd:madeBy ?state ; hrdd:commitsTo ?treaty } GROUP BY ?treaty"
    ratified = {treaty.rpartition("/")[2]: int(n) for treaty, n in answers(result, count)}
    assert (ratified["C182"], ratified["C138"]) == (123, 115)
    lacking = "SELECT ?treaty (COUNT(?x) AS ?n) { ?x a hrdd:StatedAbsence ; hrdd:lacks hrdd:Ratification ; hrdd:concerns ?treaty . FILTER ( CONTAINS(STR(?treaty), 'ilo') ) } GROUP BY ?treaty"
    assert {treaty.rpartition("/")[2]: n for treaty, n in answers(result, lacking)} == {"C182": "4", "C138": "12"}
    assert [o.key for o in result.outcomes if o.state == "refused"] == ["Kosovo"]  # not in ISO 3166-1


# -- treaties of the United Nations ------------------------------------------------------------------------------------


def test_the_covenant_binds_171_states_and_namibia_is_one_of_them(load: Load) -> None:
    result = load("un-treaty-status", "un-human-rights-treaty-status/hr_status_icescr.csv")
    assert len(result.outcomes) == 193
    assert result.counts["refused"] == 0
    party = "SELECT ?state { ?x a hrdd:Ratification ; hrdd:madeBy ?state ; hrdd:commitsTo <https://w3id.org/hrdd-graph/icescr> }"
    states = {state.rpartition("/")[2] for (state,) in answers(result, party)}
    assert len(states) == 171
    assert {"state-of-na", "state-of-peru"} <= states
    note = "SELECT ?note (COUNT(?x) AS ?n) { ?x a hrdd:StatedAbsence ; hrdd:note ?note } GROUP BY ?note"
    assert {text: count for text, count in answers(result, note)} == {  # noqa: C416 - which tells the types
        "Status by the source: signatory state.": "4",
        "Status by the source: no action.": "18",
    }


# -- WikiRate, supply chains -------------------------------------------------------------------------------------------


def test_each_row_of_the_brands_is_a_claim_of_supply(load: Load) -> None:
    result = load("wikirate-supply-chains", "wikirate-supply-chains/apparel_brand_tier1_suppliers.csv")
    assert len(result.outcomes) == 431
    assert result.counts["refused"] == 0
    buyers = answers(
        result, "SELECT ?buyer (COUNT(?x) AS ?n) { ?x a hrdd:Supply ; hrdd:hasBuyer ?buyer } GROUP BY ?buyer"
    )
    assert len(buyers) == 22
    assert result.saved
    assert b"RestrictedAccess" in (result.saved.parent / "catalog.ttl").read_bytes()


def test_tea_companies_disclose_or_do_not_and_the_row_for_all_is_none(load: Load) -> None:
    result = load("wikirate-supply-chains", "wikirate-supply-chains/tea_companies.json")
    assert len(result.outcomes) == 68
    assert result.counts["refused"] == 0
    assert answers(result, "SELECT (COUNT(?x) AS ?n) { ?x a hrdd:Communication }") == [("20",)], (
        "21 with the row for all"
    )
    assert answers(result, "SELECT (COUNT(?x) AS ?n) { ?x a hrdd:StatedAbsence }") == [("47",)]


# -- Modern Slavery Registry -------------------------------------------------------------------------------------------

REGISTRY = "modern-slavery-registry-uk"
REPEATED = {"NEW6145", "NEW6302", "NEW7787", "NEW9152", "NEW1544"}
MET = "hrdd:note 'Approved by the board: Yes', 'Signed by a director: Yes', 'Linked from the front page: {linked}'"


@pytest.fixture(scope="module")
def registry(load: Load, needs: Needs, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """Some of the firms, and then of the statements of the same import: those that point to them, and others."""
    needs(f"{EXTERNAL}/{REGISTRY}")
    folder = tmp_path_factory.mktemp("registry")

    def some(name: str, wanted: Callable[[int, dict[str, str]], bool]) -> list[dict[str, str]]:
        with (ROOT / EXTERNAL / REGISTRY / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for number, row in enumerate(csv.DictReader(stream)) if wanted(number, row)]
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return rows

    firms = {row["id"] for row in some("audit_companies_2020.csv", lambda n, row: n < 40 or row["id"] in REPEATED)}
    some("audit_statements_2020.csv", lambda n, row: row["company_id"] in firms or n < 60)
    files = [folder / "audit_companies_2020.csv", folder / "audit_statements_2020.csv"]
    first = load("modern-slavery-registry", files[0], issued="2020")
    return first, load("modern-slavery-registry", *files, issued="2020")


def test_a_number_that_two_firms_have_is_refused_and_leading_zeros_come_back(registry: tuple[Result, Result]) -> None:
    firms, _ = registry
    assert {o.key for o in firms.outcomes if o.state == "refused"} == REPEATED
    labels = answers(firms, "SELECT ?l ?n WHERE { ?firm hrdd:identifier ?n ; rdfs:label ?l }")
    numbers = {label: number for label, number in labels}  # noqa: C416 - which tells the types
    assert numbers["2 Moto Limited"] == "GB-COH:08231834"
    assert numbers["Dogs Trust"] == "GB-CHC:227523", "charities have a register of their own"


def test_statements_of_firms_that_the_file_does_not_have_are_refused_and_the_others_kept(
    registry: tuple[Result, Result],
) -> None:
    firms, statements = registry
    known = {o.key for o in firms.outcomes}
    refused = [o for o in statements.outcomes if o.state == "refused"]
    assert all("which nothing describes" in o.reasons[0].what for o in refused)
    assert {o.row for o in refused} == {o.row for o in statements.outcomes if o.key.rpartition(" ")[2] not in known}
    days = "SELECT ?n WHERE { ?s hrdd:note ?n FILTER ( STRSTARTS(?n, 'Seen') ) }"
    assert ("Seen on 2019-12-18",) in answers(statements, days), "day 43817 of a spreadsheet"


def test_what_the_act_asks_of_a_statement_is_told_one_by_one(load: Load, needs: Needs, tmp_path: Path) -> None:
    needs(f"{EXTERNAL}/{REGISTRY}")
    text = (ROOT / EXTERNAL / REGISTRY / "statements_2017.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "statements_2017.csv"
    path.write_text("".join(text.splitlines(keepends=True)[:151]), encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    result = load("modern-slavery-registry", path, issued="2017")
    assert result.counts["new"] == len(rows) == 150
    wanted = ("approved_by_board", "signed_by_director", "link_on_front_page")
    whole = sum(all(row[key] == "Yes" for key in wanted) for row in rows)
    met = f"SELECT ?s WHERE {{ ?s a hrdd:Communication ; {MET.format(linked='Yes')} }}"
    assert len(answers(result, met)) == whole
    broken = "SELECT (COUNT(?n) AS ?k) WHERE { ?n a hrdd:NonConformity ; hrdd:breaks ?act }"
    assert answers(result, broken) == [(str(sum(row[key] == "No" for row in rows for key in wanted)),)]
    assert answers(result, "SELECT ?x WHERE { ?x a hrdd:Abuse }") == []


# -- Land Matrix -------------------------------------------------------------------------------------------------------


def test_a_land_deal_is_a_place_with_its_investors_and_no_allegation(load: Load, needs: Needs, tmp_path: Path) -> None:
    needs(f"{EXTERNAL}/land-matrix")
    path = tmp_path / "deals_database.csv"
    lines = (ROOT / EXTERNAL / "land-matrix/deals_database.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:121]), encoding="utf-8")
    result = load("land-matrix", path, issued="2026-01-01")
    assert (result.counts["new"], result.counts["refused"]) == (120, 0)
    kinds = {kind.rpartition("#")[2] for (kind,) in answers(result, "SELECT DISTINCT ?k WHERE { ?x a ?k }")}
    assert not kinds & {"Abuse", "Risk", "Ownership", "Operation", "Complaint"}
    deal = "SELECT ?area ?l WHERE { ?f hrdd:concerns ?site ; hrdd:value ?area . ?t hrdd:linksTo ?site ; "
    deal += "hrdd:linksFrom ?i . ?i rdfs:label ?l . ?site rdfs:label 'Land deal 17 in Cambodia'@en }"
    assert sorted(answers(result, deal)) == [("6523", "Angkor Sugar Co. Ltd."), ("6523", "Mitr Phol Group")]


def test_an_entrepreneur_is_a_person_and_stays_unnamed(load: Load, needs: Needs, tmp_path: Path) -> None:
    needs(f"{EXTERNAL}/land-matrix")
    with (ROOT / EXTERNAL / "land-matrix/investors.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    people = [row for row in rows if row["Classification"] == "Individual entrepreneur"]
    assert len(rows) == 11971, "line breaks within quotes are no rows"
    assert len(people) == 466
    path = tmp_path / "investors.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows([*people[:30], *(row for row in rows[:40] if row not in people)])
    result = load("land-matrix", path, issued="2026-01-01")
    assert result.counts["refused"] == 0
    labels = {label for (label,) in answers(result, "SELECT ?l WHERE { ?p rdfs:label ?l }")}
    assert not labels & {row["Name"] for row in people}
    assert answers(result, "SELECT ?k WHERE { ?p rdfs:label 'Government of Bangladesh'@en ; a ?k } ORDER BY ?k")[
        -1
    ] == ("https://w3id.org/hrdd-graph/ontology#Organisation",), "which is no firm, whatever the list calls it"


# -- UN Transparency Protocol ------------------------------------------------------------------------------------------


def test_a_credential_is_a_claim_of_its_issuer_with_scope_and_validity_as_stated(load: Load) -> None:
    result = load("untp", "un-transparency-protocol/untp-dcc/untp-dcc-instance.json", issued="2025-11-13")
    assert [outcome.state for outcome in result.outcomes] == ["new"]
    said = "SELECT ?scheme ?start ?end ?site ?note WHERE { ?c a hrdd:Certification ; hrdd:commitsTo ?s ; "
    said += "hrdd:start ?start ;"
    said += " hrdd:end ?end ; hrdd:coversSite ?f ; hrdd:note ?note . ?s rdfs:label ?scheme . ?f rdfs:label ?site }"
    note = "A claim of the issuer; the proof was not checked."
    assert answers(result, said) == [
        ("Sample ESG Standard", "2024-03-15", "2034-03-15", "Greenacres battery factory", note)
    ]
