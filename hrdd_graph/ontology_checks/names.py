"""How terms are named: classes are nouns, object properties start with a verb, datatype properties are nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import HRDD, OWL
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import Iri


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PREPOSITIONS = _words_of("as at by for from in of on since through to until with")
_PARTICIPLES = _words_of("drawn found given held known made paid said taken")
# Short forms that everybody in the field reads.
_KNOWN_SHORT = _words_of("id ilo iso max min sha")
_SHORT_WORDS = _PREPOSITIONS | _words_of("about and has is its no not or")
_CLIPPED = _words_of(
    "abbr addr amt assoc avg cat cert comm corp desc dept dest dir doc fin freq gov govt grp info int lang loc mgmt "
    "mgr misc msg ngo num obj org orig param pos prod qty rec ref reg rel req resp spec src std tech temp val var vol"
)


def classes_that_are_no_nouns(model: Model) -> Iterator[Problem]:
    """A class or a list value is written in CamelCase; a class is a noun in the singular."""
    for term in model.own(OWL.Class, OWL.NamedIndividual):
        words = _words(term)
        if not re.fullmatch(r"([A-Z][a-z]+)+", _name(term)):
            yield model.problem(term, "is not written in CamelCase.", "Write each word with one capital.")
        elif term in model.classes and _is_verb(words[0]) and words[0] in ("has", "is"):
            yield model.problem(term, "starts with a verb, and a class is a noun.", "Name the thing.")
        elif term in model.classes and re.search(r"[^isu]s$", words[-1]):
            yield model.problem(term, "is in the plural, and a class is named after one of its members.", "Use one.")


def object_properties_without_a_verb(model: Model) -> Iterator[Problem]:
    """An object property starts with a verb (hasBuyer, affects) or a participle (statedIn), or has a reason."""
    for term in model.own(OWL.ObjectProperty):
        words = _words(term)
        if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", _name(term)):
            yield model.problem(term, "is not written in camelCase.", "Start with a small letter, no other marks.")
        elif not (_is_verb(words[0]) or _is_participle(words)) and not _has_reason(model, term):
            yield model.problem(term, "does not start with a verb.", "Rename it, or say why with hrdd:nameReason.")


def datatype_properties_that_are_no_nouns(model: Model) -> Iterator[Problem]:
    """A datatype property is a noun or an adjective (participles count), or has a reason."""
    for term in model.own(OWL.DatatypeProperty):
        words = _words(term)
        points = len(words) > 1 and _is_participle(words) and words[1] == "by"
        if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*[0-9]*", _name(term)):
            yield model.problem(term, "is not written in camelCase.", "Start with a small letter, no other marks.")
        elif (_is_verb(words[0]) or words[0] in _PREPOSITIONS or points) and not _has_reason(model, term):
            yield model.problem(
                term, "reads as a verb or a preposition.", "Rename it, or say why with hrdd:nameReason."
            )


def abbreviated_names(model: Model) -> Iterator[Problem]:
    """No word of a name is cut short, but for a few that everybody in the field reads (ILO, ISO)."""
    for term in model.own(
        OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual
    ):
        for word in _words(term):
            short = word in _CLIPPED or (len(word) < 3 and word not in _SHORT_WORDS) or not re.search(r"[aeiouy]", word)
            if short and word not in _KNOWN_SHORT:
                yield model.problem(term, f'has the abbreviation "{word}" in its name.', "Write the word out.")


def _has_reason(model: Model, term: Iri) -> bool:
    return bool(model.facts.objects(term, HRDD.nameReason))


def _name(term: Iri) -> str:
    return re.split(r"[#/]", term.value)[-1]


def _words(term: Iri) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", _name(term))] or [_name(term)]


def _is_verb(word: str) -> bool:
    """The third person of a verb, as far as its form tells."""
    return word == "is" or (word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2)


def _is_participle(words: list[str]) -> bool:
    return len(words) > 1 and (words[0].endswith("ed") or words[0] in _PARTICIPLES) and words[1] in _PREPOSITIONS
