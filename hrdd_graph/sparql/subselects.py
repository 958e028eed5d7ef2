"""A SELECT inside a query, or a whole one: what it hands on, and the group that it asks.

``groups`` keeps sub-selects as text, since a pattern is never moved into one or out of it. Who wants to know what a
query reads looks inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hrdd_graph.sparql.groups import Group, Opaque, certain_of, parse_group
from hrdd_graph.sparql.tokens import Token, closing, tokens


@dataclass(frozen=True)
class SubSelect:
    """``names`` are the variables that it hands on as they are. ``group`` has what it works out as BIND at its end."""

    names: frozenset[str]
    group: Group

    @property
    def certain(self) -> frozenset[str]:
        """Variables that every one of its solutions binds."""
        return self.names & certain_within(self.group)


def certain_within(group: Group) -> frozenset[str]:
    """Variables that every solution of the group binds, also by sub-selects that stand in it."""
    inner = (sub_select(element.text) for element in group.elements if isinstance(element, Opaque))
    return certain_of(group.elements).union(*(each.certain for each in inner if each is not None))


@lru_cache(maxsize=5_000)
def sub_select(text: str) -> SubSelect | None:
    """Read a SELECT, in braces or not; nothing for VALUES. Raises ``ValueError`` for what is not read here."""
    stream = tokens(text)
    if stream and stream[0].is_mark("{"):
        stream = stream[1:-1]
    if not stream or not stream[0].is_word("SELECT"):
        return None
    opening = _opening(stream)
    end = closing(stream, opening)
    if any(token.is_word("EXISTS") for token in stream[end + 1 :]):
        raise ValueError("a SELECT asks for EXISTS behind its group.")
    plain, worked_out = _projection(stream[1:opening])
    group = parse_group([*stream[opening + 1 : end], *worked_out])
    return SubSelect(group.visible if plain is None else plain, group)


def _opening(stream: list[Token]) -> int:
    """Where the group begins: at the first brace that is in no expression."""
    depth = 0
    for place, token in enumerate(stream):
        depth += token.is_mark("(") - token.is_mark(")")
        if depth == 0 and token.is_mark("{"):
            return place
    raise ValueError("a SELECT has no group.")


def _projection(head: list[Token]) -> tuple[frozenset[str] | None, list[Token]]:
    """The variables that are handed on, ``None`` for all, and the expressions as the tokens of so many BIND."""
    plain: set[str] = set()
    worked_out: list[Token] = []
    depth = 0
    for token in head:
        if depth == 0 and token.is_mark("*"):
            return None, worked_out
        if depth == 0 and token.variable:
            plain.add(token.variable)
        if depth == 0 and token.is_mark("("):
            worked_out += tokens("BIND")
        depth += token.is_mark("(") - token.is_mark(")")
        if depth or token.is_mark(")"):
            worked_out.append(token)
    return frozenset(plain), worked_out
