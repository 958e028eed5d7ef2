"""A printed audit file: whole, told page by page, open to screen readers, and not long in coming."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pytest
from pypdf import PdfReader

from hrdd_graph.dossier.ask import Question, report_on
from hrdd_graph.dossier.blocks import Block, Grid, Heading, Pairs, Paper, Span, Text, cell, line
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.writers.pdf import printed, said

LONG = 15  # seconds of the processor for 296 findings; it takes 4, and a layout of the HTML page took 27


def pages(*blocks: Block) -> list[str]:
    """The text of each page of a paper."""
    return texts(printed(said(paper(*blocks))))


def paper(*blocks: Block) -> Paper:
    head: tuple[Block, ...] = (Heading(1, line("Title")), Text(line("Of what")), Heading(2, line("Part"), "part"))
    return Paper("Title", "", "en", "2026-11-20", "hrdd-graph", "Contents", (*head, *blocks))


def texts(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def accessible(data: bytes) -> bool:
    """Whether a file says of itself that it keeps PDF/UA-1. The engine checks that before it says so."""
    with pikepdf.open(io.BytesIO(data)) as file, file.open_metadata() as said_of_it:
        return said_of_it.get("pdfuaid:part") == "1"


def flat(part: pikepdf.OutlineItem) -> Iterator[pikepdf.OutlineItem]:
    """A bookmark and all below it."""
    yield part
    for child in part.children:
        yield from flat(child)


@pytest.fixture(scope="module")
def file(yanacocha: Dossier) -> bytes:
    return printed(said(paper_of(replace(yanacocha, language="es"))))


def test_a_screen_reader_can_read_it(file: bytes, yanacocha: Dossier) -> None:
    assert accessible(file)
    with pikepdf.open(io.BytesIO(file)) as opened:
        assert str(opened.Root.Lang) == "es"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_outline() as outline:
            (title,) = outline.root
            assert "Minería Yanacocha" in title.title
            assert len(title.children) > 8
            assert sum(bool(re.match(r"\d+\. ", part.title)) for part in flat(title)) == len(yanacocha.entries)


def test_links_within_it_lead_to_places_that_are_there(file: bytes) -> None:
    reader = PdfReader(io.BytesIO(file))
    notes = [note.get_object() for page in reader.pages for note in page.annotations or ()]
    inner = [note for note in notes if "/URI" not in note.get("/A", {})]
    places = [note["/Dest"] if "/Dest" in note else note["/A"]["/D"] for note in inner]
    assert len(places) > 50
    whole = {page.indirect_reference for page in reader.pages}
    for place in places:
        assert place in reader.named_destinations if isinstance(place, str) else place[0].indirect_reference in whole


def test_each_page_says_which_it_is_and_of_how_many(file: bytes) -> None:
    told = texts(file)
    assert all(re.search(rf"\b{number} / {len(told)}$", text.strip()) for number, text in enumerate(told, 1))


def test_the_receipt_can_be_taken_from_it(file: bytes, yanacocha: Dossier) -> None:
    assert len(yanacocha.receipt) > 300
    told = "".join(texts(file))
    assert yanacocha.receipt in re.sub(r"\s", "", told)
    assert max(len(text) for text in told.splitlines()) < 140  # none runs off the page


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_what_is_to_be_copied_gains_no_hyphen_and_no_foot_of_a_page(language: str) -> None:
    copied = "-".join("abcdefgh"[number % 5 :] for number in range(300))
    before = Text(line(" ".join(["word"] * 900)))
    made = printed(said(replace(paper(before, Text(line(Span(copied, style="mono")))), language=language)))
    assert copied in re.sub(r"\s", "", "".join(texts(made)))


@pytest.mark.parametrize(
    "text",
    [
        "#panic[no]",
        "$x$ *b* _i_ `c`",
        "<part> @part",
        "#sys.inputs",
        "\\u{41} [ ] { }",
        "https://x.org/#a",
        "- = / + ~ --",
    ],
)
def test_what_it_says_is_not_read_as_markup(text: str) -> None:
    (told,) = pages(Text(line(text)), Pairs(((text, cell(text)),)), Grid((text,), ((cell(text),),), (1,), text))
    assert re.sub(r"\s", "", told).count(re.sub(r"\s", "", text)) == 6


@pytest.mark.parametrize("href", ["#nowhere", "javascript:alert(1)", "file:///etc/passwd", "#"])
def test_what_leads_nowhere_is_no_link(href: str) -> None:
    data = printed(said(paper(Text(line(Span("Words", href=href))))))
    assert "Words" in "".join(texts(data))
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert len(opened.pages[0].obj.Annots) == 1  # that of the contents


def test_a_cell_that_no_page_holds_goes_on_in_the_next() -> None:
    told = pages(Grid(("A", "B"), ((cell("begin " + "word " * 4000 + "end"), cell("x")),), (1, 9)))
    assert "begin" in told[0]
    assert "end" in told[-1]
    assert len(told) > 3
    assert all("A" in text and "B" in text for text in told)  # the header stands on each


def test_a_row_that_fits_on_a_page_is_not_torn() -> None:
    long = [cell(f"a{number} " + "word " * (30 + number % 40) + f"z{number}") for number in range(200)]
    rows = tuple((one, one) for one in long)
    told = pages(Grid(("A", "B"), rows, (1, 1)))
    assert len(told) > 1
    for number in range(200):
        assert sum(bool(re.search(rf"\ba{number}\b[\s\S]*\bz{number}\b", text)) for text in told) == 1


def test_a_long_name_has_its_own_lines() -> None:
    """A name of two lines beside a text of one does not run into the next name."""
    name = "A name that is too long for one line of its column"
    data = printed(said(paper(Pairs(((name, cell("short")), ("Next", cell("other")))))))
    heights: dict[str, float] = {}
    PdfReader(io.BytesIO(data)).pages[0].extract_text(
        visitor_text=lambda text, at, by, *rest: heights.update(dict.fromkeys(text.split(), at[5] or by[5]))
    )
    assert heights["A"] > heights["column"] > heights["Next"]
    assert heights["column"] - heights["Next"] > 8  # points: about a line


def test_a_letter_that_no_font_has_only_takes_the_claim_away() -> None:
    data = printed(said(paper(Text(line("before \U0010fffd after")))))
    assert "after" in "".join(texts(data))
    assert not accessible(data)


def test_no_name_of_a_language_or_control_character_stops_it() -> None:
    data = printed(said(replace(paper(Text(line("a\x00\x07\x1fb"))), language="pt-BR")))
    assert "ab" in "".join(texts(data))


def test_the_file_about_a_law_does_not_keep_its_reader_waiting(question: Question) -> None:
    written_down = said(paper_of(report_on(question, "regime", "norway-transparency-act")))
    begun = time.process_time()
    data = printed(written_down)
    assert time.process_time() - begun < LONG
    assert len(PdfReader(io.BytesIO(data)).pages) > 150
    assert accessible(data)
