"""What a text is like: sh:minLength, sh:maxLength, sh:pattern, sh:languageIn, sh:uniqueLang."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from hrdd_graph.namespaces import SH
from hrdd_graph.shacl.components import Component, single
from hrdd_graph.shacl.place import NotCompilable, Place, Violation
from hrdd_graph.sparql.syntax import evaluates
from hrdd_graph.terms import Literal, Term, sparql_text


def _length(sign: str, words: str) -> Callable[[Place, Term], Iterator[Violation]]:
    def violations(place: Place, length: Term) -> Iterator[Violation]:
        condition = f"!isBlank({place.value}) && STRLEN(STR({place.value})) {sign} {place.term(length)}"
        yield place.unless(condition, f"Value has {words} than {length.value} characters")

    return violations


def _pattern(place: Place, pattern: Term) -> Violation:
    flags = place.shape.one(SH.flags)
    arguments = ", ".join(sparql_text(Literal(term.value)) for term in (pattern, flags) if term is not None)
    if not _is_known(arguments):
        raise NotCompilable(f"{place.shape.node} has a pattern that is no regular expression of SPARQL: {pattern}.")
    condition = f"!isBlank({place.value}) && REGEX(STR({place.value}), {arguments})"
    return place.unless(condition, f"Value does not match the pattern {pattern.value}")


@cache
def _is_known(arguments: str) -> bool:
    return evaluates(f'REGEX("", {arguments})')


def _language_in(place: Place, head: Term) -> Violation:
    ranges = [place.term(member) for member in place.shape.members(head)]
    matches = " || ".join(f"langMatches(LANG({place.value}), {language})" for language in ranges) or "false"
    return place.unless(f"isLiteral({place.value}) && ({matches})", f"Language is none of {', '.join(ranges)}")


def _unique_language(place: Place, wanted: Term) -> Iterator[Violation]:
    if wanted.value != "true":
        return
    language = place.fresh()
    tagged = f'{place.values} BIND(LCASE(LANG({place.value})) AS ?{language}) FILTER(?{language} != "")'
    several = f"GROUP BY {place.focus.key} ?{language} HAVING(COUNT(DISTINCT {place.value}) > 1)"
    where = f"{{ SELECT {place.focus.key} ?{language} WHERE {{ {tagged} }} {several} }}"
    yield Violation(where, others=(language,), message="More than one value in a language")


COMPONENTS = (
    Component("MinLength", "minLength", _length(">=", "fewer"), spelling=True),
    Component("MaxLength", "maxLength", _length("<=", "more"), spelling=True),
    Component("Pattern", "pattern", single(_pattern), spelling=True),
    Component("LanguageIn", "languageIn", single(_language_in)),
    Component("UniqueLang", "uniqueLang", _unique_language),
)
