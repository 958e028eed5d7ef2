"""What a caller's query may ask: nothing over the network, no update, and no graph outside the view."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urljoin

from hrdd_graph.namespaces import PREFIXES, sparql_prologue
from hrdd_graph.sparql.tokens import Token, tokens
from hrdd_graph.store import Answer, QueryError, Scope
from hrdd_graph.view import View

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def guarded_query(view: View, text: str) -> Answer:
    """Answer a caller's query over the view. Raises ``QueryError`` saying what is not allowed."""
    return view.store.query(*guarded(view, text))


def guarded(view: View, text: str, *, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> tuple[str, Scope]:
    """A caller's query as it may be put to the store, and the graphs of the view that it is about.

    ``default`` and ``named`` come from the protocol's ``default-graph-uri`` and ``named-graph-uri``; ``FROM`` and
    ``FROM NAMED`` count where both are empty. The project's prefixes need no declaration. Raises ``QueryError``.
    """
    try:
        stream = tokens(text)
    except ValueError as error:
        raise QueryError(f"This is not SPARQL: {error}") from error
    _check_addresses(stream)
    words = [token for token in stream if token.kind == "word"]
    form = next((token.text.upper() for token in words if token.is_word(*_FORMS, *_UPDATES)), "")
    if form in _UPDATES:
        raise QueryError(f"{form} would change the graph, and this service only reads.")
    if any(token.is_word("SERVICE") for token in words):
        raise QueryError("SERVICE is refused: queries reach no other service.")
    if not default and not named:
        default, named = _from_clauses(stream)
    chosen = tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))
    hidden = [graph for graphs in chosen for graph in graphs if graph not in view.graphs]
    if hidden:
        raise QueryError(f"{hidden[0]} is not a graph of this view; the catalogue lists those that are.")
    scope = Scope(*chosen) if default or named else Scope(view.graphs)
    return sparql_prologue() + text, scope


def _check_addresses(stream: list[Token]) -> None:
    """Refuse what one reader takes for an address and another for "less than" with a string or comment behind it.

    In ``FILTER(?a<'>'...`` the grammar's longest token is the address ``<'>``, and a store that reads by context sees
    a string begin. Whatever such a string or comment hides, the check for SERVICE would miss. An address with ``://``
    can be nothing else.
    """
    for before, declared, token in zip([None, None, *stream], [None, *stream], stream, strict=False):
        in_prologue = (before is not None and before.is_word("PREFIX")) or (
            declared is not None and declared.is_word("BASE")
        )
        if token.kind == "iri" and not in_prologue and not _ABSOLUTE.match(token.text) and set("'#") & set(token.text):
            raise QueryError(f"{token.text} is refused: write the address in full, or a space behind <.")


def _from_clauses(stream: list[Token]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs that ``FROM`` and ``FROM NAMED`` name, as full addresses."""
    declared = dict(PREFIXES)
    base = next((iri.text[1:-1] for word, iri in pairwise(stream) if word.is_word("BASE")), "")
    for word, name, iri in zip(stream, stream[1:], stream[2:], strict=False):
        if word.is_word("PREFIX"):
            declared[name.text.removesuffix(":")] = iri.text[1:-1]
    default: list[str] = []
    named: list[str] = []
    for index, token in enumerate(stream):
        if token.is_word("FROM"):
            following = stream[index + 1 : index + 3]
            is_named = bool(following) and following[0].is_word("NAMED")
            name = following[-1] if is_named else following[0] if following else token
            found = named if is_named else default
            if name.kind == "iri":
                found.append(urljoin(base, name.text[1:-1]))
            elif name.kind == "name":
                prefix, _, local = name.text.partition(":")
                found.append(declared.get(prefix, "") + local)
    return tuple(default), tuple(named)
