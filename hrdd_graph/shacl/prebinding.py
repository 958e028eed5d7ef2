"""The SELECT of a SHACL-SPARQL constraint: cut into its parts, and held to SHACL's rules for pre-bound variables.

SHACL binds ``$this`` to one focus node after the other. Joining the target with the body gives the same rows in one
query, provided that the body keeps to https://www.w3.org/TR/shacl/#pre-binding: no MINUS, no SERVICE, no VALUES, no
sub-select that hides ``$this``, no assignment to it. A query that breaks them is refused when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import OWL, SH
from hrdd_graph.sparql.groups import parse_group
from hrdd_graph.sparql.scope import out_of_sight
from hrdd_graph.sparql.tokens import Token, closing, joined, tokens
from hrdd_graph.terms import Term

_AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT")

_FORBIDDEN = {
    "MINUS": "write FILTER NOT EXISTS",
    "SERVICE": "query the view's own graphs",
    "VALUES": "write the values into a FILTER with IN",
    "GRAPH": "shapes see one graph",
    "FROM": "shapes see one graph",
}


class NotJoinable(ValueError):
    """A query that SHACL allows and that cannot be joined with its target as it stands."""


@dataclass(frozen=True)
class Select:
    """A constraint's query: what it selects, the tokens of its group without the braces, and what follows the group.

    ``prefixes`` are those that the query declares itself, beside ``sh:prefixes``.
    """

    projection: tuple[Token, ...]
    body: tuple[Token, ...]
    tail: tuple[Token, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether it says something about all solutions together, so that a solution must not come twice."""
        return any(token.is_word("GROUP", *_AGGREGATES) for token in (*self.projection, *self.tail))


def read_select(text: str) -> Select:
    """Read a constraint's query. Raises ``ValueError`` where it is broken or cannot be joined with its target."""
    prefixes, stream = own_prefixes(tokens(text))
    if not stream or not stream[0].is_word("SELECT"):
        raise ValueError("it must begin with SELECT, or with PREFIX before it.")
    opening = next((i for i, token in enumerate(stream) if token.is_mark("{")), None)
    if opening is None:
        raise ValueError("it has no WHERE group.")
    end = closing(stream, opening)
    head = [token for token in stream[1:opening] if not token.is_word("WHERE")]
    if head and head[0].is_word("DISTINCT", "REDUCED"):
        head = head[1:]
    if not head or head[0].is_mark("*"):
        raise NotJoinable("it must name the variables that it selects, beginning with $this.")
    if not any(token.variable == "this" for token in head):
        raise ValueError("it does not select $this.")
    body, tail = stream[opening + 1 : end], stream[end + 1 :]
    _check_prebinding([*body, *tail])
    select = Select(tuple(head), tuple(body), tuple(tail), prefixes)
    _check_tail(select)
    if blind := out_of_sight(parse_group(body), "this"):
        raise NotJoinable(
            f"{blind} asks for $this inside a group in braces, where a join does not show it; write the condition "
            "outside the braces, or a statement about $this within them."
        )
    return select


def own_prefixes(stream: list[Token]) -> tuple[dict[str, str], list[Token]]:
    """The prefixes that a query declares at its beginning, and its other tokens."""
    found: dict[str, str] = {}
    while len(stream) > 2 and stream[0].is_word("PREFIX") and stream[1].kind == "name" and stream[2].kind == "iri":
        found[stream[1].text.removesuffix(":")] = stream[2].text[1:-1]
        stream = stream[3:]
    return found, stream


def _check_prebinding(body: list[Token]) -> None:
    for index, token in enumerate(body):
        for word, instead in _FORBIDDEN.items():
            if token.is_word(word):
                raise ValueError(f"it uses {word}, which SHACL does not allow here; {instead}.")
        if token.is_word("SELECT"):
            raise NotJoinable("it has a sub-select, which cannot be joined with the target; write a plain group.")
        if token.is_word("AS") and index + 1 < len(body) and body[index + 1].variable == "this":
            raise ValueError("it assigns to $this.")


def _check_tail(select: Select) -> None:
    """What follows the group must say of all focus nodes together what it says of each by itself."""
    grouped = False
    for index, token in enumerate(select.tail):
        if token.is_word("LIMIT", "OFFSET"):
            raise NotJoinable(f"it uses {token.text.upper()}, which SHACL applies to each focus node by itself.")
        if token.is_word("GROUP"):
            by = next((i for i in range(index, len(select.tail)) if select.tail[i].is_word("HAVING", "ORDER")), None)
            grouped = any(t.variable == "this" for t in select.tail[index:by])
    if select.counts and not grouped:
        raise NotJoinable("it counts without GROUP BY $this.")


def declared_prefixes(facts: Facts, holder: Term) -> dict[str, str]:
    """The prefixes that the ``sh:prefixes`` of a constraint or target declare, or what these import."""
    reached = list(facts.objects(holder, SH.prefixes))
    for node in reached:
        reached += [term for term in facts.objects(node, OWL.imports) if term not in reached]
    declarations = [d for node in reached for d in facts.objects(node, SH.declare)]
    return {facts.text(d, SH.prefix): facts.text(d, SH.namespace) for d in declarations}


def spelled_out(stream: Iterable[Token], prefixes: Mapping[str, str]) -> str:
    """Tokens as text, with full addresses for prefixed names. Raises ``ValueError`` for a prefix not declared."""
    return joined([expanded(token, prefixes) for token in stream])


def expanded(token: Token, prefixes: Mapping[str, str]) -> Token:
    """A token with the full address where it is a prefixed name. Raises ``ValueError`` for a prefix not declared."""
    if token.kind != "name":
        return token
    prefix, _, local = token.text.partition(":")
    if prefix not in prefixes:
        raise ValueError(f"the prefix {prefix}: is not declared.")
    local = re.sub(r"\\(.)", r"\1", local)
    return Token("iri", f"<{prefixes[prefix]}{local}>", token.start, token.end)
