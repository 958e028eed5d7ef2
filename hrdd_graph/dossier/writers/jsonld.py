"""JSON-LD: the audit file as linked data: findings as SHACL results, the records behind them, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from hrdd_graph.dossier.layout import narrowed, title_of
from hrdd_graph.dossier.model import Dossier, Named
from hrdd_graph.dossier.wording import Wording
from hrdd_graph.namespaces import DCTERMS, HOME, HRDD, PREFIXES, PROV, RDF, RDFS, SH, SKOS, XSD
from hrdd_graph.terms import BlankNode, Iri, Literal, RdfFormat, Triple, serialize

MEDIA_TYPE = "application/ld+json"
BINARY = False

_SEVERITY = {"high": SH.Violation, "medium": SH.Warning, "low": SH.Info}


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the document as JSON-LD. Nobody is made the same as anybody: a sure match is a ``skos:closeMatch``."""
    serialize(triples_of(dossier), stream, RdfFormat.JSON_LD, prefixes=dict(PREFIXES))


def triples_of(dossier: Dossier) -> Iterator[Triple]:
    """The audit file in RDF."""
    file = BlankNode("file")
    run = Iri(f"{HOME}run/{dossier.as_of.isoformat()}-{dossier.digest[7:19]}")
    language = dossier.language
    yield Triple(file, RDF.type, PROV.Entity)
    yield Triple(file, DCTERMS.title, Literal(title_of(dossier, Wording.of(language)), language=language))
    if dossier.left_out:
        told = ". ".join(narrowed(dossier.left_out, Wording.of(language)))
        yield Triple(file, DCTERMS.description, Literal(told, language=language))
    yield Triple(file, PROV.wasGeneratedBy, run)
    yield Triple(run, RDF.type, HRDD.GapRun)
    yield Triple(run, HRDD.asOf, Literal(dossier.as_of.isoformat(), datatype=XSD.date))
    yield Triple(run, HRDD.graphDigest, Literal(dossier.digest))
    if dossier.known_on:
        yield Triple(run, HRDD.knownOn, Literal(dossier.known_on.isoformat(), datatype=XSD.date))
    for graph in dossier.graphs:
        yield Triple(run, PROV.used, Iri(graph.iri))
        yield Triple(Iri(graph.iri), DCTERMS.title, Literal(graph.title))
        yield Triple(Iri(graph.iri), DCTERMS.license, Iri(graph.licence))
    for thing in dossier.subjects:
        yield Triple(file, DCTERMS.subject, Iri(thing.iri))
        yield _label(thing, language)
    if dossier.receipt:
        yield Triple(file, DCTERMS.identifier, Literal(dossier.receipt))
    yield from _findings(dossier, file, run)
    yield from _records(dossier)
    for supplier in dossier.suppliers:
        row = BlankNode(f"line{supplier.line}")
        yield Triple(file, DCTERMS.references, row)
        yield Triple(row, RDFS.label, Literal(supplier.name))
        yield Triple(row, DCTERMS.type, Literal(supplier.state))
        for match in supplier.matches:
            yield Triple(row, SKOS.closeMatch if supplier.state == "sure" else SKOS.relatedMatch, Iri(match.thing.iri))
            yield _label(match.thing, language)


def _findings(dossier: Dossier, file: BlankNode, run: Iri) -> Iterator[Triple]:
    for entry in dossier.entries:
        node, rule = Iri(entry.iri), Iri(PREFIXES["gap"] + entry.rule)
        yield Triple(file, DCTERMS.hasPart, node)
        yield Triple(node, RDF.type, HRDD.GapFinding)
        yield Triple(node, RDF.type, SH.ValidationResult)
        yield Triple(node, HRDD.foundBy, rule)
        yield Triple(node, HRDD.foundIn, run)
        yield Triple(node, SH.sourceShape, rule)
        yield Triple(node, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent)
        yield Triple(node, SH.resultSeverity, _SEVERITY[entry.severity])
        yield Triple(node, SH.focusNode, Iri(entry.focus.iri))
        yield Triple(node, HRDD.hasFocus, Iri(entry.focus.iri))
        yield Triple(node, SH.resultMessage, Literal(entry.sentence, language=dossier.language))
        for record in entry.records:
            yield Triple(node, PROV.wasDerivedFrom, Iri(record.thing.iri))
        if entry.waiver:
            decision = Iri(f"{entry.iri}#waiver")
            yield Triple(decision, RDF.type, HRDD.Waiver)
            yield Triple(decision, HRDD.waives, node)
            yield Triple(decision, HRDD.waivedBy, Literal(entry.waiver.author))
            yield Triple(decision, HRDD.waiverReason, Literal(entry.waiver.reason))
            yield Triple(decision, HRDD.expires, Literal(entry.waiver.expires.isoformat(), datatype=XSD.date))


def _records(dossier: Dossier) -> Iterator[Triple]:
    for record in dossier.register:
        node = Iri(record.thing.iri)
        yield Triple(node, RDF.type, Iri(record.kind.iri))
        yield _label(record.thing, dossier.language)
        yield Triple(node, HRDD.hasStatus, Iri(record.status.iri))
        yield Triple(node, HRDD.statedIn, Iri(record.source.iri))
        yield Triple(node, HRDD.locator, Literal(record.locator))
        yield _label(record.source, dossier.language)
    for reply in dossier.replies:
        node = Iri(reply.thing.iri)
        yield Triple(node, RDF.type, HRDD.Statement)
        yield _label(reply.thing, dossier.language)
        for party in reply.by:
            yield Triple(node, HRDD.takenBy, Iri(party.iri))
        for about in reply.to:
            yield Triple(node, HRDD.respondsTo, Iri(about.iri))
    for number, absence in enumerate(dossier.absences, start=1):
        missing = BlankNode(f"absence{number}")
        yield Triple(missing, RDF.type, HRDD.StatedAbsence if absence.stated else HRDD.Silence)
        yield Triple(missing, HRDD.lacks, Iri(absence.lacking.iri))
        yield Triple(missing, HRDD.concerns, Iri(absence.about.iri))
        yield Triple(missing, HRDD.statedIn, Iri(absence.place.source.iri))
        yield Triple(missing, HRDD.locator, Literal(absence.place.locator))
    for dispute in dossier.disputes:
        for side in dispute.sides:
            yield Triple(Iri(dispute.thing.iri), HRDD.hasConflictingRecord, Iri(side.iri))


def _label(thing: Named, language: str) -> Triple:
    return Triple(Iri(thing.iri), RDFS.label, Literal(thing.label, language=language))
