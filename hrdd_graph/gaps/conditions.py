"""The conditions of a rule: its query cut at the comments in it, each of which says in words what comes below it.

A comment that stands at the top level of the WHERE group begins a condition and is its title. What only tells more
about a finding (OPTIONAL and BIND whose variables no condition uses) is no condition and is kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hrdd_graph.gaps.compile import CompiledRule
from hrdd_graph.sparql.groups import Bind, Element, Exists, Filter, Group, Nested, Triples, Union, parse_group
from hrdd_graph.sparql.paths import Pattern, patterns_of
from hrdd_graph.sparql.tokens import Token, comments

UNTITLED = "What it looks at."


@dataclass(frozen=True)
class Condition:
    """A part of a rule's query that must hold: its title, and the elements of the query that make it up."""

    title: str
    elements: tuple[Element, ...]

    @property
    def parts(self) -> tuple[Element, ...]:
        """The elements with runs of triple patterns taken apart."""
        return tuple(part for element in self.elements for part in apart(element))

    @property
    def denials(self) -> tuple[Exists, ...]:
        """The patterns that must not match: each FILTER that is one NOT EXISTS."""
        return tuple(found for element in self.elements if (found := denial(element)) is not None)


@dataclass(frozen=True)
class Reading:
    """A rule's query, read for a day: its conditions in order, and what only tells more."""

    conditions: tuple[Condition, ...]
    telling: tuple[Element, ...]

    @property
    def elements(self) -> tuple[Element, ...]:
        return (*(element for condition in self.conditions for element in condition.elements), *self.telling)


def read_conditions(compiled: CompiledRule, day: date) -> Reading:
    """The conditions of a compiled rule on a day."""
    blocks = [(title, _elements(compiled, block, day)) for title, block in _blocks(compiled)]
    needed = _needed(tuple(element for _, elements in blocks for element in elements))
    conditions = []
    telling: list[Element] = []
    for title, elements in blocks:
        required = tuple(element for element in elements if id(element) in needed)
        telling += [element for element in elements if id(element) not in needed]
        if required:
            conditions.append(Condition(title or UNTITLED, required))
    return Reading(tuple(conditions), tuple(telling))


def titles_of(compiled: CompiledRule) -> tuple[str, ...]:
    """The titles of a rule's conditions, which do not depend on the day."""
    return tuple(condition.title for condition in read_conditions(compiled, date.today()).conditions)


def apart(element: Element) -> tuple[Element, ...]:
    """A run of triple patterns as one element for each; any other element as it is."""
    if not isinstance(element, Triples):
        return (element,)
    try:
        return tuple(Triples(pattern.text, variables_of(pattern)) for pattern in patterns_of(element.text))
    except ValueError:
        return (element,)


def variables_of(pattern: Pattern) -> frozenset[str]:
    """The variables at the two ends of a pattern."""
    return frozenset(end[1:] for end in (pattern.subject, pattern.object) if end[0] in "?$")


def denial(element: Element) -> Exists | None:
    """The pattern of a FILTER that is one NOT EXISTS and nothing else."""
    if isinstance(element, Filter) and len(element.expression.pieces) == 1 and element.expression.exists:
        exists = element.expression.exists[0]
        return exists if exists.negated else None
    return None


def visible(elements: tuple[Element, ...]) -> frozenset[str]:
    """The variables that the elements may bind."""
    return Group(elements).visible


def open_names(element: Element) -> frozenset[str]:
    """The variables that an element speaks of without binding them itself."""
    if isinstance(element, Triples):
        return frozenset()
    return Group((element,)).mentioned - Group((element,)).certain


def _blocks(compiled: CompiledRule) -> list[tuple[str, list[Token]]]:
    body = compiled.body
    if not body:
        return []
    remarks = [(at, words) for at, words in comments(compiled.rule.select) if words]
    blocks: list[tuple[str, list[Token]]] = [("", [])]
    depth = 0
    for previous, token in zip([None, *body], body, strict=False):
        begun = previous.end if previous is not None else 0
        above = [words for at, words in remarks if begun <= at < token.start]
        if above and depth == 0 and not (previous is not None and previous.text in (";", ",")):
            blocks.append((" ".join(above), []))
        blocks[-1][1].append(token)
        depth += token.is_mark("{") + token.is_mark("(") - token.is_mark("}") - token.is_mark(")")
    return [(title, block) for title, block in blocks if block]


def _elements(compiled: CompiledRule, block: list[Token], day: date) -> tuple[Element, ...]:
    literal = f'"{day.isoformat()}"^^<http://www.w3.org/2001/XMLSchema#date>'
    dated = [
        replace(token, kind="literal", text=literal) if token.variable == compiled.day_variable != "" else token
        for token in block
    ]
    return parse_group(dated).elements


def _needed(elements: tuple[Element, ...]) -> set[int]:
    """The elements that decide, and those OPTIONAL and BIND whose variables these use."""
    found = {id(e) for e in elements if isinstance(e, Filter | Triples | Union) or _must_match(e)}
    while True:
        used = Group(tuple(e for e in elements if id(e) in found)).mentioned
        certain = Group(tuple(e for e in elements if id(e) in found)).visible
        more = {
            id(e)
            for e in elements
            if id(e) not in found and isinstance(e, Bind | Nested) and (Group((e,)).visible - certain) & used
        }
        if not more:
            return found
        found |= more


def _must_match(element: Element) -> bool:
    return not isinstance(element, Bind) and not (isinstance(element, Nested) and element.keyword == "OPTIONAL")
