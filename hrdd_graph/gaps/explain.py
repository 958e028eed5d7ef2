"""Why a finding stands: its grounds, the weakest of them, and the names of everything in them."""

from __future__ import annotations

from dataclasses import dataclass

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.grounds import Grounds, grounds_of
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.gaps.selection import select_rules
from hrdd_graph.gaps.strength import Strength, strengths_of
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.namespaces import HRDD, PREFIXES
from hrdd_graph.ontology import read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.terms import Iri, Term, parts
from hrdd_graph.view import View


@dataclass(frozen=True)
class Explanation:
    """A finding of a run with its grounds, how firm each record behind it is (the weakest first), and all names."""

    run: Run
    finding: Finding
    grounds: Grounds
    strengths: tuple[Strength, ...]
    labels: Labels


def explain(resources: Resources, view: View, name: str, *, language: str = "en") -> Explanation:
    """Find a finding by its address in a fresh run of its rule. Raises ``UnusableInput`` where it does not stand."""
    address = name if name.startswith("http") else PREFIXES["finding"] + name.removeprefix("finding:")
    rule_name = address.removeprefix(PREFIXES["finding"]).partition("/")[0]
    rules = select_rules(read_rules(resources), [rule_name])
    run = run_rules(view, rules, language=language)
    for finding in run.findings:
        if finding.iri == address:
            return explanation_of(resources, run, finding)
    raise UnusableInput.one(
        address,
        f"does not stand in this view on {view.as_of.isoformat()}.",
        fix=f"`hrdd gaps --rule {rule_name} --format json` lists those that do; "
        f"`hrdd explain --rule {rule_name} --focus IRI` says why not.",
    )


def explanation_of(resources: Resources, run: Run, finding: Finding) -> Explanation:
    """The explanation of a finding that a run has."""
    grounds = grounds_of(run.view, finding, read_vocabulary(resources.ontology / "hrdd.ttl"))
    strengths = strengths_of(run.view, grounds.records)
    terms: set[Term] = set(finding.terms()) | {Iri(iri) for iri in finding.rule.provisions}
    for statement in grounds.statements:
        terms.update(parts(statement.triple))
        terms |= {Iri(iri) for place in statement.places for iri in (place.record, place.source, place.status)}
    for strength in strengths:
        terms |= {Iri(strength.record), HRDD[strength.status]}
        for proof in strength.proofs:
            terms |= {Iri(iri) for iri in proof.chain}
            terms |= {HRDD[name] for name in (proof.kind, proof.level, proof.reliability, proof.credibility) if name}
    return Explanation(run, finding, grounds, strengths, labels_for(run.view, terms, run.language))
