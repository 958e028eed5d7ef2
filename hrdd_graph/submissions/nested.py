"""Addresses for nested nodes that were sent without one: that of what points to them, the property, and a number.

The numbers follow from what the nodes say, so that a second reading of the same content gives the same addresses.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from hrdd_graph.errors import UnusableInput
from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.terms import BlankNode, Iri, Term, Triple


def with_addresses(triples: Iterable[Triple]) -> list[Triple]:
    """The same statements, each blank node named. Raises ``UnusableInput`` where not exactly one node points to it."""
    statements = list(triples)
    about: dict[Term, list[Triple]] = defaultdict(list)
    pointing: dict[Term, list[Triple]] = defaultdict(list)
    for triple in statements:
        if isinstance(triple.subject, BlankNode):
            about[triple.subject].append(triple)
        if isinstance(triple.object, BlankNode):
            pointing[triple.object].append(triple)
    levels = list(_levels(pointing, about))
    if sum(map(len, levels)) != len(about.keys() | pointing.keys()):
        what = "holds a node without an address that not exactly one other node points to."
        raise UnusableInput.one("data", what, fix=f"Give each record an address such as {IDS}abuse/your-name.")
    content = _digests(levels, about)
    names: dict[object, Iri] = {}
    counts: dict[str, int] = defaultdict(int)

    def named(term: object) -> str:
        return str(names.get(term, term))

    def place(node: Term) -> tuple[str, str, str]:
        return named(pointing[node][0].subject), str(pointing[node][0].predicate), content[node]

    for level in levels:
        for node in sorted(level, key=place):
            (parent,) = pointing[node]
            local = parent.predicate.value.removeprefix(PREFIXES["hrdd"]).rpartition("/")[2].rpartition("#")[2]
            record = named(parent.subject).strip("<>").partition("#")[0]
            counts[key := f"{record}#{local}"] += 1
            names[node] = Iri(f"{key}-{counts[key]}")
    return [Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in statements]


def _levels(pointing: Mapping[Term, list[Triple]], about: Mapping[Term, list[Triple]]) -> Iterable[list[Term]]:
    """Nodes by how deep they are nested; those that several point to, or none, and what they hold, are left out."""
    level = [node for node, by in pointing.items() if len(by) == 1 and isinstance(by[0].subject, Iri)]
    while level:
        yield level
        held = (triple.object for node in level for triple in about.get(node, ()))
        level = [term for term in held if isinstance(term, BlankNode) and len(pointing[term]) == 1]


def _digests(levels: Iterable[list[Term]], about: Mapping[Term, list[Triple]]) -> Mapping[object, str]:
    """A digest of what each node says, all that it holds included, and none of its own name."""
    found: dict[object, str] = {}
    for level in reversed(list(levels)):
        for node in level:
            said = sorted(f"{t.predicate} {found.get(t.object, t.object)}" for t in about.get(node, ()))
            found[node] = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return found
