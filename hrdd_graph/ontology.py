"""The ontology as the code needs it: classes, properties, list values, and the JSON-LD context made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from hrdd_graph.errors import UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import HRDD, IDS, OWL, PREFIXES, RDF, RDFS, XSD
from hrdd_graph.terms import BlankNode, Iri, Quad, RdfFormat, Term, Triple, parse

CONTEXT_IRI = "https://w3id.org/hrdd-graph/context.jsonld"

# Keys of a sheet that are not terms of the ontology, and what they mean in JSON-LD.
STANDARD_KEYS: Mapping[str, Any] = {
    "id": "@id",
    "type": "@type",
    "records": "@graph",
    "label": {"@id": RDFS.label.value, "@language": "en"},
    "labels": {"@id": RDFS.label.value, "@container": "@language"},
    "altLabel": {"@id": PREFIXES["skos"] + "altLabel", "@language": "en"},
    "description": {"@id": PREFIXES["dcterms"] + "description", "@language": "en"},
    "seeAlso": {"@id": RDFS.seeAlso.value, "@type": "@id"},
}


@dataclass(frozen=True)
class Property:
    """A property: its local name, whether it points to a node, and its domain and range as local class names.

    For a datatype property ``ranges`` holds the address of the datatype.
    """

    name: str
    points: bool
    domains: frozenset[str]
    ranges: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of ``ontology/hrdd.ttl`` by local name."""

    parents: Mapping[str, frozenset[str]]
    properties: Mapping[str, Property]
    values: Mapping[str, frozenset[str]]  # list value -> its classes
    chains: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # "^p" is the inverse of p
    super_properties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _ancestors: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def ancestors(self, name: str) -> frozenset[str]:
        """The class and all that stand above it."""
        if name not in self._ancestors:
            self._ancestors[name] = self._find_ancestors(name)
        return self._ancestors[name]

    def _find_ancestors(self, name: str) -> frozenset[str]:
        found = {name}
        todo = [name]
        while todo:
            for parent in self.parents.get(todo.pop(), frozenset()):
                if parent not in found:
                    found.add(parent)
                    todo.append(parent)
        return frozenset(found)

    def is_a(self, names: Iterable[str], ancestor: str) -> bool:
        """Whether any of the classes is, or stands below, ``ancestor``."""
        return any(ancestor in self.ancestors(name) for name in names)

    @cached_property
    def classes_above(self) -> Mapping[Term | Triple, tuple[Iri, ...]]:
        """For each class those that stand above it; classes of other ontologies stay out of the data."""
        return {
            HRDD[name]: tuple(HRDD[each] for each in sorted(self.ancestors(name) - {name}) if ":" not in each)
            for name in self.parents
        }

    @cached_property
    def properties_above(self) -> Mapping[Iri, tuple[Iri, ...]]:
        """For each property those of ours that stand next above it."""
        return {
            HRDD[name]: tuple(HRDD[each] for each in sorted(above) if ":" not in each)
            for name, above in self.super_properties.items()
        }

    @cached_property
    def leading(self) -> frozenset[Iri]:
        """The properties whose statements lead to others by the ontology, or may follow from others."""
        steps = {step.removeprefix("^") for paths in self.chains.values() for path in paths for step in path}
        above = {each for found in self.properties_above.values() for each in found}
        names = {"corrects", "hasStatus", *steps, *self.chains, *self.super_properties}
        return frozenset([RDF.type, *above, *map(iri_of, names)])

    def takes_list_value(self, prop: Property) -> bool:
        """Whether the property's values are names of the ontology (list values or classes), not addresses of data."""
        return prop.name == "lacks" or prop.name in self._with_list_values

    @cached_property
    def _with_list_values(self) -> frozenset[str]:
        return frozenset(
            name
            for name, prop in self.properties.items()
            if prop.ranges and all(self.is_a([each], "Qualifier") for each in prop.ranges)
        )

    def context(self) -> dict[str, Any]:
        """The JSON-LD context under which sheets and exports are read (without the outer ``@context`` key)."""
        context: dict[str, Any] = {"@version": 1.1, "@base": IDS, "@vocab": PREFIXES["hrdd"]}
        context |= {prefix: {"@id": address, "@prefix": True} for prefix, address in PREFIXES.items()}
        context |= STANDARD_KEYS
        for name, prop in sorted(self.properties.items()):
            term: dict[str, str] = {"@id": PREFIXES["hrdd"] + name}
            if prop.points:
                term["@type"] = "@vocab" if self.takes_list_value(prop) else "@id"
            elif prop.ranges == {RDF.langString.value}:
                term["@language"] = "en"
            elif prop.ranges and prop.ranges != {XSD.string.value}:
                term["@type"] = next(iter(prop.ranges))
            context[name] = term
        return context


def iri_of(name: str) -> Iri:
    """The address of a term: a local name of ours, or the full address of a term of another ontology."""
    return Iri(name) if ":" in name else HRDD[name]


def read_vocabulary(path: Path) -> Vocabulary:
    """Read the core ontology. Raises ``UnusableInput`` with the line where the Turtle is broken."""
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> Vocabulary:
    facts = Facts(read_turtle(path))
    prefix = PREFIXES["hrdd"]

    def local(term: Term) -> str:
        return term.value.removeprefix(prefix)

    def class_names(expression: Term) -> frozenset[str]:
        if isinstance(expression, BlankNode):
            return frozenset(local(m) for union in facts.objects(expression, OWL.unionOf) for m in facts.members(union))
        return frozenset([local(expression)])

    def union(expressions: list[Term]) -> frozenset[str]:
        return frozenset(name for expression in expressions for name in class_names(expression))

    def step(term: Term) -> str:
        return "^" + local(facts.objects(term, OWL.inverseOf)[0]) if isinstance(term, BlankNode) else local(term)

    parents: dict[str, frozenset[str]] = {}
    properties: dict[str, Property] = {}
    values: dict[str, frozenset[str]] = {}
    chains: dict[str, tuple[tuple[str, ...], ...]] = {}
    supers: dict[str, frozenset[str]] = {}
    transitive: list[str] = []
    kinds = facts.pairs(RDF.type)
    for subject, kind in kinds:
        if not isinstance(subject, Iri) or not subject.value.startswith(prefix):
            continue
        name = local(subject)
        if kind == OWL.Class:
            parents[name] = union(facts.objects(subject, RDFS.subClassOf))
        elif kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
            domains, ranges = union(facts.objects(subject, RDFS.domain)), union(facts.objects(subject, RDFS.range))
            properties[name] = Property(name, kind == OWL.ObjectProperty, domains, ranges)
            if paths := facts.objects(subject, OWL.propertyChainAxiom):
                chains[name] = tuple(sorted(tuple(step(m) for m in facts.members(path)) for path in paths))
            if above := union(facts.objects(subject, RDFS.subPropertyOf)):
                supers[name] = above
        elif kind == OWL.TransitiveProperty:
            transitive.append(name)
        elif kind == OWL.NamedIndividual:
            values[name] = frozenset(local(k) for k in facts.objects(subject, RDF.type) if k != OWL.NamedIndividual)
    for name in transitive:
        chains[name] = (*chains.get(name, ()), (name, name))
    return Vocabulary(parents, properties, values, chains, supers)


def read_turtle(path: Path) -> list[Quad]:
    """Parse a Turtle file. Raises ``UnusableInput`` with the line where it is broken."""
    try:
        return list(parse(path=str(path), format=RdfFormat.TURTLE, base_iri="https://w3id.org/hrdd-graph/"))
    except SyntaxError as error:
        raise UnusableInput.one(
            path, f"is not Turtle: {error.msg}", line=error.lineno or 0, fix="Mend the syntax at this place."
        ) from error
    except (OSError, ValueError) as error:
        raise UnusableInput.one(
            path, f"cannot be read: {error}", fix="Check the file's name, rights and encoding."
        ) from error


def is_term(iri: str, vocabulary: Vocabulary) -> bool:
    """Whether the address is that of a term of the core ontology."""
    name = iri.removeprefix(PREFIXES["hrdd"])
    return iri == HRDD[name].value and (
        name in vocabulary.parents or name in vocabulary.properties or name in vocabulary.values
    )
