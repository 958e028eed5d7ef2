"""A run as RDF: SHACL validation results with stable addresses, made by a PROV activity."""

from __future__ import annotations

from collections.abc import Iterator

from hrdd_graph.gaps.run import Run
from hrdd_graph.namespaces import HOME, HRDD, PROV, RDF, SH, XSD
from hrdd_graph.terms import BlankNode, Iri, Literal, Triple

_SEVERITY = {"high": SH.Violation, "medium": SH.Warning, "low": SH.Info}


def run_triples(run: Run) -> Iterator[Triple]:
    """The run as a ``hrdd:GapRun`` and each finding as a ``hrdd:GapFinding``, which is a ``sh:ValidationResult``."""
    view = run.view
    activity = Iri(f"{HOME}run/{view.as_of.isoformat()}-{view.digest[7:19]}")
    yield Triple(activity, RDF.type, HRDD.GapRun)
    yield Triple(activity, HRDD.asOf, Literal(view.as_of.isoformat(), datatype=XSD.date))
    yield Triple(activity, HRDD.graphDigest, Literal(view.digest))
    if view.known_on:
        yield Triple(activity, HRDD.knownOn, Literal(view.known_on.isoformat(), datatype=XSD.date))
    for entry in view.entries:
        if not entry.is_vocabulary:
            yield Triple(activity, PROV.used, Iri(entry.graph))
    for rule in {finding.rule.name: finding.rule for finding in run.findings}.values():
        yield Triple(Iri(rule.iri), RDF.type, HRDD.GapRule)
        for provision in rule.provisions:
            yield Triple(Iri(rule.iri), HRDD.invokes, Iri(provision))
    for finding in run.findings:
        node = Iri(finding.iri)
        yield Triple(node, RDF.type, HRDD.GapFinding)
        yield Triple(node, RDF.type, SH.ValidationResult)
        yield Triple(node, HRDD.foundBy, Iri(finding.rule.iri))
        yield Triple(node, HRDD.foundIn, activity)
        yield Triple(node, SH.sourceShape, Iri(finding.rule.iri))
        yield Triple(node, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent)
        yield Triple(node, SH.resultSeverity, _SEVERITY[finding.severity])
        yield Triple(node, HRDD.hasFocus, finding.focus)
        yield Triple(node, SH.focusNode, finding.focus)
        yield Triple(node, SH.resultMessage, Literal(run.message(finding), language=run.language))
        for thing in finding.terms():
            if isinstance(thing, Iri):
                yield Triple(node, HRDD.touches, thing)
        for value in finding.bindings.get("value", ()):
            if not isinstance(value, BlankNode):
                yield Triple(node, SH.value, value)
        if waiver := run.waiver(finding):
            decision = Iri(f"{finding.iri}#waiver")
            yield Triple(decision, RDF.type, HRDD.Waiver)
            yield Triple(decision, HRDD.waives, node)
            yield Triple(decision, HRDD.waivedBy, Literal(waiver.author))
            yield Triple(decision, HRDD.waiverReason, Literal(waiver.reason))
            yield Triple(decision, HRDD.expires, Literal(waiver.expires.isoformat(), datatype=XSD.date))
        for place in run.sources(finding):
            yield Triple(node, PROV.wasDerivedFrom, Iri(place.record))
