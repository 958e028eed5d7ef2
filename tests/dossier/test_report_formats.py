"""Every format of an audit file says the same: each finding of the run, its sources, and what is not known."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdd_graph.dossier.ask import Question, report_on
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.writers import formats, writer
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.facets import choose, narrowed
from hrdd_graph.gaps.run import Run
from hrdd_graph.terms import RdfFormat, parse
from hrdd_graph.view import View


def written(dossier: Dossier, form: str) -> bytes:
    stream = io.BytesIO()
    writer(form).write(dossier, stream)
    return stream.getvalue()


def text_of_pdf(data: bytes) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def text_of_docx(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())


def text_of_xlsx(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


READERS: dict[str, Callable[[bytes], str]] = {"pdf": text_of_pdf, "docx": text_of_docx, "xlsx": text_of_xlsx}


def addresses(data: bytes, form: str) -> set[str]:
    """The addresses of findings in a file; a line of print may break inside one."""
    text = re.sub(r"\s", "", READERS.get(form, bytes.decode)(data))
    return set(re.findall(r"hrdd-graph/finding/([a-z0-9-]+/[0-9a-f]{16})", text)) | set(
        re.findall(r"finding:([a-z0-9-]+/[0-9a-f]{16})", text)
    )


@pytest.mark.parametrize("form", formats())
def test_every_finding_of_the_run_stands_in_every_format(yanacocha: Dossier, view: View, whole: Run, form: str) -> None:
    kept = narrowed(whole, choose(view, {"party": ["mineria-yanacocha"]}))
    wanted = {finding.iri.partition("/finding/")[2] for finding in kept.findings}
    assert {entry.iri.partition("/finding/")[2] for entry in yanacocha.entries} == wanted
    entries = yanacocha.entries
    if form == "docx":  # a page is made in a tenth of a second, so a few findings have to do
        entries = entries[::6]
        wanted = {entry.iri.partition("/finding/")[2] for entry in entries}
    assert len(wanted) > 5
    few = replace(yanacocha, entries=entries, register=yanacocha.register[:3], norms=(), absences=(), rules=())
    assert addresses(written(few, form), form) == wanted


@pytest.mark.parametrize("form", sorted(set(formats()) - {"docx"}))
def test_the_same_question_twice_gives_the_same_bytes(yanacocha: Dossier, question: Question, form: str) -> None:
    again = report_on(question, "firm", "organisation/mineria-yanacocha")
    assert written(yanacocha, form) == written(again, form)


def test_a_word_document_does_not_depend_on_the_clock(yanacocha: Dossier) -> None:
    few = replace(yanacocha, entries=yanacocha.entries[:2], register=(), norms=(), rules=(), absences=())
    assert written(few, "docx") == written(few, "docx")


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(yanacocha: Dossier) -> None:
    page = written(yanacocha, "html").decode()
    assert not re.search(r"<(script|img|link|iframe|object|embed)\b|\son\w+=|url\(|@import", page)
    inner = set(re.findall(r'href="#([^"]+)"', page))
    assert inner <= set(re.findall(r'id="([^"]+)"', page))
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(re.findall(r'id="([^"]+)"', page)))


def test_places_in_a_word_document_that_links_lead_to_are_there(yanacocha: Dossier) -> None:
    with zipfile.ZipFile(io.BytesIO(written(yanacocha, "docx"))) as archive:
        document = archive.read("word/document.xml").decode()
        assert {item.date_time[:3] for item in archive.infolist()} == {(2026, 11, 20)}
    links = set(re.findall(r'w:anchor="([^"]+)"', document))
    assert links
    assert links <= set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', document))


def test_linked_data_can_be_read_and_makes_nobody_the_same_as_anybody(yanacocha: Dossier) -> None:
    triples = list(parse(written(yanacocha, "jsonld"), format=RdfFormat.JSON_LD))
    predicates = {quad.predicate.value for quad in triples}
    assert "http://www.w3.org/ns/shacl#resultMessage" in predicates
    assert not any(name.endswith(("sameAs", "exactMatch")) for name in predicates)


def test_json_holds_what_the_page_says(yanacocha: Dossier) -> None:
    document = json.loads(written(yanacocha, "json"))
    assert len(document["entries"]) == len(yanacocha.entries)
    assert document["receipt"].startswith("hrdd1.")


@settings(max_examples=6)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_no_text_breaks_out_of_a_format(text: str) -> None:
    from tests.dossier.paper import dossier_saying

    dossier = dossier_saying(f"<script>alert(1)</script>=1+1 {text}")
    assert "<script>" not in written(dossier, "html").decode()
    book = openpyxl.load_workbook(io.BytesIO(written(dossier, "xlsx")))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "&lt;script&gt;" in zipfile.ZipFile(io.BytesIO(written(dossier, "docx"))).read("word/document.xml").decode()


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnusableInput, match=r"docx, html, json, jsonld, pdf, xlsx"):
        writer("doc")
