"""Writing EXISTS and OPTIONAL as joins, where they are equal.

Oxigraph evaluates EXISTS, NOT EXISTS and an OPTIONAL with a filter on outer variables again for each row; as a join
with a DISTINCT sub-select, as MINUS, or as OPTIONAL with BOUND, the same pattern is evaluated once. The rewriting holds
when the pattern shares variables with its surroundings only where they are certainly bound on both sides: then
compatible means equal, and nothing inside depends on a value from outside. Two steps bring more patterns to that form:

- a pattern whose filters use an outer variable first gets a sub-select of the values that this variable can take there
  (it is certainly bound outside), so that it stands by itself;
- where a variable is bound outside by an OPTIONAL alone, the group is split in two: one with the optional part joined,
  one with the rows for which there is none.

Wherever that does not hold, the original stays. Equality is tested on random graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeAlias

from hrdd_graph.sparql.groups import (
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    Nested,
    Opaque,
    Triples,
    Union,
    certain_of,
)
from hrdd_graph.sparql.paths import Link, patterns_of
from hrdd_graph.sparql.unions import distributed, is_join

Branches: TypeAlias = list[tuple[Group, frozenset[str]]]

_MOST_SPLITS = 2  # each doubles the query
_MANY_TIES = (
    3  # with so many variables from outside, a pattern by itself has far more rows than those that are asked for
)


def rewrite(group: Group) -> Group:
    """The same group with EXISTS and OPTIONAL as joins wherever that is equal."""
    return _Rewriter().group(group, frozenset())


@dataclass
class _Rewriter:
    numbers: Iterator[int] = field(default_factory=count)

    def group(self, group: Group, outside: frozenset[str], *, splits: int = _MOST_SPLITS) -> Group:
        """Rewrite a group. ``outside`` are variables that a filter in it might see from around it (in OPTIONAL)."""
        group = self.exists_joined(distributed(_joins_first(group)))
        if splits and not outside and (parts := _split(group) or _alternatives(group)):
            halves = tuple(self.group(part, outside, splits=splits - 1) for part in parts)
            return Group((_apart(Group((Union(halves),))),))
        plain = tuple(e for e in group.elements if isinstance(e, Filter) and not e.expression.exists)
        patterns: list[Element] = []
        filters: list[Filter] = []
        for element in group.elements:
            if isinstance(element, Filter):
                filters.append(element)
            elif isinstance(element, Bind):
                around = _Around(tuple(patterns), plain, outside)
                joins, expression = self.expression(element.expression, around)
                patterns += [*joins, replace(element, expression=expression)]
            else:
                patterns.append(self.element(element, group, _Around(tuple(patterns), plain, outside)))
        around = _Around(tuple(patterns), plain, outside)
        kept: list[Element] = []
        narrowing: list[tuple[Element, frozenset[str]]] = []
        for item in filters:
            single = _single(item.expression)
            found = around.branches(single.group) if single is not None else []
            if single is not None and single.negated and found:
                narrowing += [(Nested("MINUS", self.group(part, frozenset())), shared) for part, shared in found]
            else:
                joins, expression = self.expression(item.expression, around)
                narrowing += [(join, around.shared(join.group)) for join in joins]
                kept.append(Filter(expression))
        return Group((*_narrowed(tuple(patterns), narrowing), *kept))

    def exists_joined(self, group: Group) -> Group:
        """The group with each filter that is one EXISTS as a join behind the other joins, where it can be."""
        if not any(_choices(element) for element in group.elements):
            return group
        alone = _Around((), (), frozenset())
        joins = tuple(self.element(element, group, alone) for element in group.elements if is_join(element))
        around = _Around(joins, (), Group(group.elements).visible - Group(joins).visible)
        elements = list(group.elements)
        for element in group.elements:
            found = [around.branches(one.group) for one in _choices(element)]
            if found and all(found):
                elements.remove(element)
                last = max(place for place, other in enumerate(elements) if is_join(other))
                matched = [_distinct(self.group(part, frozenset()), tied) for some in found for part, tied in some]
                one = matched[0] if len(matched) == 1 else _apart(Group((Union(tuple(Group((m,)) for m in matched)),)))
                elements.insert(last + 1, one)
        return Group(tuple(elements))

    def element(self, element: Element, group: Group, around: _Around) -> Element:
        if isinstance(element, Nested):
            if element.keyword == "OPTIONAL":
                seen = Group(around.patterns).visible | around.outside
                closed = not (element.group.asked - element.group.certain) & seen
                alone = around.optional(element.group) if closed else around.by_itself(element.group, first=False)
                if alone is not None:
                    return replace(element, group=Group((_apart(self.group(alone, frozenset())),)))
                return replace(element, group=self.group(element.group, group.visible | around.outside))
            inner = self.group(element.group, frozenset())
            return _apart(inner) if element.keyword == "" else replace(element, group=inner)
        if isinstance(element, Union):
            return _apart(Group((Union(tuple(self.group(part, frozenset()) for part in element.groups)),)))
        return element

    def expression(self, expression: Expression, around: _Around) -> tuple[list[Nested], Expression]:
        """Take out of an expression each EXISTS that can be; returns the joins that it needs, and what is left."""
        joins: list[Nested] = []
        pieces: list[str | Exists] = []
        for piece in expression.pieces:
            if isinstance(piece, Exists) and (found := around.branches(piece.group)):
                names = []
                for branch, shared in found:
                    names.append(f"BOUND(?exists{next(self.numbers)})")
                    mark = names[-1][7:-1]
                    pattern = _distinct(self.group(branch, frozenset()), shared, mark=mark)
                    joins.append(Nested("OPTIONAL", Group((pattern,))))
                pieces.append(f"{'!' if piece.negated else ''}( {' || '.join(names)} )")
            else:
                pieces.append(piece)
        return joins, replace(expression, pieces=tuple(pieces))


@dataclass(frozen=True)
class _Around:
    """What stands around a pattern: the patterns before it, its group's filters without EXISTS, and, in OPTIONAL, the
    variables from further outside.
    """

    patterns: tuple[Element, ...]
    filters: tuple[Filter, ...]
    outside: frozenset[str]

    def shared(self, group: Group) -> frozenset[str]:
        """The variables that tie a pattern to its surroundings."""
        return group.mentioned & (Group(self.patterns).visible | self.outside)

    def branches(self, group: Group) -> Branches:
        """The pattern in parts of which one must match, each with the variables that tie it; empty where a part cannot
        be taken out. A union that binds different variables in its branches is taken apart.
        """
        shared = self.shared(group)
        if not shared or not shared <= certain_of(self.patterns) or shared & _assigned(group):
            return []
        if shared <= group.certain:
            wide = len(shared) >= _MANY_TIES or _parts(group.elements, shared) > 1
            together = wide and _parts(e for e in self.patterns if is_join(e)) == 1
            guarded = self.by_itself(group, first=True) if together else None
            return [(guarded or group, shared)]
        for place, element in enumerate(group.elements):
            if isinstance(element, Union) and not (shared & Group((element,)).mentioned) <= certain_of((element,)):
                found: Branches = []
                for branch in element.groups:
                    part = self.branches(
                        Group((*group.elements[:place], *branch.elements, *group.elements[place + 1 :]))
                    )
                    if not part:
                        return []
                    found += part
                return found
        alone = None if _is_look_up(group, shared) else self.by_itself(group, first=True)
        return [] if alone is None else [(alone, shared)]

    def optional(self, group: Group) -> Group:
        """A pattern of OPTIONAL whose filters use nothing from outside. By itself it may be a product of everything,
        where only a variable of its own ties its outer variables together: then it is asked for the values around it.
        """
        joins = [element for element in group.elements if is_join(element)]
        wide = _parts(joins, self.shared(group)) > 1 and _parts(e for e in self.patterns if is_join(e)) == 1
        if not wide or any(not isinstance(element, Filter) for element in group.elements if element not in joins):
            return group
        return self.by_itself(group, first=True) or group

    def by_itself(self, group: Group, *, first: bool) -> Group | None:
        """The pattern with a sub-select of the values that its outer variables can take there; ``None`` where these are
        not certainly bound, or are used where a sub-select beside the patterns does not reach.

        EXISTS puts a value in the place of the variable everywhere, so the values come ``first``; OPTIONAL joins what
        its patterns give by themselves, so they come last.
        """
        shared = self.shared(group)
        if not shared or not shared <= certain_of(self.patterns) or shared & _assigned(group):
            return None
        inner = [g for element in group.elements for g in _groups_of(element)]
        if any(not (shared & g.mentioned) <= g.certain for g in inner):
            return None
        chosen: list[Element] = []
        last = _last_needed(self.patterns, shared)
        for element in self.patterns[: last + 1]:
            binds = isinstance(element, Bind) and element.variable in shared
            if binds:
                chosen = list(self.patterns[: self.patterns.index(element) + 1])
            elif is_join(element):
                chosen.append(element)
        if _parts(chosen) > 1:
            chosen += [element for element in self.patterns if is_join(element) and element not in chosen]
        bound = certain_of(tuple(chosen))
        if not shared <= bound or any(isinstance(e, Triples) and "_:" in e.text for e in chosen):
            return None  # a blank node's label may stand in one group only
        plain = [item for item in self.filters if item.expression.variables <= bound]
        values = _distinct(Group((*chosen, *plain)), shared)
        return _led_by(values, group) if first else Group((*group.elements, values))


def _is_look_up(group: Group, shared: frozenset[str]) -> bool:
    """Whether a pattern is one statement about an outer variable, with filters: a look-up for each row, which is faster
    than a join.
    """
    joins = [element for element in group.elements if not isinstance(element, Filter)]
    exists = any(isinstance(element, Filter) and element.expression.exists for element in group.elements)
    if exists or len(joins) != 1 or not isinstance(joins[0], Triples):
        return False
    return bool(shared & joins[0].variables) and _is_one_statement(joins[0])


def _is_one_statement(run: Triples) -> bool:
    try:
        (pattern,) = patterns_of(run.text)
    except ValueError:
        return False
    return isinstance(pattern.path, Link)


def _led_by(values: Opaque, group: Group) -> Group:
    """The group with its joins made one by one in the order of its text, from these values on.

    The store guesses sizes by the form of a pattern alone and would leave the values, which are few, to the end.
    """
    led: Element = values
    rest: list[Element] = []
    for element in group.elements:
        if isinstance(element, Triples) and not rest:
            led = _apart(Group((led, element)))
        else:
            rest.append(element)
    return Group((led, *rest))


def _assigned(group: Group) -> frozenset[str]:
    """Variables that the group assigns itself, whatever they stand for around it."""
    return frozenset(element.variable for element in group.elements if isinstance(element, Bind))


def _groups_of(element: Element) -> tuple[Group, ...]:
    if isinstance(element, Nested):
        return (element.group,)
    return element.groups if isinstance(element, Union) else ()


def _narrowed(patterns: tuple[Element, ...], narrowing: list[tuple[Element, frozenset[str]]]) -> Iterator[Element]:
    """The patterns with what takes rows away, each as soon as no join is left and its variables are certainly bound, so
    that OPTIONAL and BIND have fewer rows to extend.
    """
    joins = max((place for place, element in enumerate(patterns) if is_join(element)), default=-1)
    waiting = list(narrowing)
    for place, element in enumerate(patterns):
        yield element
        if place >= joins:
            bound = certain_of(patterns[: place + 1])
            yield from (narrower for narrower, shared in waiting if shared <= bound)
            waiting = [(narrower, shared) for narrower, shared in waiting if not shared <= bound]
    yield from (narrower for narrower, _ in waiting)


def _last_needed(patterns: tuple[Element, ...], wanted: frozenset[str]) -> int:
    """The place of the first pattern with which all the wanted variables are certainly bound."""
    for place in range(len(patterns)):
        if wanted <= certain_of(patterns[: place + 1]):
            return place
    return len(patterns) - 1


def _split(group: Group) -> tuple[Group, ...]:
    """The group in two, by the first OPTIONAL that keeps an EXISTS or OPTIONAL behind it from being taken out: with its
    pattern joined, and without what it matches; empty where there is none that can be split off.
    """
    needed = _needed_but_uncertain(group)
    for place, element in enumerate(group.elements):
        if not (isinstance(element, Nested) and element.keyword == "OPTIONAL"):
            continue
        if not element.group.asked <= element.group.certain:
            continue
        before = group.elements[:place]
        shared = element.group.mentioned & Group(before).visible
        offered = element.group.certain - shared
        safe = shared and shared <= element.group.certain and shared <= certain_of(before)
        if safe and offered & needed and not any(isinstance(e, Bind) for e in element.group.elements):
            after = group.elements[place + 1 :]
            with_it = Group((*before, *element.group.elements, *after))
            without = Group((*before, Nested("MINUS", element.group), *after))
            return with_it, without
    return ()


def _joins_first(group: Group) -> Group:
    """The group with an OPTIONAL behind the joins that follow it and have nothing to do with it.

    The store evaluates what follows an OPTIONAL by itself, and that may have no tie but to what stands before.
    """
    elements = list(group.elements)
    for element in reversed(group.elements):
        if not (isinstance(element, Nested) and element.keyword == "OPTIONAL"):
            continue
        place = elements.index(element)
        last = max((at for at, other in enumerate(elements) if is_join(other)), default=-1)
        before, between = tuple(elements[:place]), elements[place + 1 : last + 1]
        own = element.group.mentioned - certain_of(before)
        settled = element.group.asked <= element.group.certain | certain_of(before)
        ties = element.group.mentioned & Group(before).visible
        if last > place and settled and ties <= certain_of(before):
            stays = any(isinstance(other, Bind | Nested) and not is_join(other) for other in between)
            if not stays and not any(own & Group((other,)).mentioned for other in between if is_join(other)):
                elements[place : last + 1] = [*between, element]
    return Group(tuple(elements))


def _alternatives(group: Group) -> tuple[Group, ...]:
    """The group once for each alternative of a filter "this or that exists" without which its patterns have no tie to
    each other; empty where there is no such filter. A row for which several hold is found several times, which nothing
    that uses the rewriting counts.
    """
    if _parts([e for e in group.elements if is_join(e)]) < 2:
        return ()
    for place, element in enumerate(group.elements):
        if isinstance(element, Filter) and (choices := element.expression.alternatives):
            before, after = group.elements[:place], group.elements[place + 1 :]
            return tuple(Group((*before, Filter(choice), *after)) for choice in choices)
    return ()


def _parts(joins: Iterable[Element], among: frozenset[str] | None = None) -> int:
    """In how many parts the patterns fall that share no variable with each other, or none ``among`` these."""
    parts: list[frozenset[str]] = []
    for element in joins:
        names = Group((element,)).visible
        if among is not None:
            names &= among
        if names or among is None:
            parts = [part for part in parts if not part & names] + [names.union(*(p for p in parts if p & names))]
    return len(parts)


def _needed_but_uncertain(group: Group) -> frozenset[str]:
    """Variables that an EXISTS, or an OPTIONAL with filters on outer variables, shares with patterns that may not bind
    them.
    """
    patterns = tuple(element for element in group.elements if not isinstance(element, Filter))
    wanted: set[str] = set()
    for element in group.elements:
        if isinstance(element, Filter | Bind):
            wanted |= {name for exists in element.expression.exists for name in exists.group.mentioned}
        elif (
            isinstance(element, Nested)
            and element.keyword == "OPTIONAL"
            and not element.group.asked <= element.group.certain
        ):
            wanted |= element.group.mentioned
    return frozenset((wanted & Group(patterns).visible) - certain_of(patterns))


def _apart(group: Group) -> Opaque:
    """A group as a sub-select of all its variables: the same rows, found once and joined by hashing.

    Oxigraph evaluates a bare UNION or OPTIONAL again for each row around it (9.3 s against 0.05 s for 813 rows). A
    group in braces it mixes with what is around; by itself the group keeps the order that its own patterns ask for, so
    that a rule can start a closure from its small end.
    """
    return Opaque(f"{{ SELECT * WHERE {group} }}", group.visible, group.certain)


def _single(expression: Expression) -> Exists | None:
    """The EXISTS that is all of an expression."""
    return expression.exists[0] if len(expression.pieces) == 1 and expression.exists else None


def _choices(element: Element) -> tuple[Exists, ...]:
    """The patterns of a filter that asks for one of them to match, or for the only one; empty for any other element."""
    if not isinstance(element, Filter):
        return ()
    found = [_single(each) for each in element.expression.alternatives or (element.expression,)]
    return tuple(one for one in found if one is not None and not one.negated) if all(found) else ()


def _distinct(group: Group, variables: frozenset[str], *, mark: str = "") -> Opaque:
    """A sub-select of the pattern's values for the variables, each once, with a mark that says that it matched."""
    names = " ".join(f"?{name}" for name in sorted(variables))
    marked = f" (true AS ?{mark})" if mark else ""
    mentioned = variables | ({mark} if mark else frozenset())
    return Opaque(f"{{ SELECT DISTINCT {names}{marked} WHERE {group} }}", frozenset(mentioned), variables)
