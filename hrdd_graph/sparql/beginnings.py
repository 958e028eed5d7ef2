"""Where a group in braces begins with a statement of which only one variable is asked for, its values are found once.

In ``{ ?harm a :Abuse ; :occurredIn ?place . ?tie :hasSupplier ?place }``, where nothing asks for ``?harm``, each place
is looked up once and not once for each harm. The look-up may be dear: Oxigraph in memory finds what points to a node by
one list of everything that does, and all harms of a country share that list. Rows may be fewer by such repetitions; a
query that counts must not be written so.
"""

from __future__ import annotations

from hrdd_graph.sparql.groups import Bind, Element, Exists, Expression, Filter, Group, Nested, Opaque, Triples, Union


def begun_once(group: Group, asked: frozenset[str]) -> Group:
    """The same group with such beginnings as DISTINCT sub-selects. ``asked`` are the variables that are selected."""
    elements = group.elements
    around = (asked | Group((*elements[:at], *elements[at + 1 :])).mentioned for at in range(len(elements)))
    return Group(tuple(_within(element, others) for element, others in zip(elements, around, strict=True)))


def _within(element: Element, asked: frozenset[str]) -> Element:
    if isinstance(element, Nested):
        inner = begun_once(element.group, asked)
        return Nested(element.keyword, inner if element.keyword else _with_short_beginning(inner, asked))
    if isinstance(element, Union):
        every = asked | Group((element,)).mentioned
        return Union(tuple(begun_once(branch, every) for branch in element.groups))
    if isinstance(element, Filter):
        return Filter(_expression(element.expression, asked))
    if isinstance(element, Bind):
        return Bind(_expression(element.expression, asked), element.variable)
    return element


def _expression(expression: Expression, asked: frozenset[str]) -> Expression:
    pieces = []
    for piece in expression.pieces:
        others = (one.group.mentioned for one in expression.exists if one is not piece)
        around = asked.union(expression.variables, *others)
        pieces.append(Exists(begun_once(piece.group, around), piece.negated) if isinstance(piece, Exists) else piece)
    return Expression(tuple(pieces), expression.variables)


def _with_short_beginning(group: Group, asked: frozenset[str]) -> Group:
    first, *rest = group.elements or (None,)
    if not isinstance(first, Triples) or not rest or "_:" in first.text:
        return group
    wanted = first.variables & (asked | Group(tuple(rest)).mentioned)
    if len(wanted) != 1 or wanted == first.variables:
        return group
    text = f"{{ SELECT DISTINCT {''.join(f'?{name}' for name in wanted)} WHERE {{ {first.text} . }} }}"
    return Group((Opaque(text, wanted, wanted), *rest))
