"""What went wrong, in the language of the page: what the library and this layer say, and the shapes of records."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from fastapi import Request
from markupsafe import Markup

from hrdd_api import speech
from hrdd_graph.namespaces import PREFIXES, RDFS
from hrdd_graph.ontology import read_turtle
from hrdd_graph.resources import Resources
from hrdd_graph.retelling import FOLDER as LIBRARY
from hrdd_graph.retelling import Retelling
from hrdd_graph.shacl.records import compiled_folder
from hrdd_graph.speech import OWN, best, pairs
from hrdd_graph.terms import Iri, Literal

FOLDER = speech.FOLDER / "errors"  # the messages of what this layer says
_SHAPES = ("records", "release")


@cache
def retelling(language: str, shapes: Path, ontology: Path | None = None) -> Retelling:
    """What can be retold in a language; ``shapes`` is the folder with those of records and of releases, and the names
    of things come from ``ontology``.
    """
    told = pairs(language, LIBRARY) | pairs(language, FOLDER)
    for name in _SHAPES if language != OWN else ():
        told |= compiled_folder(shapes / name).shapes.pairs(language)
    return Retelling.of(language, told, _names(language, ontology) if ontology and language != OWN else {})


def _names(language: str, ontology: Path) -> dict[str, str]:
    """What the ontology's things are called: from the English label, and from the name of a class, to the label."""
    labels: dict[Iri, dict[str, str]] = defaultdict(dict)
    for path in sorted(ontology.rglob("*.ttl")):
        for quad in read_turtle(path):
            if quad.predicate == RDFS.label and isinstance(quad.object, Literal) and isinstance(quad.subject, Iri):
                labels[quad.subject][quad.object.language or OWN] = quad.object.value
    found = {}
    for thing, by_language in labels.items():
        name = by_language[best(by_language, language)]
        found[by_language.get(OWN, "")] = name
        if thing.value.startswith(PREFIXES["hrdd"]):
            found[thing.value.removeprefix(PREFIXES["hrdd"])] = name.lower()
    return found


def retelling_for(request: Request) -> Retelling:
    """What can be retold in the language of this reader."""
    resources: Resources = request.app.state.knowledge.resources
    return retelling(speech.spoken(request), resources.shapes, resources.ontology)


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
