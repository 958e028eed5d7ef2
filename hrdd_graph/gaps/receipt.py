"""Receipts of findings: what was asked of which rules, on which graphs, and a digest of what they found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from hrdd_graph.gaps.facets import FACETS, at_or_above, choose, narrowed
from hrdd_graph.gaps.run import Run, check_order, run_rules
from hrdd_graph.gaps.salience import parse_weights
from hrdd_graph.gaps.selection import focus_nodes, select_rules
from hrdd_graph.gaps.strength import weakest_of
from hrdd_graph.receipts import Receipt
from hrdd_graph.rules import Rule
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

Asked = Mapping[str, Sequence[str]]
PARAMETERS = ("rule", "severity", "focus", *FACETS, "sort", "weights", "finding")
_WEIGHED = 2_000  # so many things in the findings are looked at for the weakest evidence


def ask(
    view: View,
    rules: Iterable[Rule],
    asked: Asked,
    *,
    language: str = "en",
    evaluate: Callable[[View, tuple[Rule, ...], str], Run] | None = None,
) -> Run:
    """The findings that were asked for, by the names of ``PARAMETERS``; ``finding`` is the address of a single one.

    ``evaluate`` runs rules over a view for all nodes; without it they run for the nodes asked about. Raises
    ``UnusableInput`` for what cannot be asked.
    """

    def one(name: str) -> str:
        return next((text for text in asked.get(name, ()) if text), "")

    chosen = tuple(rule for rule in select_rules(rules, [n for n in asked.get("rule", ()) if n]) if rule.active)
    focus = focus_nodes(name for name in asked.get("focus", ()) if name)
    order, weights = one("sort") or "severity", parse_weights(one("weights") or None)
    check_order(order)
    facets = choose(view, {name: asked.get(name, ()) for name in FACETS})
    run = evaluate(view, chosen, language) if evaluate else run_rules(view, chosen, focus=focus, language=language)
    run = narrowed(at_or_above(run.weighed(weights), one("severity")), facets).ordered(order)
    if focus:
        run = replace(run, findings=tuple(f for f in run.findings if f.focus in focus))
    if wanted := one("finding"):
        run = replace(run, findings=tuple(f for f in run.findings if f.iri == wanted))
    return run


def receipt_of(run: Run, asked: Asked) -> Receipt:
    """The receipt of findings that were asked for with these parameters."""
    view = run.view
    return Receipt(
        kind="gaps",
        name="gaps",
        version=_version(run.rules),
        parameters={name: tuple(asked[name]) for name in PARAMETERS if any(asked.get(name, ()))},
        language=run.language,
        as_of=view.as_of.isoformat(),
        known_on=view.known_on.isoformat() if view.known_on else None,
        graph_digest=view.digest,
        graphs=view.data_graphs,
        rows=len(run.findings),
        result=_digest(run),
        licences=view.licences,
        weakest=_weakest(run),
        rules={rule.name: rule.version for rule in run.rules},
    )


def _version(rules: Iterable[Rule]) -> str:
    """One word for the rules with their versions."""
    text = "".join(sorted(f"{rule.name} {rule.version}\n" for rule in rules))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _digest(run: Run) -> str:
    """SHA-256 over each finding's address, severity and bindings, in the order of the run."""
    digest = hashlib.sha256()
    for finding in run.findings:
        digest.update(f"{finding.iri} {finding.severity}\n".encode())
        for name, terms in sorted(finding.bindings.items()):
            digest.update(f" {name} {' '.join(map(str, terms))}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _weakest(run: Run) -> str:
    """The status of the weakest record in the findings, and the reliability of what it stands on where it is known."""
    terms = {term.value for finding in run.findings for term in finding.terms() if isinstance(term, Iri)}
    weakest = weakest_of(run.view, sorted(terms)[:_WEIGHED])
    return f"{weakest.status} {weakest.best.reliability}".strip() if weakest else ""
