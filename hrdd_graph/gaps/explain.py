"""Why a finding stands: the facts that satisfied the rule, and where they are stated."""

from __future__ import annotations

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.gaps.selection import select_rules
from hrdd_graph.namespaces import PREFIXES, compact
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.terms import Iri
from hrdd_graph.view import View


def explain(resources: Resources, view: View, name: str, *, language: str = "en") -> tuple[Run, Finding]:
    """Find a finding by its address in a fresh run of its rule. Raises ``UnusableInput`` where it does not stand."""
    address = name if name.startswith("http") else PREFIXES["finding"] + name.removeprefix("finding:")
    rule_name = address.removeprefix(PREFIXES["finding"]).partition("/")[0]
    rules = select_rules(read_rules(resources), [rule_name])
    run = run_rules(view, rules, language=language)
    for finding in run.findings:
        if finding.iri == address:
            return run, finding
    raise UnusableInput.one(
        address,
        f"does not stand in this view on {view.as_of.isoformat()}.",
        fix=f"`hrdd gaps --rule {rule_name} --format json` lists those that do.",
    )


def explanation_text(run: Run, finding: Finding) -> str:
    """The explanation for a person: sentence, facts, sources, norms, what to do and what would settle it."""
    rule = finding.rule
    lines = [f"{rule.text('label', run.language)} ({rule.severity})", "", run.message(finding), "", "Facts"]
    lines.append(f"  about: {run.labels(finding.focus)} ({compact(finding.focus.value)})")
    for name, terms in finding.bindings.items():
        for term in terms:
            shown = run.labels(term)
            lines.append(f"  {name}: {shown}" + (f" ({compact(term.value)})" if isinstance(term, Iri) else ""))
    lines += ["", "Stated in"]
    for place in run.sources(finding):
        status = run.labels(Iri(place.status)).lower()
        lines.append(f"  {compact(place.record)}: {run.labels(Iri(place.source))}, {place.locator} ({status})")
    lines += ["", "Why it is a gap", f"  {rule.text('definition', run.language)}"]
    lines += [f"  {run.labels(Iri(iri))}" for iri in rule.provisions]
    lines += ["", "What to do", f"  {rule.text('advice', run.language)}"]
    lines += ["", "Would be settled by", f"  {rule.text('settled_by', run.language)}", "", finding.iri]
    return "\n".join(lines)
