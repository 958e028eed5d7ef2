"""What is on record about things, property by property: for tools that add columns to a table of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HOME, PREFIXES, compact, sparql_prologue
from hrdd_graph.terms import Iri, Literal, Term, order_key, sparql_text
from hrdd_graph.view import View

_HIDDEN = ("rdf:type", "rdfs:isDefinedBy")


@dataclass(frozen=True)
class Property:
    """A property that things in the view have: its short name (``hrdd:isBasedIn``) and its label."""

    name: str
    label: str

    @property
    def iri(self) -> Iri:
        prefix, _, local = self.name.partition(":")
        return Iri(PREFIXES[prefix] + local)


def properties_of(view: View, kind: str = "", language: str = "en") -> list[Property]:
    """The properties that things of a class have in the view; of all things where no class is named."""
    place = f"?thing a {sparql_text(Iri(PREFIXES['hrdd'] + kind))} ." if kind else ""
    rows = view.select(f"SELECT DISTINCT ?property WHERE {{ {place} ?thing ?property ?value }}")
    found = [row[0] for row in rows.rows if isinstance(row[0], Iri)]
    say = labels_for(view, found, language)
    named = {compact(iri.value): say(iri) for iri in found}
    return [
        Property(name, label)
        for name, label in sorted(named.items())
        if name.partition(":")[0] in PREFIXES and name not in _HIDDEN
    ]


def values_of(
    view: View, things: Iterable[str], properties: Sequence[Property]
) -> Mapping[tuple[str, str], list[Term]]:
    """For each thing (an address) and property (a short name) its values, in a stable order."""
    addresses = " ".join(sparql_text(Iri(thing)) for thing in dict.fromkeys(things))
    by_iri = {prop.iri.value: prop.name for prop in properties}
    if not addresses or not by_iri:
        return {}
    wanted = " ".join(sparql_text(prop.iri) for prop in properties)
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?thing ?property ?value WHERE {{ VALUES ?thing {{ {addresses} }} "
        f"VALUES ?property {{ {wanted} }} ?thing ?property ?value }}"
    )
    found: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for thing, prop, value in rows.rows:
        if isinstance(thing, Iri) and isinstance(prop, Iri) and isinstance(value, Iri | Literal):
            found[thing.value, by_iri[prop.value]].append(value)
    return {key: sorted(values, key=order_key) for key, values in found.items()}


def is_ours(iri: str) -> bool:
    """Whether an address is one that this graph answers for."""
    return iri.startswith(HOME)
