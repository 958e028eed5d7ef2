"""A query as scopes: what must match in each, and how the scopes hang together.

A scope is a group of the query: the body, and each OPTIONAL, MINUS, EXISTS, branch of a UNION, sub-select or group in
braces in it. Of a scope it is known which triple patterns every solution satisfies, and which variables it shares,
value for value, with the scope around it. ``$this`` is the focus node in every scope: SHACL binds it before, and what
a query of ours says of other focus nodes in a sub-select makes no difference to this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from hrdd_graph.sparql.groups import Bind, Element, Exists, Filter, Group, Nested, Opaque, Triples, Union
from hrdd_graph.sparql.paths import Pattern, patterns_of
from hrdd_graph.sparql.subselects import certain_within, sub_select
from hrdd_graph.sparql.tokens import tokens

THIS = "this"


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


def scope_of(group: Group) -> Scope:
    """The scopes of a query's group. Raises ``ValueError`` for one with parts that are not read here."""
    return _scope(group, frozenset([THIS]), exists=False)


def _scope(group: Group, outside: frozenset[str], *, exists: bool, optional: bool = False) -> Scope:
    scope = Scope(outside | {THIS})
    # A value from outside is put in before an EXISTS is answered; the filters of an OPTIONAL see the rows around it.
    given = outside if exists else frozenset[str]()
    certain = certain_within(group) | {THIS} | given
    in_filters = certain | (outside if optional else frozenset[str]())
    done: list[Element] = []
    for element in group.elements:
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
            before = certain_within(Group(tuple(done))) | {THIS} | given
            for each in element.expression.exists:
                _exists(scope, each, before)
            if same := _same(element, before):
                scope.ties.append((same,))
        elif isinstance(element, Nested) and element.keyword == "OPTIONAL":
            scope.inner.append(_scope(element.group, certain, exists=False, optional=True))
        elif isinstance(element, Nested) and element.keyword == "MINUS":
            scope.inner.append(_scope(element.group, certain, exists=False))
        elif isinstance(element, Nested) and not element.keyword:
            _joined(scope, (element.group,), certain)
        elif isinstance(element, Union):
            _joined(scope, element.groups, certain)
        elif isinstance(element, Opaque):
            if (inner := sub_select(element.text)) is not None:
                _joined(scope, (inner.group,), certain & inner.names)
        else:
            raise ValueError("it has a part that is not read here.")
        done.append(element)
    return scope


def _joined(scope: Scope, groups: tuple[Group, ...], certain: frozenset[str]) -> None:
    branches = tuple(_scope(group, certain, exists=False) for group in groups)
    scope.inner.extend(branches)
    scope.ties.append(branches)


def _exists(scope: Scope, exists: Exists, outside: frozenset[str]) -> Scope:
    found = _scope(exists.group, outside, exists=True)
    scope.inner.append(found)
    return found


def _equal(comparison: str) -> Equal | None:
    stream = tokens(comparison)
    if len(stream) == 3 and stream[1].is_mark("=") and stream[0].variable and stream[2].variable:
        return Equal(stream[0].variable, stream[2].variable)
    return None


def _same(bind: Bind, before: frozenset[str]) -> Equal | None:
    """What a BIND of a plain variable says."""
    pieces = bind.expression.pieces
    stream = tokens(pieces[0]) if len(pieces) == 1 and isinstance(pieces[0], str) else []
    return Equal(stream[0].variable, bind.variable) if len(stream) == 1 and stream[0].variable in before else None
