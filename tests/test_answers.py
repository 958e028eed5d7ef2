"""Answers of templates: every format says the same, sheets run nothing, and a receipt is enough to ask again."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.answers import formats, writer, writer_for
from hrdd_graph.answers._answer import Page, TemplateAnswer, answer_template
from hrdd_graph.errors import UnusableInput
from hrdd_graph.receipts import read_receipt
from hrdd_graph.replay import replay
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.store import Rows
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import read_templates
from hrdd_graph.terms import Literal
from hrdd_graph.view import View

TEMPLATES = {t.name: t for t in read_templates(open_resources(Path(__file__).resolve().parent.parent))}
RIGHT = {"right": ["udhr:20.1"]}


def written(answer: TemplateAnswer, name: str) -> bytes:
    stream = io.BytesIO()
    writer_for(answer.kind, name).write(answer, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def rows(view: View) -> TemplateAnswer:
    return answer_template(view, TEMPLATES["abuses-by-right"], RIGHT)


@pytest.fixture(scope="module")
def graph(view: View) -> TemplateAnswer:
    given = {"organisation": ["organisation/mineria-yanacocha"]}
    return answer_template(view, TEMPLATES["organisation-as-graph"], given)


def test_json_csv_tsv_and_xlsx_hold_the_same_rows(rows: TemplateAnswer) -> None:
    document = json.loads(written(rows, "json"))
    abuses = [row["abuse"]["iri"] for row in document["rows"]]
    assert len(abuses) == len(rows.rows.rows) > 3
    table = [row for row in csv.DictReader(io.StringIO(written(rows, "csv").decode())) if row["abuse"]]
    assert [row["abuse"] for row in table] == abuses
    assert [row["abuseLabel"] for row in table] == [row["abuse"]["label"] for row in document["rows"]]
    tabs = [line.split("\t") for line in written(rows, "tsv").decode().splitlines()]
    place = tabs[0].index("abuse")
    assert [cells[place] for cells in tabs[1 : len(abuses) + 1]] == abuses
    sheet = openpyxl.load_workbook(io.BytesIO(written(rows, "xlsx")))["Rows"]
    header = [cell.value for cell in sheet[1]]
    column = [row[header.index("abuse")] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert column == abuses


def test_every_address_has_its_name_beside_it_and_the_licence_below(rows: TemplateAnswer) -> None:
    lines = written(rows, "csv").decode().splitlines()
    header = lines[0].split(",")
    for name in ("provision", "abuse", "status", "place"):
        assert header[header.index(name) + 1] == f"{name}Label"
    assert any(line.startswith("# licence: https://creativecommons.org/") for line in lines)
    assert any(line.startswith("# receipt: hrdd1.") for line in lines)


def test_the_same_answer_gives_the_same_bytes_in_every_format(view: View, rows: TemplateAnswer) -> None:
    again = answer_template(view, TEMPLATES["abuses-by-right"], RIGHT)
    for name in formats():
        if "rows" in writer(name).KINDS:
            assert written(again, name) == written(rows, name), name


def test_graphs_in_every_format_hold_the_same_statements(graph: TemplateAnswer) -> None:
    count = len(graph.triples)
    assert count > 50
    for name, form in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
        found = len(rdflib.Graph().parse(data=written(graph, name), format=form))
        # Framing leaves out what hangs on nothing that the frame asks for.
        assert found <= count if name == "jsonld" else found == count, name


def test_json_ld_is_framed_with_short_names_and_fetches_nothing(graph: TemplateAnswer) -> None:
    document = json.loads(written(graph, "jsonld"))
    assert document["@graph"][0]["@id"].startswith("id:")
    assert all(isinstance(value, str) for value in document["@context"].values())


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_no_cell_of_a_sheet_is_a_formula(rows: TemplateAnswer, start: str) -> None:
    place = rows.rows.variables.index("abuse")
    row = list(rows.rows.rows[0])
    row[place] = Literal(f"{start}cmd|' /C calc'!A0")
    hostile = replace(rows, rows=Rows(rows.rows.variables, (tuple(row),)))
    cells = [cell for line in csv.reader(io.StringIO(written(hostile, "csv").decode(), newline="")) for cell in line]
    assert f"'{start}cmd|' /C calc'!A0" in cells


def test_a_page_is_a_part_of_the_whole(view: View, rows: TemplateAnswer) -> None:
    whole = rows.rows.rows
    first = answer_template(view, TEMPLATES["abuses-by-right"], RIGHT, page=Page(2))
    second = answer_template(view, TEMPLATES["abuses-by-right"], RIGHT, page=Page(len(whole), 2))
    assert first.more
    assert not second.more
    assert (*first.rows.rows, *second.rows.rows) == whole
    assert json.loads(written(first, "json"))["meta"]["truncated"] is True


# -- receipts --------------------------------------------------------------------------------------------------------


def test_a_receipt_is_read_back_as_it_was(rows: TemplateAnswer) -> None:
    assert read_receipt(rows.receipt.token) == rows.receipt
    assert rows.receipt.weakest
    assert rows.receipt.rows == len(rows.rows.rows)
    assert len(rows.receipt.token) < 4000


def test_a_receipt_is_read_as_it_is_copied(rows: TemplateAnswer) -> None:
    token = rows.receipt.token
    broken = "\n".join(token[place : place + 80] for place in range(0, len(token), 80))
    for copied in (f"{token}\r\n", f"# receipt: {token}", f"receipt: {token}", broken):
        assert read_receipt(copied) == rows.receipt


@given(st.text(max_size=60) | st.text("abcdef0123456789-_", max_size=60).map(lambda text: f"hrdd1.{text}"))
def test_what_is_no_receipt_is_refused(token: str) -> None:
    with pytest.raises(UnusableInput, match="not a receipt"):
        read_receipt(token)


def test_asking_again_gives_the_same_result(resources: Resources, store: EmbeddedStore, rows: TemplateAnswer) -> None:
    again = replay(resources, store, rows.receipt)
    assert again.same
    assert again.changes == ()
    stream = io.BytesIO()
    again.write("json", stream)
    assert stream.getvalue() == written(rows, "json")


def test_asking_again_says_what_has_changed(resources: Resources, store: EmbeddedStore, rows: TemplateAnswer) -> None:
    graph, other = sorted(rows.receipt.graphs)[:2]
    graphs = {**rows.receipt.graphs, graph: "0" * 32, "https://example.org/gone": "1" * 32}
    del graphs[other]
    old = replace(rows.receipt, version="000000000000", graphs=graphs, result="sha256:0")
    again = replay(resources, store, old)
    assert not again.same
    told = " ".join(again.changes)
    assert "was version 000000000000" in told
    assert f"{graph} has changed" in told
    assert f"{other} is new" in told
    assert "https://example.org/gone is gone" in told


def test_a_question_that_is_no_longer_there_is_named(
    resources: Resources, store: EmbeddedStore, rows: TemplateAnswer
) -> None:
    with pytest.raises(UnusableInput, match="no-such-query"):
        replay(resources, store, replace(rows.receipt, name="no-such-query"))
