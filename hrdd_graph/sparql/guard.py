"""What a caller's query may ask: nothing over the network, no update, and no graph outside the view."""

from __future__ import annotations

from hrdd_graph.namespaces import PREFIXES, sparql_prologue
from hrdd_graph.sparql.tokens import Token, tokens
from hrdd_graph.store import Answer, QueryError, Scope
from hrdd_graph.view import View

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def guarded_query(view: View, text: str, *, graphs: tuple[str, ...] = ()) -> Answer:
    """Answer a caller's query over the view, or over those of its graphs that the caller chose.

    ``graphs`` come from the protocol's ``default-graph-uri``; ``FROM`` in the text is used where they are empty. The
    project's prefixes need no declaration. Raises ``QueryError`` saying what is not allowed.
    """
    try:
        stream = tokens(text)
    except ValueError as error:
        raise QueryError(f"This is not SPARQL: {error}") from error
    words = [token for token in stream if token.kind == "word"]
    form = next((token.text.upper() for token in words if token.is_word(*_FORMS, *_UPDATES)), "")
    if form in _UPDATES:
        raise QueryError(f"{form} would change the graph, and this service only reads.")
    if any(token.is_word("SERVICE") for token in words):
        raise QueryError("SERVICE is refused: queries reach no other service.")
    chosen = graphs or _from_clauses(stream)
    hidden = [graph for graph in chosen if graph not in view.graphs]
    if hidden:
        raise QueryError(f"{hidden[0]} is not a graph of this view; the catalogue lists those that are.")
    scope = Scope(tuple(dict.fromkeys(chosen)) or view.graphs)
    return view.store.query(sparql_prologue() + text, scope)


def _from_clauses(stream: list[Token]) -> tuple[str, ...]:
    """The graphs that ``FROM`` and ``FROM NAMED`` name, as full addresses."""
    declared = dict(PREFIXES)
    for word, name, iri in zip(stream, stream[1:], stream[2:], strict=False):
        if word.is_word("PREFIX"):
            declared[name.text.removesuffix(":")] = iri.text[1:-1]
    found = []
    for index, token in enumerate(stream):
        if token.is_word("FROM"):
            follower = stream[index + 1] if index + 1 < len(stream) else token
            if follower.is_word("NAMED"):
                follower = stream[index + 2] if index + 2 < len(stream) else token
            if follower.kind == "iri":
                found.append(follower.text[1:-1])
            elif follower.kind == "name":
                prefix, _, local = follower.text.partition(":")
                found.append(declared.get(prefix, "") + local)
    return tuple(found)
