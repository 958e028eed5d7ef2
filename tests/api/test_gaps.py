"""The gaps over HTTP: true findings, filters, one finding explained, every format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import httpx
import pytest

from hrdd_graph.gaps.facets import FACETS
from hrdd_graph.gaps.receipt import ask, receipt_of
from hrdd_graph.report import formats, writer
from hrdd_graph.report._document import run_document
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import open_view

YANACOCHA = "https://w3id.org/hrdd-graph/id/organisation/mineria-yanacocha"


def test_the_document_is_the_librarys(program: httpx.Client, resources: Resources, store: EmbeddedStore) -> None:
    asked = {"sort": ["severity"]}
    run = ask(open_view(store), read_rules(resources), asked)
    run = replace(run, receipt=receipt_of(run, asked))
    assert program.get("/gaps").json() == json.loads(json.dumps(run_document(run)))


def test_yanacochas_certificate_meets_abuses_without_remedy(program: httpx.Client) -> None:
    document = program.get("/gaps", params={"rule": "certified-open-abuse"}).json()
    about = [finding for finding in document["findings"] if finding["focus"]["iri"] == YANACOCHA]
    assert about
    for finding in about:
        assert finding["severity"] == "high"
        assert any("Box 2" in place["locator"] for place in finding["sources"])
    timing = {finding["bindings"]["value"][0]["id"]: finding["bindings"]["timing"][0]["id"] for finding in about}
    assert timing["id:abuse/yanacocha-mercury-spill"] == "hrdd:BeganBefore"
    assert timing["id:abuse/yanacocha-totoracocha-force"] == "hrdd:BeganBefore"


def test_before_the_certificate_there_was_no_gap_and_no_clearance(program: httpx.Client) -> None:
    document = program.get("/gaps", params={"rule": "certified-open-abuse", "as_of": "2007-12-31"}).json()
    assert document["findings"] == []
    assert "no clearance" in document["note"]
    assert document["run"]["asOf"] == "2007-12-31"


def test_before_the_first_source_nothing_was_known(program: httpx.Client) -> None:
    document = program.get("/gaps", params={"known_on": "1990-01-01"}).json()
    assert document["findings"] == []
    assert document["run"]["graphs"] == []


def test_filters_take_away_and_never_change(program: httpx.Client) -> None:
    everything = program.get("/gaps").json()["findings"]
    high = program.get("/gaps?severity=high").json()["findings"]
    assert high == [finding for finding in everything if finding["severity"] == "high"]
    for name in ("organisation/mineria-yanacocha", "id:organisation/mineria-yanacocha", YANACOCHA):
        focused = program.get("/gaps", params={"focus": name}).json()["findings"]
        assert focused == [finding for finding in everything if finding["focus"]["iri"] == YANACOCHA]
    rules = ["certified-open-abuse", "no-consultation"]
    chosen = program.get("/gaps", params={"rule": rules}).json()["findings"]
    assert chosen == [finding for finding in everything if finding["rule"] in rules]


def test_a_filter_form_sent_empty_filters_nothing(program: httpx.Client) -> None:
    empty = program.get("/gaps?rule=&severity=&as_of=&known_on=&focus=").json()
    assert empty["findings"] == program.get("/gaps").json()["findings"]


@pytest.mark.parametrize("name", [name for name in formats() if name != "html"])
def test_every_report_format_is_served(program: httpx.Client, name: str) -> None:
    suffix = "txt" if name == "table" else name
    answer = program.get(f"/gaps.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == writer(name).MEDIA_TYPE
    assert answer.content == program.get("/gaps", params={"format": name}).content


def test_sheets_hold_every_finding(program: httpx.Client) -> None:
    findings = program.get("/gaps").json()["findings"]
    rows = [row for row in csv.reader(io.StringIO(program.get("/gaps.csv").text)) if not row[0].startswith("#")]
    assert len(rows) == 1 + len(findings)
    assert {row[-1] for row in rows[1:]} == {finding["finding"] for finding in findings}
    book = program.get("/gaps.xlsx")
    assert zipfile.ZipFile(io.BytesIO(book.content)).testzip() is None


def test_a_finding_answers_at_its_address_with_facts_sources_and_receipt(
    program: httpx.Client, finding_path: str
) -> None:
    finding = program.get(finding_path).json()
    assert finding["finding"] == "https://w3id.org/hrdd-graph" + finding_path.replace("/gaps/", "/finding/")
    assert finding["sources"]
    assert all(place["locator"] for place in finding["sources"])
    assert {provision["id"] for provision in finding["provisions"]} >= {"ungp:22"}
    assert finding["advice"]
    assert finding["settledBy"]
    assert finding["run"]["graphDigest"].startswith("sha256:")
    assert finding["run"]["rules"] == [{"rule": "certified-open-abuse", "version": finding["ruleVersion"]}]


def test_the_findings_iri_leads_to_its_explanation(program: httpx.Client, finding_path: str) -> None:
    address = finding_path.replace("/gaps/", "/finding/")
    moved = program.get(address)
    assert moved.status_code == 303
    assert moved.headers["location"] == finding_path
    assert program.get(f"{address}.ttl?as_of=2020-01-01").headers["location"] == f"{finding_path}.ttl?as_of=2020-01-01"


def test_a_finding_that_does_not_stand_on_a_day_is_not_found_and_not_cleared(
    program: httpx.Client, finding_path: str
) -> None:
    gone = program.get(finding_path, params={"as_of": "2007-12-31"})
    assert gone.status_code == 404
    assert "no clearance" in gone.json()["detail"]


def test_the_page_of_a_finding_says_all_that_an_auditor_needs(browser: httpx.Client, finding_path: str) -> None:
    page = browser.get(finding_path).text
    for heading in (
        "Facts",
        "Where this is stated",
        "Why it is a gap",
        "What to do",
        "What would settle it",
        "Receipt",
    ):
        assert f">{heading}</h2>" in page
    assert "Box 2" in page
    assert "sha256:" in page
    assert 'class="severity high"' in page


def test_a_rules_address_leads_to_its_description_with_the_query_that_it_becomes(program: httpx.Client) -> None:
    moved = program.get("/gap/certified-open-abuse")
    assert (moved.status_code, moved.headers["location"]) == (303, "/rules/certified-open-abuse")
    rule = program.get("/rules/certified-open-abuse").json()
    assert rule["severity"] == "high"
    assert program.get("/rules/certified-open-abuse.rq").text == rule["query"]
    rows = program.post("/sparql", data={"query": rule["query"]}).json()["results"]["bindings"]
    assert {row["this"]["value"] for row in rows} == {YANACOCHA}


def test_a_rules_turtle_is_its_file(program: httpx.Client, resources: Resources) -> None:
    file = resources.shapes / "gaps" / "certified-open-abuse.ttl"
    assert program.get("/rules/certified-open-abuse.ttl").content == file.read_bytes()


def test_every_rule_file_has_an_address(program: httpx.Client, resources: Resources) -> None:
    listed = {rule["rule"] for rule in program.get("/rules").json()["rules"]}
    assert listed == {path.stem for path in (resources.shapes / "gaps").glob("*.ttl")}
    for name in listed:
        assert program.get(f"/rules/{name}").status_code == 200


# -- filters, order, explanations ------------------------------------------------------------------------------------


def test_facets_take_away_and_never_change(program: httpx.Client) -> None:
    everything = {f["finding"]: f for f in program.get("/gaps").json()["findings"]}
    examples = {name: facet.example for name, facet in FACETS.items()}
    for name, example in examples.items():
        kept = program.get("/gaps", params={name: example}).json()["findings"]
        assert 0 < len(kept) <= len(everything), name
        assert all(everything[f["finding"]] == f for f in kept), name
    assert program.get("/gaps", params=dict.fromkeys(examples, "")).json()["findings"] == list(everything.values())


def test_every_facet_is_a_documented_parameter(program: httpx.Client) -> None:
    parameters = program.get("/openapi.json").json()["paths"]["/gaps"]["get"]["parameters"]
    told = {p["name"]: p.get("description") or p["schema"].get("description") for p in parameters}
    for name, facet in FACETS.items():
        assert told[name] == facet.summary
    assert {"sort", "weights", "as_of", "known_on"} <= told.keys()


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("country=Perru", "country", "Did you mean country:PE?"),
        ("right=99", "right", ""),
        ("source=%22%3E%20%7D", "source", ""),
        ("weights=scope%3Dmany", "weights", "Write scope=2."),
        ("sort=size", "sort", "Choose severity or salience."),
        ("severity=hihg", "severity", "Did you mean high?"),
    ],
)
def test_a_wrong_filter_is_a_problem_with_a_fix(program: httpx.Client, query: str, parameter: str, words: str) -> None:
    answer = program.get(f"/gaps?{query}")
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["problems"][0]["parameter"] == parameter
    assert words in problem["fix"]
    assert problem["fix"]


def test_gravest_impacts_come_first_on_the_page_and_for_programs(program: httpx.Client, browser: httpx.Client) -> None:
    found = program.get("/gaps?sort=salience&weights=irremediability%3D3").json()
    ranks = [f["salience"]["rank"] for f in found["findings"] if f["salience"]]
    assert ranks == sorted(ranks)
    assert found["run"]["weights"] == "scale=1,scope=1,irremediability=3"
    assert found["findings"] != program.get("/gaps").json()["findings"]
    page = browser.get("/gaps?sort=salience").text
    assert "not enough evidence" in page
    assert "The weighted mean of 1 × scale, 1 × scope, 1 × irremediability" in page


def test_a_finding_shows_the_statements_it_stands_on(
    program: httpx.Client, browser: httpx.Client, finding_path: str
) -> None:
    explained = program.get(finding_path).json()["explanation"]
    assert explained["conditions"][0]["condition"].startswith("A certificate that stood on the day")
    assert all(s["statedIn"][0]["locator"] for s in explained["conditions"][0]["statements"])
    assert explained["weakest"] == explained["evidence"][0]
    page = browser.get(finding_path).text
    for heading in ("How the conditions are met", "Weakest evidence first", "How grave it is"):
        assert f">{heading}</h2>" in page


def test_why_not_over_http(program: httpx.Client, browser: httpx.Client) -> None:
    path = "/rules/certified-open-abuse/explain"
    asked = {"focus": "organisation/mineria-yanacocha", "as_of": "2007-12-31"}
    answer = program.get(path, params=asked).json()
    assert answer["isTarget"]
    assert answer["finds"] == []
    assert answer["conditions"][0]["nearest"][0]["certifiedBy"]["value"] == "2008-12-31"
    assert "Does not hold" in browser.get(path, params=asked).text
    assert "<form" in browser.get(path).text
    assert program.get(path).status_code == 422
    assert program.get(path, params={"focus": "organisation/nobody"}).status_code == 422
    assert program.get("/rules/certified/explain?focus=organisation/newmont").status_code == 404
    other = program.get(path, params={"focus": "cluster/yanacocha-mining"}).json()
    assert not other["isTarget"]
    assert "does not look at" in other["inWords"]
