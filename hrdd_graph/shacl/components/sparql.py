"""A query of the shape's own: sh:sparql (https://www.w3.org/TR/shacl/#sparql-constraints)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hrdd_graph.namespaces import RDF, SH
from hrdd_graph.shacl.components import Component
from hrdd_graph.shacl.place import Nodes, NotCompilable, Place, Violation
from hrdd_graph.shacl.prebinding import NotJoinable, declared_prefixes, expanded, read_select
from hrdd_graph.shacl.shapes import IllFormed, texts
from hrdd_graph.sparql.antijoins import rewrite
from hrdd_graph.sparql.groups import Group, Triples, parse_group
from hrdd_graph.sparql.paths import Link, patterns_of
from hrdd_graph.sparql.tokens import Token, joined, tokens
from hrdd_graph.terms import Iri, Literal, Term


def _sparql(place: Place, constraint: Term) -> Iterator[Violation]:
    facts = place.shape.facts
    if any(isinstance(v, Literal) and v.value == "true" for v in facts.objects(constraint, SH.deactivated)):
        return
    queries = facts.objects(constraint, SH["select"])
    if len(queries) != 1:
        raise IllFormed(f"{place.shape.node} has a SPARQL constraint without one sh:select.")
    try:
        select = read_select(queries[0].value)
        prefixes = declared_prefixes(facts, constraint) | dict(select.prefixes)
        head, body, tail = (
            [_here(expanded(token, prefixes), place) for token in part]
            for part in (select.projection, select.body, select.tail)
        )
        own, focus = parse_group(body), str(place.focus)
        if select.counts:
            focus = f"{{ SELECT DISTINCT {place.this} WHERE {{ {focus} }} }}"
        last = not tail and place.focus.variable in _begins_with(own) and _leads(own) and _is_choice(place.focus)
        whole = own if last else parse_group([*tokens(f"{focus} "), *body])
        group = whole if select.counts or place.few else rewrite(whole)  # which may find a solution more than once
    except NotCompilable:
        raise
    except NotJoinable as error:
        raise NotCompilable(f"{place.shape.node} has a query of its own kind: {error}") from error
    except ValueError as error:
        raise IllFormed(f"{place.shape.node} has a query that cannot be used: {error}") from error
    names = [token.variable for token in select.projection if token.variable]
    plain = [token for token in head if token.variable and token.variable != place.focus.variable]
    inner = f"{{ SELECT DISTINCT {joined(head)} WHERE {group} {joined(tail)} }}"
    if last:
        inner += f" {place.focus.test}"
    elif place.focus.outer:  # the query stands for each node once, its results for every way to it
        inner = f"{place.focus} {inner}"
    value = "?value" if "value" in names else place.this if place.shape.path is None else ""
    others = tuple(dict.fromkeys(token.variable for token in plain if token.variable not in ("value", "path")))
    yield Violation(
        inner,
        value,
        path="?path" if "path" in names else "",
        others=others,
        message="The constraint's query finds this node",
        messages=texts(facts, constraint),
        node=constraint,
    )


def _begins_with(group: Group) -> frozenset[str]:
    """The variables of the triple patterns with which a group begins: whatever follows is joined with them."""
    first = group.elements[0] if group.elements else None
    return first.variables if isinstance(first, Triples) else frozenset()


def _leads(group: Group) -> bool:
    """Whether the store has a better place to begin than every focus node: a statement about something that is named,
    other than its class, and no way of any length.
    """
    runs = [element.text for element in group.elements if isinstance(element, Triples)]
    try:
        patterns = [pattern for run in runs for pattern in patterns_of(run)]
    except ValueError:
        return False
    steps = [p.path for p in patterns if isinstance(p.path, Link)]
    named = [p for p in patterns if p.object[0] not in "?$" and p.path not in (Link("a"), Link(str(RDF.type)))]
    return bool(named) and len(steps) == len(patterns)


def _is_choice(focus: Nodes) -> bool:
    """Whether the pattern of the focus nodes lists classes: the store takes a list for small, and would begin there."""
    return bool(focus.test) and focus.pattern.startswith("VALUES")


def _here(token: Token, place: Place) -> Token:
    """A token of the constraint's query where it stands: ``$this`` is the focus, ``$PATH`` the shape's path."""
    if token.variable == "this":
        return replace(token, text=place.this)
    if token.variable == "PATH":
        if place.shape.path is None:
            raise ValueError("it uses $PATH, and its shape has no sh:path.")
        return replace(
            token, kind="iri", text=f"({place.shape.path})" if not place.shape.path.predicate else str(place.shape.path)
        )
    if token.variable == "currentShape" and isinstance(place.shape.node, Iri):
        return replace(token, kind="iri", text=str(place.shape.node))
    if token.variable in ("currentShape", "shapesGraph"):
        raise NotCompilable(f"{place.shape.node} asks for ${token.variable}.")
    return token


COMPONENTS = (Component("SPARQL", "sparql", _sparql),)
