"""Filters keep what they say they keep, and ask the graph once for all findings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.facets import FACETS, at_or_above, choose, narrowed
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.store import Answer, Scope, Store
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

RULES = ("certified-open-abuse", "harm-without-party", "owner-linked-open-abuse", "buyer-without-sites")


@pytest.fixture(scope="module")
def run(view: View, resources: Resources) -> Run:
    return run_rules(view, [rule for rule in read_rules(resources) if rule.name in RULES])


def kept(run: Run, **asked: str | list[str]) -> Run:
    given = {name: [value] if isinstance(value, str) else value for name, value in asked.items()}
    return narrowed(run, choose(run.view, given))


def ways(view: View, start: Iri, *properties: str) -> set[str]:
    """Everything that is reached from a node over any number of these properties: the slow way round, step by step."""
    reached, todo = {start.value}, [start]
    while todo:
        node = todo.pop()
        for name in properties:
            for (target,) in view.select(f"SELECT ?o WHERE {{ {node} <{name}> ?o }}").rows:
                if isinstance(target, Iri) and target.value not in reached:
                    reached.add(target.value)
                    todo.append(target)
    return reached


def hrdd(name: str) -> str:
    return PREFIXES["hrdd"] + name


def test_an_article_covers_its_paragraphs_and_a_paragraph_not_its_article(run: Run) -> None:
    article, paragraph = kept(run, right="25"), kept(run, right="25.1")
    assert paragraph.findings
    assert {f.iri for f in paragraph.findings} < {f.iri for f in article.findings}
    for finding in article.findings:
        rights = [PREFIXES["udhr"] + number for number in ("25", "25.1", "25.2")]
        asked = " ".join(f"<{right}>" for right in rights)
        terms = " ".join(str(term) for term in finding.terms() if isinstance(term, Iri))
        assert run.view.ask(
            f"ASK {{ VALUES ?t {{ {terms} }} VALUES ?r {{ {asked} }} ?t <{hrdd('infringes')}> ?r }}"
        ) or set(rights) & set(finding.rule.provisions)


def test_a_country_holds_exactly_what_lies_in_it(run: Run) -> None:
    peru = PREFIXES["country"] + "PE"
    places = [hrdd(name) for name in ("occurredIn", "locatedIn", "operatesIn", "hasJurisdiction")]
    expected = [
        finding.iri
        for finding in run.findings
        if any(peru in ways(run.view, term, *places) for term in finding.terms() if isinstance(term, Iri))
    ]
    assert expected
    assert [finding.iri for finding in kept(run, country="PE").findings] == expected


def test_a_topic_takes_in_narrower_ones(run: Run) -> None:
    wide, narrow = kept(run, topic="environment"), kept(run, topic="water-pollution")
    assert {finding.iri for finding in narrow.findings} <= {finding.iri for finding in wide.findings}
    assert any(finding.impact.endswith("yanacocha-mercury-spill") for finding in narrow.findings)
    assert len(narrow.findings) < len(run.findings)


def test_a_principle_keeps_the_rules_that_rest_on_it_or_a_part(run: Run) -> None:
    for number, parts in (("22", {"22"}), ("13", {"13", "13.a", "13.b"})):
        wanted = {PREFIXES["ungp"] + part for part in parts}
        expected = [finding.iri for finding in run.findings if wanted & set(finding.rule.provisions)]
        assert expected
        assert [finding.iri for finding in kept(run, principle=number).findings] == expected


def test_a_law_keeps_what_its_duties_are_about(run: Run) -> None:
    law = f"<{PREFIXES['regime']}norway-transparency-act>"
    rows = run.view.select(
        f"SELECT ?p WHERE {{ ?d <{hrdd('isProvisionOf')}> {law} ; <{hrdd('implementsPrinciple')}> ?p }}"
    ).rows
    principles = {str(row[0]) for row in rows}
    expected = [
        f.iri
        for f in run.findings
        if any(
            {f"<{p}>" for p in ways(run.view, Iri(iri), hrdd("isPartOfProvision"))} & principles
            for iri in f.rule.provisions
        )
    ]
    assert expected
    assert [f.iri for f in kept(run, regime="norway-transparency-act").findings] == expected


def test_a_source_keeps_what_it_grounds(run: Run) -> None:
    nieri = PREFIXES["id"] + "source/nieri-2016"
    expected = [f.iri for f in run.findings if nieri in {place.source for place in run.sources(f)}]
    assert 0 < len(expected) < len(run.findings)
    assert [f.iri for f in kept(run, source="nieri-2016").findings] == expected


def test_values_are_alternatives_and_filters_are_all_met(run: Run) -> None:
    peru = {f.iri for f in kept(run, country="PE").findings}
    brazil = {f.iri for f in kept(run, country="BR").findings}
    assert {f.iri for f in kept(run, country=["PE", "BR"]).findings} == peru | brazil
    rule22 = {f.iri for f in kept(run, principle="22").findings}
    assert {f.iri for f in kept(run, principle="22", country="PE").findings} == peru & rule22


def test_a_value_may_be_written_in_any_of_its_names(run: Run) -> None:
    names = ("PE", "pe", "Peru", "country:PE", "country/PE", PREFIXES["country"] + "PE", " PE ")
    assert {choose(run.view, {"country": [name]})["country"] for name in names} == {(Iri(PREFIXES["country"] + "PE"),)}
    assert choose(run.view, {"country": ["", " "], "topic": []}) == {}


@pytest.mark.parametrize("name", FACETS)
def test_the_example_of_a_facet_is_one_of_its_values(run: Run, name: str) -> None:
    assert len(choose(run.view, {name: [FACETS[name].example]})[name]) == 1


@pytest.mark.parametrize("name", FACETS)
@pytest.mark.parametrize("text", ["zzzz", "> } UNION { ?s ?p ?o", "https://example.org/", '"', "x" * 3000, "\x00"])
def test_a_value_that_is_not_there_is_told(run: Run, name: str, text: str) -> None:
    with pytest.raises(UnusableInput) as told:
        choose(run.view, {name: [text]})
    (problem,) = told.value.problems
    assert problem.where == f"--{name}"
    assert f"is no {name} of this view" in problem.what
    assert problem.fix


def test_a_mistyped_value_is_answered_with_what_was_meant(run: Run) -> None:
    for name, wrong, meant in (
        ("country", "Perru", "country:PE"),
        ("source", "neiri-2016", "id:source/nieri-2016"),
        ("right", "23.44", "udhr:23.4"),
    ):
        with pytest.raises(UnusableInput, match="Did you mean") as told:
            choose(run.view, {name: [wrong]})
        assert meant in str(told.value)


def test_severity_is_the_findings_own(run: Run) -> None:
    raised = [f for f in run.findings if f.severity_reason]
    assert raised
    assert any(f.rule.severity == "medium" and f.severity == "high" for f in raised)
    assert {f.iri for f in at_or_above(run, "high").findings} == {f.iri for f in run.findings if f.severity == "high"}
    assert at_or_above(run, None) is run


@dataclass
class Counting:
    """A store that counts what it is asked."""

    inner: Store
    name: str = "counting"
    asked: list[str] = field(default_factory=list)

    def query(self, text: str, scope: Scope) -> Answer:
        self.asked.append(text)
        return self.inner.query(text, scope)


@pytest.mark.parametrize("name", FACETS)
def test_one_query_answers_for_all_findings(run: Run, name: str) -> None:
    counting = Counting(run.view.store)
    counted = replace(run, view=replace(run.view, store=counting))
    chosen = choose(run.view, {name: [FACETS[name].example]})
    narrowed(counted, chosen)
    assert len(counting.asked) <= 2  # of the things and of the rules' provisions, never one for each finding
