"""What stands in patterns: their variables, constants and properties."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from hrdd_graph.namespaces import HRDD, RDF, SKOS, expand
from hrdd_graph.reach.scopes import Equal, Scope, Tie
from hrdd_graph.sparql.paths import Alternative, Inverse, Link, Path, Pattern, Repeat, Sequence
from hrdd_graph.terms import Iri

# What many records point to: from there one comes to half the graph, so only where there is no other way.
_HUBS = frozenset(
    [
        *(HRDD.concernsTopic, HRDD.coversTopic, HRDD.infringes, HRDD.engages, HRDD.commitsTo, HRDD.statedIn),
        *(HRDD.isBasedIn, HRDD.locatedIn, HRDD.hasJurisdiction, SKOS.broader),
    ]
)


class Unbounded(Exception):
    """A walk that cannot be bounded; the message says why."""


@lru_cache(maxsize=50_000)
def names_of(scope: Scope) -> frozenset[str]:
    """Variables that every solution of a scope binds by patterns of its own."""
    ends = (end for pattern in scope.patterns for end in (pattern.subject, pattern.object))
    return frozenset(name for end in ends if (name := variable(end))) | frozenset(
        name for tie in scope.ties for name in tied(tie)
    )


@lru_cache(maxsize=50_000)
def tied(tie: Tie) -> frozenset[str]:
    """Variables that every alternative binds, or compares with one that is bound."""
    names = [frozenset([e.first, e.second]) if isinstance(e, Equal) else names_of(e) & e.outside for e in tie]
    return frozenset.intersection(*names)


def variable(end: str) -> str:
    """The name of a variable; empty for a constant."""
    return end[1:] if end[0] in "?$" else ""


@lru_cache(maxsize=10_000)
def constant(end: str) -> Iri | None:
    """The address that a constant stands for; nothing for a literal, which may be written in several ways."""
    if end[0] in "?$\"'" or end[0].isdigit() or end in ("true", "false"):
        return None
    return Iri(end[1:-1]) if end[0] == "<" else Iri(expand(end))


@lru_cache(maxsize=10_000)
def leads_to_hub(pattern: Pattern) -> bool:
    """Whether a pattern leads to what many records point to."""
    return any(property_of(link) in _HUBS for link in links_of(pattern.path))


@lru_cache(maxsize=10_000)
def property_of(link: Link) -> Iri | None:
    """The property that a link passes over; nothing for a variable, which passes over any."""
    if link.name[0] in "?$":
        return None
    return RDF.type if link.name == "a" else Iri(link.name[1:-1] if link.name[0] == "<" else expand(link.name))


@lru_cache(maxsize=10_000)
def is_named(pattern: Pattern) -> bool:
    """Whether each property of a pattern is known: only along such patterns one can walk."""
    return all(property_of(link) is not None for link in links_of(pattern.path))


def named(link: Link) -> Iri:
    """The property that a link passes over. Raises ``Unbounded`` for a variable."""
    found = property_of(link)
    if found is None:
        raise Unbounded("a property is not named")
    return found


def links_of(path: Path) -> Iterable[Link]:
    """Every link of a path."""
    if isinstance(path, Link):
        yield path
    elif isinstance(path, Inverse | Repeat):
        yield from links_of(path.path)
    elif isinstance(path, Sequence):
        yield from links_of(path.first)
        yield from links_of(path.rest)
    elif isinstance(path, Alternative):
        for each in path.paths:
            yield from links_of(each)
