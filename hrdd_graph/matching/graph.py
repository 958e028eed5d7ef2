"""The directory of a view: everything in it that others may mean by a name.

Firms and other named parties, clusters, places, countries, sites, rights, standards and laws. Unnamed, collective and
pseudonymous parties are left out, since nobody outside the source can mean them.
"""

from __future__ import annotations

from collections import defaultdict

from hrdd_graph.matching.directory import Directory, Entry
from hrdd_graph.matching.names import LegalForms
from hrdd_graph.matching.score import Profile
from hrdd_graph.namespaces import HOME, PREFIXES, sparql_prologue
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View

KINDS = (
    *("NamedParty", "IndustrialCluster", "Location", "Provision", "Instrument", "StandardEdition"),
    *("Topic", "Sector", "Product"),
)
# What a reader is likeliest to look for, and what a program should offer first.
USUAL_KINDS = ("Organisation", "Firm", "IndustrialCluster", "Place", "Country", "Provision", "Instrument", "Standard")

_ENTRIES = """
SELECT DISTINCT ?thing ?kind ?name ?preferred WHERE {{
  VALUES ?class {{ {classes} }}
  ?thing a ?class ; a ?kind .
  {{ ?thing rdfs:label ?name . BIND ( true AS ?preferred ) }} UNION {{ ?thing skos:altLabel|hrdd:abbreviation ?name }}
  OPTIONAL {{ ?thing a ?hidden . FILTER ( ?hidden = hrdd:UnnamedParty ) }}
  FILTER ( !BOUND(?hidden) )
}}"""
_FACTS = """
SELECT ?thing ?country ?identifier WHERE {{
  VALUES ?class {{ {classes} }}
  ?thing a ?class .
  {{ ?thing hrdd:isBasedIn|hrdd:hasJurisdiction|hrdd:locatedIn ?country . ?country a hrdd:Country }}
  UNION {{ ?thing hrdd:identifier ?identifier }}
}}"""


def directory_of(view: View, forms: LegalForms) -> Directory:
    """Everything in the view that has a name and may be looked for, by address."""
    classes = " ".join(f"hrdd:{kind}" for kind in KINDS)
    names: dict[str, dict[str, bool]] = defaultdict(dict)
    kinds: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, tuple[int, str]] = {}
    prefix = PREFIXES["hrdd"]
    for thing, kind, name, preferred in view.select(sparql_prologue() + _ENTRIES.format(classes=classes)).rows:
        if not isinstance(thing, Iri) or not isinstance(kind, Iri) or not isinstance(name, Literal):
            continue
        if not thing.value.startswith(HOME):
            continue
        names[thing.value][name.value] = True
        if kind.value.startswith(prefix):
            kinds[thing.value].add(kind.value.removeprefix(prefix))
        if preferred is not None:
            candidate = (0 if name.language == "en" else 1, name.value)
            labels[thing.value] = min(candidate, labels.get(thing.value, candidate))
    countries: dict[str, str] = {}
    identifiers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for thing, country, identifier in view.select(sparql_prologue() + _FACTS.format(classes=classes)).rows:
        if isinstance(thing, Iri) and isinstance(country, Iri):
            countries[thing.value] = country.value.removeprefix(PREFIXES["country"]).lower()
        if isinstance(thing, Iri) and isinstance(identifier, Literal):
            scheme, _, value = identifier.value.partition(":")
            identifiers[thing.value].add((scheme, value))
    entries = (
        Entry(
            iri,
            labels[iri][1] if iri in labels else sorted(found)[0],
            tuple(sorted(kinds[iri])),
            Profile(
                tuple(forms.name(name) for name in sorted(found)),
                countries.get(iri, ""),
                "",
                frozenset(identifiers.get(iri, ())),
            ),
        )
        for iri, found in sorted(names.items())
    )
    return Directory(entries, forms)
