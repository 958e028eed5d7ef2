"""A rule's query as scopes: what must match in each, and how the scopes hang together.

A scope is a group of the query: the body, and each OPTIONAL, EXISTS, branch of a UNION or group in braces in it. Of a
scope it is known which triple patterns every solution satisfies, and which variables it shares, value for value, with
the scope around it. ``$this`` is the focus node in every scope, since SHACL binds it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from hrdd_graph.gaps.compile import CompiledRule
from hrdd_graph.sparql.groups import (
    Bind,
    Element,
    Exists,
    Filter,
    Group,
    Nested,
    Triples,
    Union,
    certain_of,
    parse_group,
)
from hrdd_graph.sparql.paths import Pattern, patterns_of
from hrdd_graph.sparql.tokens import tokens

THIS = "this"
_DAY = '"2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'  # which day it is plays no part here


@dataclass(frozen=True)
class Equal:
    """An alternative that holds where two variables have one value."""

    first: str
    second: str


@dataclass(frozen=True, eq=False)
class Scope:
    """A group of a query.

    ``patterns`` match in every solution. ``outside`` are the variables whose value a solution shares with the scope
    around it. Each of ``ties`` is a tuple of alternatives of which every solution satisfies one; those that are scopes
    are among ``inner`` too.
    """

    outside: frozenset[str]
    patterns: list[Pattern] = field(default_factory=list)
    ties: list[tuple[Scope | Equal, ...]] = field(default_factory=list)
    inner: list[Scope] = field(default_factory=list)

    def every(self, above: tuple[Scope, ...] = ()) -> Iterator[tuple[Scope, ...]]:
        """Each scope from here on, with those around it, the innermost first."""
        line = (self, *above)
        yield line
        for scope in self.inner:
            yield from scope.every(line)


Tie: TypeAlias = tuple[Scope | Equal, ...]


def scopes_of(compiled: CompiledRule) -> Scope:
    """The scopes of a rule's body. Raises ``ValueError`` for a query with parts that are not read here."""
    body = [
        replace(token, kind="literal", text=_DAY) if token.variable == compiled.day_variable != "" else token
        for token in compiled.body
    ]
    return _scope(parse_group(body).elements, frozenset([THIS]), exists=False)


def _scope(elements: tuple[Element, ...], outside: frozenset[str], *, exists: bool, optional: bool = False) -> Scope:
    scope = Scope(outside | {THIS})
    # A value from outside is put in before an EXISTS is answered; the filters of an OPTIONAL see the rows around it.
    given = outside if exists else frozenset[str]()
    certain = certain_of(elements) | {THIS} | given
    in_filters = certain | (outside if optional else frozenset[str]())
    done: list[Element] = []
    for element in elements:
        if isinstance(element, Triples):
            scope.patterns.extend(patterns_of(element.text))
        elif isinstance(element, Filter):
            known = {id(e): _exists(scope, e, in_filters) for e in element.expression.exists}
            pieces = element.expression.pieces
            if len(pieces) == 1 and isinstance(pieces[0], Exists) and not pieces[0].negated:
                scope.ties.append((known[id(pieces[0])],))
            elif alternatives := element.expression.alternatives:
                tie = [known[id(a.exists[0])] if a.exists else _equal(str(a.pieces[0])) for a in alternatives]
                if all(tie):
                    scope.ties.append(tuple(each for each in tie if each is not None))
        elif isinstance(element, Bind):
            # It sees what stands before it.
            before = certain_of(tuple(done)) | {THIS} | given
            for each in element.expression.exists:
                _exists(scope, each, before)
        elif isinstance(element, Nested) and element.keyword == "OPTIONAL":
            scope.inner.append(_scope(element.group.elements, certain, exists=False, optional=True))
        elif isinstance(element, Nested) and not element.keyword:
            _joined(scope, (element.group,), certain)
        elif isinstance(element, Union):
            _joined(scope, element.groups, certain)
        else:
            raise ValueError("it has a part that is not read here.")
        done.append(element)
    return scope


def _joined(scope: Scope, groups: tuple[Group, ...], certain: frozenset[str]) -> None:
    branches = tuple(_scope(group.elements, certain, exists=False) for group in groups)
    scope.inner.extend(branches)
    scope.ties.append(branches)


def _exists(scope: Scope, exists: Exists, outside: frozenset[str]) -> Scope:
    found = _scope(exists.group.elements, outside, exists=True)
    scope.inner.append(found)
    return found


def _equal(comparison: str) -> Equal | None:
    stream = tokens(comparison)
    if len(stream) == 3 and stream[1].is_mark("=") and stream[0].variable and stream[2].variable:
        return Equal(stream[0].variable, stream[2].variable)
    return None
