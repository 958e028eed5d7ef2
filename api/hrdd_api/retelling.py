"""What went wrong, in the language of the page: what the library and this layer say, and the shapes of records."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import Request
from markupsafe import Markup

from hrdd_api import speech
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import FOLDER as LIBRARY
from hrdd_graph.retelling import Retelling
from hrdd_graph.shacl.records import compiled_folder
from hrdd_graph.speech import OWN, pairs

FOLDER = speech.FOLDER / "errors"  # the messages of what this layer says
_SHAPES = ("records", "release")


@cache
def retelling(language: str, shapes: Path) -> Retelling:
    """What can be retold in a language; ``shapes`` is the folder with those of records and of releases."""
    told = pairs(language, LIBRARY) | pairs(language, FOLDER)
    for name in _SHAPES if language != OWN else ():
        told |= compiled_folder(shapes / name).shapes.pairs(language)
    return Retelling.of(language, told)


def retelling_for(request: Request) -> Retelling:
    """What can be retold in the language of this reader."""
    resources: Resources = request.app.state.knowledge.resources
    return retelling(speech.spoken(request), resources.shapes)


def shown(text: str, told: Retelling) -> Markup:
    """A text as a page shows it, escaped: in the page's language, or marked as the English that it is."""
    if not text:  # the head of a catalogue
        return Markup()
    page = speech.messages(told.language).gettext(text)
    if page != text:
        return Markup.escape(page)
    said = told.retold(text)
    if said.language == told.language:
        return Markup.escape(said.text)
    return Markup('<span lang="{}">{}</span>').format(said.language, said.text)
