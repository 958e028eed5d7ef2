"""A run as plain data: the one shape from which every format for programs is made."""

from __future__ import annotations

from fractions import Fraction

from hrdd_graph import __version__, labels
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.gaps.severity import DIMENSIONS, Grading
from hrdd_graph.gaps.waivers import IN_FORCE, Waiver
from hrdd_graph.labels import TermDocument
from hrdd_graph.report._shapes import (
    Assessment,
    FindingDocument,
    RunDocument,
    RunFacts,
    Salience,
    WaiverDocument,
)
from hrdd_graph.terms import Iri, Term

EMPTY = "Nothing found in this view. That is no clearance: it says what these graphs and rules show, and no more."


def run_document(run: Run) -> RunDocument:
    """The run: what was asked (``run``), and the findings."""
    document: RunDocument = {
        "run": run_facts(run),
        "findings": [finding_document(run, finding) for finding in run.findings],
    }
    if not run.findings:
        document["note"] = EMPTY
    return document


def run_facts(run: Run) -> RunFacts:
    """What the run was: day, state of knowledge, graphs with licences, digest, rules with versions."""
    view = run.view
    data = [entry for entry in view.entries if not entry.is_vocabulary]
    facts: RunFacts = {
        "asOf": view.as_of.isoformat(),
        "knownOn": view.known_on.isoformat() if view.known_on else None,
        "graphDigest": view.digest,
        "graphs": [{"graph": e.graph, "title": e.title, "licence": e.licence} for e in data],
        "rules": [{"rule": rule.name, "version": rule.version} for rule in run.rules],
        "order": run.order,
        "weights": str(run.ranking.weights),
        "rankFormula": run.ranking.weights.formula,
        "software": f"hrdd-graph {__version__}",
        "count": len(run.findings),
        "waived": sum(run.waiver(finding) is not None for finding in run.findings),
        "waivers": [{**waiver_document(judged.waiver), "state": judged.state} for judged in run.waivers],
    }
    if run.receipt:
        facts["receipt"] = run.receipt.document()
    return facts


def finding_document(run: Run, finding: Finding) -> FindingDocument:
    """One finding: what was found, about what, on which facts, from which sources, by which norms."""
    rule = finding.rule
    waiver = run.waiver(finding)
    document: FindingDocument = {
        "finding": finding.iri,
        "rule": rule.name,
        "ruleVersion": rule.version,
        "label": rule.text("label", run.language),
        "severity": finding.severity,
        "ruleSeverity": rule.severity,
        "salience": salience_document(run, finding),
        "focus": term_document(run, finding.focus),
        "message": run.message(finding),
        "bindings": {name: [term_document(run, t) for t in terms] for name, terms in finding.bindings.items()},
        "provisions": [labels.named(Iri(iri), run.labels) for iri in rule.provisions],
        "sources": [
            {
                "record": place.record,
                "source": labels.named(Iri(place.source), run.labels),
                "locator": place.locator,
                "status": run.labels(Iri(place.status)),
            }
            for place in run.sources(finding)
        ],
        "advice": rule.text("advice", run.language),
        "settledBy": rule.text("settled_by", run.language),
    }
    if finding.severity_reason:
        document["severityReason"] = finding.severity_reason
    if waiver:
        document["waiver"] = waiver_document(waiver)
    return document


def waiver_document(waiver: Waiver) -> WaiverDocument:
    """A waiver: the finding that it sets aside, by whom, why, since when, and until when."""
    return {
        "finding": waiver.finding,
        "author": waiver.author,
        "reason": waiver.reason,
        "made": waiver.made.isoformat(),
        "expires": waiver.expires.isoformat(),
    }


def salience_document(run: Run, finding: Finding) -> Salience | None:
    """How the finding's impact stands in each dimension and in the order of all impacts; nothing where there is none.

    ``dimensions`` and ``likelihood`` say "not enough evidence" where nothing is on record. ``rankInterval`` holds the
    ranks that it takes when the weights move, ``scoreInterval`` the scores that the unknown dimensions leave open.
    """
    salience = run.salience(finding)
    if salience is None:
        return None
    impact = salience.impact
    return {
        "impact": impact.iri,
        "rank": salience.rank,
        "of": salience.of,
        "rankInterval": [salience.best, salience.worst],
        "score": _rounded(salience.score),
        "scoreInterval": [_rounded(salience.lowest), _rounded(salience.highest)],
        "enoughEvidence": salience.assessed,
        "dimensions": {
            name: {
                "grade": salience.shown_grade(name),
                "assessments": [_grading_document(grading) for grading in impact.gradings.get(name, ())],
            }
            for name in DIMENSIONS
        },
        "likelihood": {
            "grade": salience.shown_grade("likelihood"),
            "assessments": [_grading_document(grading) for grading in impact.likelihoods],
        },
        "inWords": salience.sentence,
    }


def _grading_document(grading: Grading) -> Assessment:
    told: Assessment = {"grade": grading.grade}
    if grading.basis:
        told["basis"] = grading.basis
    if grading.words:
        told["assessment"] = grading.words
    if grading.rationale:
        told["rationale"] = grading.rationale
    return told


def _rounded(value: Fraction) -> float:
    return round(float(value), 3)


def term_document(run: Run, term: Term) -> TermDocument:
    """A term as plain data, with the run's name for it."""
    return labels.term_document(term, run.labels)


def flat_row(run: Run, finding: Finding) -> dict[str, str]:
    """One finding as a row of a sheet: addresses and labels side by side, several values joined by `` | ``."""

    def joined(parts: list[str]) -> str:
        return " | ".join(dict.fromkeys(parts))

    values = [term for name in sorted(finding.rule.identifying) for term in finding.bindings.get(name, ())]
    places = run.sources(finding)
    details = [
        f"{name}: {joined([run.labels(t) for t in terms])}"
        for name, terms in finding.bindings.items()
        if name not in finding.rule.identifying
    ]
    salience = run.salience(finding)
    waiver = run.waiver(finding)
    return {
        "severity": finding.severity,
        "severity reason": finding.severity_reason,
        "waived by": waiver.author if waiver else "",
        "waived until": waiver.expires.isoformat() if waiver else "",
        "reason of waiver": waiver.reason if waiver else "",
        "rank": str(salience.rank) if salience else "",
        "rank when weights move": f"{salience.best} to {salience.worst}" if salience else "",
        "score": f"{float(salience.score):.2f}" if salience else "",
        **{name: salience.shown_grade(name) if salience else "" for name in (*DIMENSIONS, "likelihood")},
        "rule": finding.rule.name,
        "rule label": finding.rule.text("label", run.language),
        "focus": run.labels(finding.focus),
        "focus IRI": finding.focus.value,
        "about": joined([run.labels(t) for t in values]),
        "about IRI": joined([t.value for t in values]),
        "message": run.message(finding),
        "details": "\n".join(details),
        "provisions": joined([run.labels(Iri(iri)) for iri in finding.rule.provisions]),
        "sources": joined([f"{run.labels(Iri(p.source))}: {p.locator} ({run.labels(Iri(p.status))})" for p in places]),
        "advice": finding.rule.text("advice", run.language),
        "would be settled by": finding.rule.text("settled_by", run.language),
        "finding IRI": finding.iri,
    }


def counted(number: int, noun: str) -> str:
    """A number with its noun in English: ``1 rule``, ``2 rules``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def footer(run: Run) -> list[str]:
    """Lines that every report for people ends with: the day, the graphs and their licences, the digest."""
    facts = run_facts(run)
    known = f", as known on {facts['knownOn']}" if facts["knownOn"] else ""
    waived = f", {facts['waived']} of them waived" if facts["waived"] else ""
    found = f"{counted(facts['count'], 'finding')} by {counted(len(facts['rules']), 'rule')}"
    lines = [f"As of {facts['asOf']}{known}. {found}{waived}."]
    lines += [judged.sentence for judged in run.waivers if judged.state != IN_FORCE]
    by_licence: dict[str, list[str]] = {}
    for graph in facts["graphs"]:
        by_licence.setdefault(graph["licence"], []).append(graph["title"])
    lines += [f"{'; '.join(titles)} ({licence})" for licence, titles in by_licence.items()]
    if run.order == "salience":
        lines.append(f"Rank among all impacts on record: {facts['rankFormula']}.")
    lines.append(f"{facts['software']}, {facts['graphDigest']}")
    if run.receipt:
        lines.append(f"receipt: {run.receipt.token}")
    return lines if run.findings else [EMPTY, *lines]
