"""Templates over HTTP: one file, one address, typed parameters, labels beside addresses."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import httpx
import pytest

from hrdd_graph.answers._findings import Findings
from hrdd_graph.labels import Labels
from hrdd_graph.resources import Resources
from hrdd_graph.store import Rows
from hrdd_graph.templates import read_templates
from hrdd_graph.view import View

from hrdd_api.answers import row_documents, shown_variables  # isort: skip


def test_every_file_has_an_address_an_operation_and_its_text(program: httpx.Client, resources: Resources) -> None:
    listed = {query["name"]: query for query in program.get("/queries").json()["queries"]}
    assert set(listed) == {path.stem for path in resources.queries.glob("*.rq")}
    operations = program.get("/openapi.json").json()["paths"]
    for template in read_templates(resources):
        assert program.get(f"/queries/{template.name}.rq").content == template.path.read_bytes()
        described = {p["name"]: p for p in operations[f"/queries/{template.name}"]["get"]["parameters"]}
        for parameter in template.parameters:
            assert described[parameter.name]["description"] == parameter.summary


def test_each_template_answers_its_example(program: httpx.Client, resources: Resources) -> None:
    for template in read_templates(resources):
        given = {p.name: p.example for p in template.parameters if p.example and p.required}
        answer = program.get(f"/queries/{template.name}", params=given)
        assert answer.status_code == 200, (template.name, answer.text)
        if template.form == "SELECT":
            document = answer.json()
            assert document["rows"], template.name
            assert document["meta"]["count"] == len(document["rows"])
            assert document["meta"]["graphDigest"].startswith("sha256:")
            assert document["meta"]["licences"]


def test_rows_hold_addresses_with_labels(program: httpx.Client) -> None:
    rows = program.get("/queries/abuses-of-organisation?organisation=organisation/mineria-yanacocha").json()["rows"]
    spill = next(row for row in rows if row["abuse"]["id"] == "id:abuse/yanacocha-mercury-spill")
    assert spill["abuse"]["label"] == "Serious mercury spill in the Yanacocha mining cluster"
    assert spill["mode"]["id"] == "hrdd:Caused"
    assert spill["locator"]["value"].startswith("Box 2")


def test_the_standard_formats_agree(program: httpx.Client) -> None:
    path, params = "/queries/abuses-by-right", {"right": "udhr:23"}
    rows = program.get(path, params=params).json()["rows"]
    results = program.get(path, params=params, headers={"Accept": "application/sparql-results+json"}).json()
    sheet = program.get(f"{path}.csv", params=params).text
    table = [row for row in csv.DictReader(io.StringIO(sheet)) if row["abuse"]]
    tabs = [line for line in program.get(f"{path}.tsv", params=params).text.splitlines() if not line.startswith("#")]
    xml = program.get(f"{path}.xml", params=params)
    assert xml.headers["content-type"] == "application/sparql-results+xml"
    assert len(rows) == len(results["results"]["bindings"]) == len(table) == len(tabs) - 1 == xml.text.count("<result>")
    assert [row["abuse"] for row in table] == [row["abuse"]["iri"] for row in rows]
    assert table[0]["abuseLabel"] == rows[0]["abuse"]["label"]


def test_a_graph_template_answers_with_a_graph(program: httpx.Client) -> None:
    path = "/queries/record-with-evidence?record=abuse/yanacocha-totoracocha-force"
    for accept in ("text/turtle", "application/ld+json", "application/n-triples"):
        answer = program.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == accept
        assert "yanacocha-totoracocha-force" in answer.text
    assert program.get(path, headers={"Accept": "text/csv"}).status_code == 406


def test_without_its_parameter_a_browser_gets_a_form_and_a_program_an_explanation(
    browser: httpx.Client, program: httpx.Client
) -> None:
    for path in ("/queries/abuses-of-organisation", "/queries/abuses-of-organisation?organisation="):
        page = browser.get(path)
        assert page.status_code == 200
        assert 'name="organisation"' in page.text
        assert "Fill in the form" in page.text
        refused = program.get(path)
        assert refused.status_code == 422
        assert refused.json()["problems"][0]["parameter"] == "organisation"
        assert "is required" in refused.json()["detail"]


def test_a_wrong_value_comes_back_with_the_form(browser: httpx.Client) -> None:
    page = browser.get("/queries/certificates-and-open-abuses?day=yesterday")
    assert page.status_code == 422
    assert "is not a day" in page.text
    assert 'value="yesterday"' in page.text


def test_concepts_are_chosen_from_the_graph(browser: httpx.Client) -> None:
    page = browser.get("/queries/risks-by-cluster").text
    assert '<option value="https://w3id.org/hrdd-graph/id/cluster/mae-sot-garment">' in page


def test_the_day_of_the_view_is_the_default_day(program: httpx.Client) -> None:
    before = program.get("/queries/certificates-and-open-abuses?as_of=2007-12-31").json()
    assert before["rows"] == []
    assert "no clearance" in before["note"]
    assert program.get("/queries/certificates-and-open-abuses").json()["rows"]
    explicit = program.get("/queries/certificates-and-open-abuses?day=2007-12-31").json()
    assert explicit["rows"] == []


def test_an_unknown_parameter_is_refused_with_the_near_miss(program: httpx.Client) -> None:
    refused = program.get("/queries/abuses-by-right?rigth=udhr:23")
    assert refused.status_code == 422
    assert "Did you mean right?" in refused.text


def test_an_unknown_template_is_not_found_with_the_near_miss(program: httpx.Client) -> None:
    refused = program.get("/queries/abuses-by-rigth")
    assert refused.status_code == 404
    assert "abuses-by-right" in refused.json()["fix"]


@pytest.mark.parametrize(
    ("variables", "shown"),
    [(("x", "xLabel"), ["x"]), (("xLabel",), ["xLabel"]), (("Label", "a"), ["Label", "a"])],
)
def test_a_label_column_goes_where_its_address_is(variables: tuple[str, ...], shown: list[str]) -> None:
    assert shown_variables(variables) == shown
    assert row_documents(Rows(variables, ()), Labels()) == []


def test_rows_are_the_templates_own(
    program: httpx.Client, resources: Resources, view: View, findings: Findings
) -> None:
    """What HTTP answers is what the bound query gives on the same view."""
    for template in read_templates(resources):
        if template.form != "SELECT":
            continue
        given = {p.name: [p.example] for p in template.parameters if p.example and p.required}
        expected = view.select(template.bind(given, today=view.as_of, findings=findings.solutions(template)))
        text = program.get(f"/queries/{template.name}.csv?as_of={view.as_of}&{urlencode(given, doseq=True)}").text
        lines = [line for line in csv.reader(io.StringIO(text)) if not line[0].startswith("# ")]
        assert len(lines) == 1 + len(expected.rows)
