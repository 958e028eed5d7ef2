"""Templates over findings: the same findings as the list of gaps narrowed down, on the same view, with a receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hrdd_graph.answers._answer import answer_template
from hrdd_graph.answers._findings import Findings, find
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.counts import Counts, counts_of
from hrdd_graph.namespaces import HRDD
from hrdd_graph.replay import replay
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.store import Rows
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import Template, read_template, read_templates
from hrdd_graph.terms import sparql_text
from hrdd_graph.view import View, open_view
from tests.conftest import Hrdd

TEMPLATES = {t.name: t for t in read_templates(open_resources(Path(__file__).resolve().parent.parent))}
OVER_FINDINGS = [template for template in TEMPLATES.values() if template.over == "findings"]
FACETS = {"gaps-by-firm": "party"}  # the others are called as their facet


@pytest.fixture(scope="module")
def counts(findings: Findings) -> Counts:
    return counts_of(findings.run)


def pairs(rows: Rows) -> Mapping[str, set[str]]:
    """For each value of the first column the findings beside it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows.dicts():
        found[row[rows.variables[0]].value].add(row["finding"].value)
    return found


@pytest.mark.parametrize("template", OVER_FINDINGS, ids=lambda t: t.name)
def test_each_has_the_findings_that_the_list_of_gaps_has_for_each_value(
    view: View, findings: Findings, counts: Counts, template: Template
) -> None:
    found = pairs(view.select(template.bind({}, today=view.as_of, findings=findings.solutions(template))))
    facet = FACETS.get(template.name, template.name.removeprefix("gaps-by-"))
    expected: dict[str, set[str]] = defaultdict(set)
    for finding, values in counts.ties[facet].items():
        for value in values:
            expected[value].add(finding)
    if template.name == "gaps-by-firm":  # the facet has every party
        firms = view.rows(f"SELECT ?firm WHERE {{ ?firm a {sparql_text(HRDD.Firm)} }}")
        expected = {value: expected[value] for row in firms if row[0] and (value := row[0].value) in expected}
    assert found == expected
    assert found


def test_the_gaps_are_those_of_the_day_and_of_the_state_of_knowledge(
    store: EmbeddedStore, resources: Resources
) -> None:
    template, known = TEMPLATES["gaps-by-country"], set()
    for view in (
        open_view(store, as_of=date(2026, 11, 20)),
        open_view(store, as_of=date(2007, 12, 31)),
        open_view(store, as_of=date(2026, 11, 20), known_on=date(2012, 1, 1)),
    ):
        found = find(resources, view, "en")
        answer = answer_template(view, template, {}, find=lambda *_, found=found: found)
        rows = pairs(answer.rows)
        assert set().union(*rows.values()) <= {finding.iri for finding in found.run.findings}
        known.add(frozenset(set().union(*rows.values())))
    assert len(known) == 3


def test_a_receipt_tells_of_the_rules_and_is_asked_again(
    store: EmbeddedStore, resources: Resources, view: View, findings: Findings
) -> None:
    values = {"country": ["country:PE"]}
    answer = answer_template(view, TEMPLATES["gaps-by-country"], values, find=lambda *_: findings)
    assert answer.receipt.rules == findings.versions
    assert answer.receipt.weakest.startswith("Alleged")  # of the records behind the findings
    again = replay(resources, store, answer.receipt)
    assert again.same
    assert again.changes == ()
    older = replay(
        resources, store, replace(answer.receipt, rules={**answer.receipt.rules, "certified-open-abuse": "0.9.0"})
    )
    assert older.changes == (
        f"the rule certified-open-abuse was 0.9.0 and is {findings.versions['certified-open-abuse']}",
    )


def test_findings_rules_and_severities_are_named(view: View, findings: Findings) -> None:
    values = {"firm": ["organisation/mineria-yanacocha"], "rule": ["gap:certified-open-abuse"]}
    answer = answer_template(view, TEMPLATES["gaps-by-firm"], values, find=lambda *_: findings)
    assert answer.rows.rows
    row = answer.rows.dicts()[0]
    assert answer.labels(row["rule"]) == "Certified, with an open abuse"
    assert answer.labels(row["severity"]) in ("high", "medium", "low")
    assert "Minería Yanacocha" in answer.labels(row["finding"])


def test_a_wrong_value_is_refused_before_any_rule_is_asked(view: View) -> None:
    def never(*_: object) -> Findings:
        raise AssertionError

    with pytest.raises(UnusableInput):
        answer_template(view, TEMPLATES["gaps-by-country"], {"country": ["no address"]}, find=never)


def written(folder: Path, over: str, body: str) -> Template:
    path = folder / "made-up.rq"
    path.write_text(
        f"#+ summary: Made up\n#+ over: {over}\n#+ order: [finding]\nSELECT ?finding ?thing WHERE {{ {body} }}\n",
        encoding="utf-8",
    )
    return read_template(path)


def test_what_is_not_bound_in_the_findings_stays_open_and_the_rest_is_joined(
    view: View, findings: Findings, tmp_path: Path
) -> None:
    group = "GRAPH graph:findings { ?finding a hrdd:GapFinding OPTIONAL { ?finding sh:value ?thing } }"
    template = written(tmp_path, "findings", f"?thing a hrdd:Abuse . {group}")
    answer = answer_template(view, template, {}, find=lambda *_: findings)
    abuses = {row[0] for row in view.rows(f"SELECT ?abuse WHERE {{ ?abuse a {sparql_text(HRDD.Abuse)} }}")}
    values = {(f.iri, v) for f in findings.run.findings for v in f.bindings.get("value", abuses)}
    found = {(row["finding"].value, row["thing"]) for row in answer.rows.dicts()}
    assert found == {(iri, value) for iri, value in values if value in abuses}


@pytest.mark.parametrize(
    ("over", "body", "says"),
    [
        ("view", "GRAPH graph:findings { ?finding sh:value ?thing }", "does not ask for the findings"),
        ("findings", "?finding sh:value ?thing", "does not ask for the findings"),
        ("everything", "?finding sh:value ?thing", "is none of view, findings"),
    ],
)
def test_a_template_says_what_it_is_over(tmp_path: Path, over: str, body: str, says: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        written(tmp_path, over, body)
    assert says in str(caught.value)


def test_the_command_line_answers_it_too(hrdd: Hrdd) -> None:
    done = hrdd("query", "gaps-by-cluster", "--param", "cluster=cluster/yanacocha-mining", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "certified-open-abuse" in done.stdout
