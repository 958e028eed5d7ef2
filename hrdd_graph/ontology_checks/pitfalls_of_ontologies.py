"""Pitfalls of the OOPS! catalogue that concern annotations, declarations and the ontology as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hrdd_graph.errors import Problem
from hrdd_graph.namespaces import DCTERMS, HRDD, OWL, RDF, RDFS, SKOS, compact
from hrdd_graph.ontology_checks._model import Model
from hrdd_graph.terms import Iri, Term

_LABELS = (RDFS.label, SKOS.prefLabel, SKOS.altLabel)
_COMMENTS = (RDFS.comment, SKOS.definition, DCTERMS.description)
_LICENCES = (DCTERMS.license, DCTERMS.rights, Iri("http://purl.org/dc/elements/1.1/rights"),
             Iri("http://creativecommons.org/ns#license"), Iri("https://schema.org/license"))  # fmt: skip
_CLASSES = (OWL.Class, RDFS.Class, RDFS.Datatype, OWL.DataRange)
_LANGUAGE = re.compile(r"http://www\.w3\.org/(2002/07/owl|1999/02/22-rdf-syntax-ns|2000/01/rdf-schema|2001/XMLSchema)#")


def p08_no_label_or_comment(model: Model) -> Iterator[Problem]:
    """P08: a class or property that people cannot read, for want of a label or of a definition."""
    for term in {*model.classes, *model.properties}:
        for word, predicates in (("label", _LABELS), ("definition", _COMMENTS)):
            texts = [text.value for predicate in predicates for text in model.facts.objects(term, predicate)]
            if not any(text.strip() for text in texts):
                yield model.problem(term, f"has no {word}.", "Write one.")


def p34_untyped_classes(model: Model) -> Iterator[Problem]:
    """P34: something used as a class that nobody declares to be one."""
    declared = {term for kind in _CLASSES for term in model.facts.of_type(kind)}
    for term in sorted(set(_used_as_class(model)) - declared, key=str):
        if not _LANGUAGE.match(term.value):
            users = [node for node, kind in model.facts.pairs(RDF.type) if kind == term]
            about: Term = term if model.facts.objects(term, RDFS.label) or not users else users[0]
            yield model.problem(
                about, f"uses {compact(term.value)} as a class, which is not declared.", "Declare it an owl:Class."
            )


def p36_file_ending_in_address(model: Model) -> Iterator[Problem]:
    """P36: the address of an ontology that ends like a file, so that it cannot serve another format."""
    for header in model.headers:
        if re.search(r"\.(owl|rdf|ttl|n3|nt|xml|jsonld|json|html)$", header.value):
            yield model.problem(header, "has an address that ends like a file.", "Leave the ending out.")


def p41_no_licence(model: Model) -> Iterator[Problem]:
    """P41: a module without a licence."""
    for module in model.modules:
        headers = [header for header, home in model.headers.items() if home == module]
        if not headers:
            yield Problem(
                module.shown, 0, "", "declares no owl:Ontology, and so no licence.", "Add a header with both."
            )
        for header in headers:
            if not any(model.facts.objects(header, predicate) for predicate in _LICENCES):
                yield model.problem(header, "has no licence.", "Add dcterms:license.")


def _used_as_class(model: Model) -> Iterator[Iri]:
    pairs = model.facts.pairs
    for predicate in (RDFS.subClassOf, OWL.disjointWith, OWL.equivalentClass):
        for one, other in pairs(predicate):
            yield from model.named_in(one)
            yield from model.named_in(other)
    for predicate in (RDFS.domain, RDFS.range, OWL.someValuesFrom, OWL.allValuesFrom, HRDD.lacks):
        for _, expression in pairs(predicate):
            yield from model.named_in(expression)
    for node, head in pairs(OWL.members):
        if OWL.AllDisjointClasses in model.facts.objects(node, RDF.type):
            yield from (member for member in model.facts.members(head) if isinstance(member, Iri))
    yield from (kind for _, kind in pairs(RDF.type) if isinstance(kind, Iri))
