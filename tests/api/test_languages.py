"""The pages in each language: complete message files, the reader's choice, and labels from the graph."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import httpx
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hrdd_api.negotiation import HTML
from hrdd_api.speech import FOLDER, languages

from hrdd_graph import charts

TONGUES = sorted(path.stem for path in FOLDER.glob("*.po"))
# gettext's own names, the mark for texts that Python puts together, and the name under which pages say them
WORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None, "say": None}


@cache
def extracted() -> frozenset[str]:
    """Every message of the templates and of the modules that make pages (of several forms the first)."""
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"newstyle_gettext": "true"}}
    folders = (FOLDER.parent, Path(charts.__file__).parent)
    found = [one for each in folders for one in extract_from_dir(str(each), methods, options, keywords=WORDS)]
    return frozenset(message if isinstance(message, str) else message[0] for _, _, message, _, _ in found)


def test_the_pages_speak_english_french_spanish_and_portuguese() -> None:
    assert set(languages()) == {"en", "fr", "es", "pt"}
    assert languages()["fr"] == "Français"


@pytest.mark.parametrize("tongue", TONGUES)
def test_nine_messages_in_ten_are_there_and_none_is_left_over(tongue: str) -> None:
    """What a language lacks is said in English; a page that is new may be so for a while, the whole may not."""
    with (FOLDER / f"{tongue}.po").open("rb") as file:
        catalogue = read_po(file, locale=tongue)
    there = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    assert len(extracted() - there) < len(extracted()) / 10, sorted(extracted() - there)
    assert there - extracted() == set()


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_translation_has_the_same_places_for_values(tongue: str) -> None:
    places = re.compile(r"%\(\w+\)s|\{\w+\}")
    with (FOLDER / f"{tongue}.po").open("rb") as file:
        catalogue = read_po(file, locale=tongue)
    for message in catalogue:
        if message.id:
            source, said = (
                [text] if isinstance(text, str) else list(text or ()) for text in (message.id, message.string)
            )
            assert all(said)
            assert {place for text in source for place in places.findall(text)} == {
                place for text in said for place in places.findall(text)
            }, message.id


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
