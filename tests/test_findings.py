"""Findings: stable names, messages in words, and reports that all say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.clashes import find_clashes
from hrdd_graph.dump import write_dump
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.finding import Finding, group_rows
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import HRDD, IDS, RDF, SH, compact
from hrdd_graph.ontology import read_turtle
from hrdd_graph.report import formats, writer
from hrdd_graph.report._spreadsheet import harmless
from hrdd_graph.resources import Resources
from hrdd_graph.rules import Rule, read_rules
from hrdd_graph.shacl import check_shapes
from hrdd_graph.speech import best
from hrdd_graph.store import Rows
from hrdd_graph.terms import Iri, Literal, RdfFormat, Term, Triple, parse
from hrdd_graph.view import View, open_view

LANGUAGES = ("en", "fr", "es", "pt", "de")
A, B, C = (Iri(IDS + f"thing/{name}") for name in "abc")


@pytest.fixture(scope="module")
def rules(resources: Resources) -> tuple[Rule, ...]:
    return read_rules(resources)


@pytest.fixture(scope="module")
def certified(rules: tuple[Rule, ...]) -> Rule:
    return next(rule for rule in rules if rule.name == "certified-open-abuse")


@pytest.fixture(scope="module")
def run(view: View, rules: tuple[Rule, ...]) -> Run:
    return run_rules(view, rules)


@pytest.fixture(scope="module")
def nothing(view: View, rules: tuple[Rule, ...]) -> Run:
    return run_rules(open_view(view.store, as_of=date(1800, 1, 1)), rules)


def written(run: Run, form: str) -> bytes:
    stream = io.BytesIO()
    writer(form).write(run, stream)
    return stream.getvalue()


# -- identity --------------------------------------------------------------------------------------------------------

_TERMS = st.sampled_from([A, B, C, Literal("x"), Literal("x", language="en"), HRDD.Caused])
_ROWS = st.lists(st.tuples(st.sampled_from([A, B]), _TERMS, _TERMS, _TERMS), min_size=1, max_size=12)
NAMES = ("this", "value", "certification", "right")


@given(_ROWS, st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_of_the_rows(
    certified: Rule, rows: list[tuple[Term, ...]], chance: Any
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert group_rows(certified, Rows(NAMES, tuple(rows))) == group_rows(certified, Rows(NAMES, tuple(shuffled)))


@given(_ROWS)
def test_a_findings_name_does_not_depend_on_what_explains_it(certified: Rule, rows: list[tuple[Term, ...]]) -> None:
    bare = Rows(NAMES[:3], tuple(row[:3] for row in rows))
    explained = group_rows(certified, Rows(NAMES, tuple(rows)))
    assert [f.iri for f in explained] == [f.iri for f in group_rows(certified, bare)]


@given(_ROWS)
def test_two_findings_differ_in_name_where_they_differ_in_what_identifies(
    certified: Rule, rows: list[tuple[Term, ...]]
) -> None:
    found = group_rows(certified, Rows(NAMES, tuple(rows)))
    assert len({f.iri for f in found}) == len(found) == len({row[:3] for row in rows})


def test_a_name_is_made_of_rule_focus_and_identifying_values(certified: Rule) -> None:
    finding = Finding(certified, A, {"value": (B,), "certification": (C,), "right": (A,)})
    assert re.fullmatch(r"https://w3id\.org/hrdd-graph/finding/certified-open-abuse/[0-9a-f]{16}", finding.iri)
    assert finding.iri == Finding(certified, A, {"certification": (C,), "value": (B,)}).iri
    assert finding.iri != Finding(certified, A, {"certification": (B,), "value": (C,)}).iri


def test_a_row_without_a_focus_is_no_finding(certified: Rule) -> None:
    assert group_rows(certified, Rows(NAMES, ())) == []


def test_the_same_run_gives_the_same_findings(view: View, rules: tuple[Rule, ...], run: Run) -> None:
    again = run_rules(view, tuple(reversed(rules)))
    assert [f.iri for f in again.findings] == [f.iri for f in run.findings]


def test_findings_come_gravest_first(run: Run) -> None:
    order = [("high", "medium", "low").index(f.rule.severity) for f in run.findings]
    assert order == sorted(order)


# -- messages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_a_sentence_without_holes(view: View, rules: tuple[Rule, ...], language: str) -> None:
    run = run_rules(view, rules, language=language)
    assert run.findings
    for finding in run.findings:
        message = run.message(finding)
        assert "{" not in message
        assert "https://" not in message, "an address is no word for a person"
        assert "hrdd:" not in message, message


def test_a_run_told_in_another_language_is_the_run_in_that_language(
    view: View, rules: tuple[Rule, ...], run: Run
) -> None:
    told, asked = run.in_language("fr"), run_rules(view, rules, language="fr")
    assert told.findings == asked.findings
    assert [told.message(finding) for finding in told.findings] == [asked.message(f) for f in asked.findings]
    assert [told.message(finding) for finding in told.findings] != [run.message(f) for f in run.findings]
    assert told.in_language("en").labels == run.labels


def test_messages_differ_by_language(view: View, certified: Rule) -> None:
    said = {language: run_rules(view, [certified], language=language) for language in LANGUAGES}
    assert len({run.message(run.findings[0]) for run in said.values()}) == len(LANGUAGES)


def test_labels_fall_back_to_english_and_then_to_the_address(view: View) -> None:
    newmont = Iri(IDS + "organisation/newmont")
    assert labels_for(view, [newmont], "fr")(newmont) == "Newmont"
    assert Labels()(newmont) == "id:organisation/newmont"
    assert Labels()(Literal("x")) == "x"


def test_a_regional_language_takes_the_labels_of_its_language(view: View) -> None:
    assert labels_for(view, [HRDD.BeganBefore], "fr-CH")(HRDD.BeganBefore) == "a commencé avant l'engagement"


def test_a_regional_language_takes_the_sentences_of_its_language(view: View, certified: Rule) -> None:
    for region, language in (("pt-BR", "pt"), ("es-PE", "es"), ("de-CH", "de")):
        run, own = (run_rules(view, [certified], language=tag) for tag in (region, language))
        assert run.message(run.findings[0]) == own.message(own.findings[0])


@pytest.mark.parametrize(
    ("known", "wanted", "taken"),
    [
        (("en", "pt", "pt-BR"), "pt-BR", "pt-BR"),
        (("en", "pt"), "pt-BR", "pt"),
        (("en", "pt"), "ja", "en"),
        (("pt", "es"), "ja", "es"),
        ((), "ja", "en"),
    ],
)
def test_of_several_languages_the_readers_is_taken(known: tuple[str, ...], wanted: str, taken: str) -> None:
    assert best(known, wanted) == taken


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "involvement 1"), ("fr", "implication 1"), ("es", "implicación 1"), ("pt", "envolvimento 1")],
)
def test_a_part_of_a_record_goes_by_the_record_in_the_language_of_the_reader(
    view: View, language: str, said: str
) -> None:
    part = Iri(IDS + "abuse/yanacocha-working-conditions#hasInvolvement-1")
    record = Iri(part.value.partition("#")[0])
    say = labels_for(view, [part], language)
    assert say(part) == f"{say(record)}: {said}"


def test_a_part_of_nothing_and_a_part_of_a_strange_name_go_by_their_address(view: View) -> None:
    for address in ("abuse/nowhere#hasInvolvement-1", "abuse/nowhere#a b", "abuse/nowhere#"):
        part = Iri(IDS + address.replace(" ", "%20"))
        assert labels_for(view, [part], "es")(part) == compact(part.value)


# -- reports ---------------------------------------------------------------------------------------------------------


def names_in(form: str, content: bytes) -> set[str]:
    """The addresses of the findings, read back from a report."""
    if form == "json":
        return {finding["finding"] for finding in json.loads(content)["findings"]}
    if form == "jsonl":
        return {json.loads(line)["finding"] for line in content.splitlines()}
    if form == "csv":
        rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
        return {row["finding IRI"] for row in rows if row["finding IRI"]}
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Findings"]
        rows_of_sheet = list(sheet.iter_rows(values_only=True))
        return {str(row[rows_of_sheet[0].index("finding IRI")]) for row in rows_of_sheet[1:] if row[0]}
    if form == "html":
        return set(re.findall(r"https://w3id\.org/hrdd-graph/finding/[\w/-]+", content.decode()))
    kind = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}[form]
    return {
        str(q.subject)[1:-1]
        for q in parse(content, format=kind)
        if q.predicate == RDF.type and q.object == HRDD.GapFinding
    }


FORMS = tuple(form for form in formats() if form != "table")


@pytest.mark.parametrize("form", FORMS)
def test_every_format_tells_the_same_findings(run: Run, form: str) -> None:
    assert names_in(form, written(run, form)) == {finding.iri for finding in run.findings}


@pytest.mark.parametrize("form", formats())
def test_the_same_run_gives_the_same_bytes(run: Run, form: str) -> None:
    assert written(run, form) == written(run, form)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "jsonl"])
def test_a_report_of_nothing_can_be_read_and_clears_nobody(nothing: Run, form: str) -> None:
    content = written(nothing, form)
    assert names_in(form, content) == set()
    if form in ("json", "csv", "html"):
        assert b"Nothing found in this view" in content


def test_the_rdf_of_a_run_is_made_of_validation_results(run: Run) -> None:
    results = list(parse(written(run, "ttl"), format=RdfFormat.TURTLE))
    kinds = {q.subject for q in results if q.predicate == RDF.type and q.object == SH.ValidationResult}
    for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent, SH.resultMessage):
        assert {q.subject for q in results if q.predicate == predicate} == kinds


def test_turtle_and_json_ld_are_one_graph(run: Run) -> None:
    turtle = {q.triple for q in parse(written(run, "ttl"), format=RdfFormat.TURTLE)}
    assert turtle == {q.triple for q in parse(written(run, "jsonld"), format=RdfFormat.JSON_LD)}


_CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=15)


@given(
    st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]).flatmap(lambda start: _CELLS.map(lambda text: start + text))
)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, "'" + text)


EVIL = '=HYPERLINK("http://e.org";"x")'


def evil_run(run: Run) -> Run:
    names = {finding.focus.value: EVIL for finding in run.findings}
    return Run(run.view, run.rules, run.findings[:3], Labels({**run.labels.names, **names}), run.cited)


def test_a_label_that_looks_like_a_formula_is_text_in_a_sheet(run: Run) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(evil_run(run), "xlsx")))["Findings"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value and EVIL in str(cell.value)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    rows = list(csv.reader(io.StringIO(written(evil_run(run), "csv").decode(), newline="")))
    assert any(cell == "'" + EVIL for row in rows for cell in row)
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_a_label_that_looks_like_markup_is_text_on_a_page(run: Run) -> None:
    names = {finding.focus.value: "<script>alert(1)</script>" for finding in run.findings}
    evil = Run(run.view, run.rules, run.findings, Labels({**run.labels.names, **names}), run.cited)
    page = written(evil, "html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_page_stands_by_itself(run: Run) -> None:
    page = written(run, "html").decode()
    assert not re.findall(r"<(?:link|script|img|iframe)\b", page)
    assert '<html lang="en">' in page


def test_a_format_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnusableInput, match="Choose one of csv, html"):
        writer("pdf")


# -- dumps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["nq", "trig", "jsonld"])
def test_a_dump_holds_the_graphs_of_the_view_and_can_be_read_back(view: View, form: str) -> None:
    stream = io.BytesIO()
    write_dump(view, form, stream)
    kind = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}[form]
    quads = list(parse(stream.getvalue(), format=kind))
    assert {str(q.graph_name)[1:-1] for q in quads} <= set(view.graphs)
    store = cast(Any, view.store)
    assert len(quads) == sum(1 for graph in view.graphs for _ in store.quads(graph))
    named = {str(q) for q in quads if "_:" not in str(q)}
    assert named == {str(q) for graph in view.graphs for q in store.quads(graph) if "_:" not in str(q)}


# -- contradictions in words -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ontology(resources: Resources) -> list[Triple]:
    return [quad.triple for quad in read_turtle(resources.ontology / "hrdd.ttl")]


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        ([Triple(A, RDF.type, HRDD.Abuse), Triple(A, RDF.type, HRDD.Risk)], "nothing is both hrdd:Abuse and hrdd:Risk"),
        ([Triple(A, RDF.type, HRDD.Firm), Triple(A, RDF.type, HRDD.Abuse)], "nothing is both"),
        (
            [Triple(A, RDF.type, HRDD.Court), Triple(A, HRDD.hasBuyer, B)],
            "has hrdd:hasBuyer, which makes it hrdd:Supply",
        ),
        ([Triple(B, RDF.type, HRDD.Sector), Triple(A, HRDD.hasBuyer, B)], "is the value of hrdd:hasBuyer"),
        (
            [Triple(A, HRDD.hasStatus, HRDD.Alleged), Triple(A, HRDD.hasStatus, HRDD.Reported)],
            "has several values of hrdd:hasStatus, which takes one",
        ),
    ],
)
def test_a_contradiction_is_told_in_words(ontology: list[Triple], statements: list[Triple], says: str) -> None:
    told = find_clashes([*ontology, *statements])
    assert any(says in text for text in told), told


def test_where_nothing_clashes_that_is_said(ontology: list[Triple]) -> None:
    assert len(find_clashes(ontology)) == 1
    assert "take records away until it goes" in find_clashes(ontology)[0]


# -- SHACL -----------------------------------------------------------------------------------------------------------


def test_results_are_about_what_is_checked_and_use_what_is_known(
    resources: Resources, ontology: list[Triple], vocabulary: Any
) -> None:
    bad, other = Iri(IDS + "abuse/bad"), Iri(IDS + "abuse/other")
    checked, known = [Triple(bad, RDF.type, HRDD.Abuse)], [*ontology, Triple(other, RDF.type, HRDD.Abuse)]
    results = check_shapes(resources.shapes / "records", checked, known, vocabulary)
    assert {result.focus for result in results} == {bad.value}
    assert all(result.fix and result.message and result.severity for result in results)


def test_a_folder_without_shapes_finds_nothing(tmp_path: Path, vocabulary: Any) -> None:
    assert check_shapes(tmp_path, [Triple(A, RDF.type, HRDD.Abuse)], [], vocabulary) == []
