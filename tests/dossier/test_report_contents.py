"""What an audit file says, and what it takes care not to say."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from hrdd_graph.dossier.ask import Question, report_on
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.wording import runs
from hrdd_graph.dossier.writers.html import page_of
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.receipt import ask, receipt_of
from hrdd_graph.gaps.run import Run
from hrdd_graph.namespaces import HRDD
from hrdd_graph.receipts import read_receipt
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.speech import languages
from hrdd_graph.view import View

CLUSTER = "https://w3id.org/hrdd-graph/id/cluster/"
ABUSE = "https://w3id.org/hrdd-graph/id/abuse/"


@pytest.fixture(scope="module")
def sialkot(question: Question) -> Dossier:
    return report_on(question, "cluster", "sialkot-football")


def test_what_is_said_of_a_cluster_is_not_in_the_file_of_a_firm_in_it(yanacocha: Dossier) -> None:
    """The killing of an environmentalist is laid to nobody; the firm's file must not carry it."""
    about = {entry.focus.iri for entry in yanacocha.entries} | {record.thing.iri for record in yanacocha.register}
    assert f"{ABUSE}yanacocha-opponent-killing" not in about
    assert f"{CLUSTER}yanacocha-mining" not in {entry.focus.iri for entry in yanacocha.entries if entry.own}
    assert yanacocha.beyond > 0


def test_findings_about_owners_are_kept_apart_and_bear_on_no_duty_of_the_firm(yanacocha: Dossier) -> None:
    owners = [entry for entry in yanacocha.entries if entry.rule == "owner-linked-open-abuse"]
    assert owners
    assert not any(entry.own for entry in owners)
    assert min(entry.number for entry in owners) > max(entry.number for entry in yanacocha.entries if entry.own)
    bearing = {number for norm in yanacocha.norms for duty in norm.duties for number in duty.findings}
    assert bearing.isdisjoint(entry.number for entry in owners)


def test_an_allegation_stands_apart_from_what_is_documented(yanacocha: Dossier) -> None:
    unpaid = next(record for record in yanacocha.register if record.thing.iri == f"{ABUSE}yanacocha-unpaid-work")
    assert unpaid.status.label == "Alleged"
    entry = next(entry for entry in yanacocha.entries if unpaid in entry.records and len(entry.records) > 1)
    assert entry.weakest == unpaid


def test_a_curators_reading_of_who_did_it_is_shown_with_its_reason(yanacocha: Dossier) -> None:
    spill = next(record for record in yanacocha.register if record.thing.iri == f"{ABUSE}yanacocha-mercury-spill")
    (part,) = spill.parts
    assert part.basis.label == "Curated"
    assert "names nobody" in part.rationale
    assert "names nobody" in page_of(yanacocha)


def test_a_firm_that_nobody_asked_about_is_not_clear(yanacocha: Dossier) -> None:
    states = {looked.kind.iri.rpartition("#")[2]: looked.state for looked in yanacocha.looked}
    assert states["Statement"] == "silent"
    assert states["Consultation"] == "stated absent"
    assert states["PolicyCommitment"] == "nobody looked"
    assert "no clearance" in page_of(yanacocha)


def test_a_firm_of_which_nothing_is_found_is_not_called_clear(question: Question) -> None:
    named = {term for finding in question.whole().findings for term in finding.terms()}
    rows = question.view.select(f"SELECT ?party WHERE {{ ?party a {HRDD.NamedParty} , {HRDD.Firm} }} ORDER BY ?party")
    party = next(row[0] for row in rows.rows if row[0] is not None and row[0] not in named)
    empty = report_on(question, "firm", party.value)
    assert not empty.entries
    assert "Nothing found in this view. That is no clearance" in page_of(empty)


def test_the_severity_of_an_impact_comes_before_its_likelihood(yanacocha: Dossier) -> None:
    ranks = [salience.rank for _, salience, _ in yanacocha.impacts]
    assert ranks == sorted(ranks)
    assert "not enough evidence" in page_of(yanacocha)


def test_each_law_in_the_ontology_has_its_section(yanacocha: Dossier, resources: Resources) -> None:
    laws = {norm.instrument.iri.rpartition("/")[2] for norm in yanacocha.norms if norm.law}
    assert laws == {path.stem for path in (resources.ontology / "regimes").glob("*.ttl")}
    soft = [norm for norm in yanacocha.norms if not norm.law]
    assert [len(norm.duties) for norm in soft] == [14, 6]  # UN Guiding Principles 11 to 24, and six steps
    assert all(norm.duties for norm in yanacocha.norms)


def test_a_step_that_no_record_speaks_to_is_said_to_be_so(yanacocha: Dossier) -> None:
    silent = [duty for norm in yanacocha.norms for duty in norm.duties if not duty.records]
    assert silent
    assert "no record speaks to it" in page_of(yanacocha)


def test_the_file_about_a_law_holds_that_law_alone(question: Question) -> None:
    norway = report_on(question, "regime", "norway-transparency-act")
    assert [norm.instrument.label for norm in norway.norms if norm.law] == ["Norwegian Transparency Act"]
    assert norway.entries


def test_a_cluster_s_file_has_its_replies_and_contradictions(sialkot: Dossier) -> None:
    assert sialkot.replies
    assert sialkot.disputes
    assert all(entry.own for entry in sialkot.entries)


def test_the_receipt_asks_for_the_same_findings_again(
    yanacocha: Dossier, view: View, resources: Resources, whole: Run
) -> None:
    receipt = read_receipt(yanacocha.receipt)
    run = ask(view, read_rules(resources), receipt.parameters, evaluate=lambda *_: whole)
    again = receipt_of(run, receipt.parameters)
    assert again.rows == receipt.rows == len(yanacocha.entries)
    assert again.result == receipt.result


def test_a_party_that_a_source_does_not_name_is_said_not_to_be_named(question: Question) -> None:
    police = report_on(question, "firm", "organisation/yanacocha-police-forces")
    assert police.unnamed
    assert "said of no named firm" in page_of(police)


@pytest.mark.parametrize(
    ("kind", "text", "hint"),
    [
        ("firm", "organisation/mineria-yanacoca", "mineria-yanacocha"),
        ("firm", "cluster/yanacocha-mining", "--firm"),
        ("country", "Peruu", "country:PE"),
        ("regime", "csddd", "regime:"),
        ("cluster", " ", "names nothing"),
    ],
)
def test_what_the_view_does_not_have_is_refused_with_what_may_be_meant(
    question: Question, kind: str, text: str, hint: str
) -> None:
    with pytest.raises(UnusableInput, match=hint):
        report_on(question, kind, text)


@pytest.mark.parametrize("kind", ["firm", "cluster"])
def test_no_heading_skips_a_level(yanacocha: Dossier, sialkot: Dossier, kind: str) -> None:
    page = page_of(yanacocha if kind == "firm" else sialkot)
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page)]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


@pytest.mark.parametrize("numbers", [[], [1], [1, 2, 3], [1, 3, 4, 7]])
def test_runs_of_numbers_are_written_short_and_lose_none(numbers: list[int]) -> None:
    assert [n for first, last in runs(numbers) for n in range(first, last + 1)] == numbers


@pytest.mark.parametrize("language", languages())
def test_the_file_is_in_the_language_of_its_reader(question: Question, whole: Run, language: str) -> None:
    asked = replace(question, language=language, evaluate=lambda *_: replace(whole, language=language))
    paper = paper_of(report_on(asked, "firm", "mineria-yanacocha"))
    assert paper.language == language
    assert paper.title.endswith("Minería Yanacocha")
    headings = {span.text for heading in paper.headings() for span in heading.line}
    assert ("What is not known" in headings) == (language == "en")
