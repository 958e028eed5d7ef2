"""The pages in each language: complete message files, the reader's choice, and labels from the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from babel.messages import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hrdd_api.negotiation import HTML
from hrdd_api.speech import FOLDER, languages
from jinja2 import Environment
from jinja2.nodes import Call, Const, Name, Node, Output, TemplateData

from hrdd_graph import charts
from hrdd_graph.ontology_checks.languages import READERS
from hrdd_graph.resources import Resources
from hrdd_graph.view import View
from tests.api import said_elsewhere

TONGUES = sorted(path.stem for path in FOLDER.glob("*.po"))
# gettext's own names, the mark for texts that Python puts together, and the name under which pages say them
WORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "mark": None, "say": None}
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
TEMPLATES = FOLDER.parent / "templates"
Key = tuple[str | None, str]


def catalogue(tongue: str) -> dict[Key, Message]:
    """A language's messages by context and text (of several forms the first)."""
    with (FOLDER / f"{tongue}.po").open("rb") as file:
        return {(m.context, _first(m.id)): m for m in read_po(file, locale=tongue) if m.id}


def _first(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


@pytest.fixture(scope="module")
def said(resources: Resources, view: View) -> frozenset[Key]:
    """Every message of the templates and of the modules that make pages, and of what pages say that is in neither."""
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"newstyle_gettext": "true"}}
    folders = (FOLDER.parent, Path(charts.__file__).parent)
    found = [one for each in folders for one in extract_from_dir(str(each), methods, options, keywords=WORDS)]
    own = {(context, _first(message)) for _, _, message, _, context in found}
    return frozenset(own | {(None, text) for text in said_elsewhere.messages(resources, view)})


def test_the_pages_speak_english_french_spanish_and_portuguese() -> None:
    assert set(languages()) == {"en", "fr", "es", "pt"}
    assert languages()["fr"] == "Français"
    assert set(languages()) == set(READERS)  # what the ontology's checks ask its labels to be in


@pytest.mark.filterwarnings("ignore:.*Skipping f-string")
@pytest.mark.parametrize("tongue", TONGUES)
def test_every_message_is_there_and_none_is_left_over(tongue: str, said: frozenset[Key]) -> None:
    assert len(said) > 1000
    there = catalogue(tongue)
    assert {*said} - {*there} == set()
    assert {*there} - {*said} == set()


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_message_is_said_for_certain_with_the_same_places_for_values(tongue: str) -> None:
    for message in catalogue(tongue).values():
        source, told = ([text] if isinstance(text, str) else list(text or ()) for text in (message.id, message.string))
        assert not message.fuzzy, message.id
        assert len(told) == len(source), message.id
        assert all(told), message.id
        for text, own in zip(told, source, strict=True):
            assert set(PLACES.findall(text)) == set(PLACES.findall(own)), message.id
        assert all(text[-1:] in ".?!:…" for text in told) or source[0][-1:] not in ".?!:", message.id


# What stands in templates outside of messages: names, which are the same in every language, code, and addresses.
NAMES = re.compile(
    r"hrdd-graph|hrdd( build| replay)?:?|SPARQL|N-Quads|svg|JSON-LD|Yanacocha|"
    r"\b(as_of|known_on|language|format)\b|\S*[/=]\S*"
)
LETTERS = re.compile(r"[^\W\d_]{2}")
PROSE = re.compile(r" |^[A-Z]")  # as against keys, classes and names of files
# Keys that read like prose: values that forms send and documents hold, lists of fields, a query.
KEYS = frozenset({
    "not enough evidence", "Stated", "Curated", "Derived", "Reported", "the evidence says there is none",
    "the evidence is silent", "label description", "label ", "SELECT ?subject ?property WHERE { ?subject ?property <",
})  # fmt: skip


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.stem)
def test_a_template_says_nothing_outside_of_messages(path: Path) -> None:
    """Neither between tags nor in attributes that people read or hear, nor as text that an expression chooses."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text(encoding="utf-8"))
    markup = "".join(node.data if isinstance(node, TemplateData) else "¤" for node in _pieces(tree))
    spoken = Spoken(markup)
    words = {text for text in spoken.texts if LETTERS.search(NAMES.sub("", text))}
    assert words == set()
    chosen = {*_chosen(tree)} - KEYS
    assert {text for text in chosen if LETTERS.search(NAMES.sub("", text)) and PROSE.search(text)} == set()


def _chosen(node: Node) -> Iterator[str]:
    """The texts in expressions, apart from those that are looked up as messages."""
    if isinstance(node, Call) and isinstance(node.node, Name) and node.node.name in WORDS:
        return
    if isinstance(node, Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _chosen(child)


def _pieces(tree: Node) -> Iterator[Node]:
    """The markup of a template in order, and one node for each value in it."""
    for output in tree.find_all(Output):
        yield from output.nodes


class Spoken(HTMLParser):
    """What of a page's markup people read or hear."""

    ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-label", "data-hint")

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = dict(attrs).get("type") == "hidden" or tag in ("option", "button")
        self.texts += [value for name, value in attrs if name in self.ATTRIBUTES and value and not hidden]

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))


@pytest.mark.parametrize(
    ("tongue", "heading"), [("fr", "Écarts"), ("es", "Brechas"), ("pt", "Lacunas"), ("en", "Gaps")]
)
def test_the_reader_gets_the_language_that_she_prefers_or_asks_for(server: str, tongue: str, heading: str) -> None:
    by_header = httpx.get(f"{server}/gaps", headers={"Accept": HTML.media_type, "Accept-Language": tongue}, timeout=60)
    by_address = httpx.get(f"{server}/gaps?language={tongue}", headers={"Accept": HTML.media_type}, timeout=60)
    for page in (by_header, by_address):
        assert f'<html lang="{tongue}">' in page.text
        assert f"<h1>{heading}</h1>" in page.text


def test_an_answer_in_one_language_is_not_taken_for_one_in_another(server: str) -> None:
    headers = {"Accept": HTML.media_type}
    tags = {
        httpx.get(f"{server}/rules", headers={**headers, "Accept-Language": tongue}, timeout=60).headers["etag"]
        for tongue in languages()
    }
    assert len(tags) == len(languages())


def test_labels_come_from_the_graph_in_the_readers_language(server: str) -> None:
    page = httpx.get(f"{server}/udhr/article/23?language=es", headers={"Accept": HTML.media_type}, timeout=60)
    assert "Toda persona tiene derecho al trabajo" in page.text
