"""Running rules over a view: one query a rule, findings in a stable order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.finding import Finding, group_rows
from hrdd_graph.gaps.salience import Ranking, Salience, Weights
from hrdd_graph.gaps.severity import Impact, adjusted, read_impacts
from hrdd_graph.gaps.sources import Cited, cited_records
from hrdd_graph.gaps.waivers import JudgedWaiver, Waiver, in_force, judge_waivers
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.receipts import Receipt
from hrdd_graph.rules import Rule
from hrdd_graph.store import side_by_side
from hrdd_graph.terms import Iri, Term
from hrdd_graph.view import View

ORDERS = ("severity", "salience")


@dataclass(frozen=True)
class Run:
    """What one evaluation found: the view, the rules, the findings, and the names and sources that go with them."""

    view: View
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    labels: Labels
    cited: dict[str, tuple[Cited, ...]]
    language: str = "en"
    ranking: Ranking = field(default_factory=lambda: Ranking({}))
    order: str = "severity"
    waivers: tuple[JudgedWaiver, ...] = ()
    receipt: Receipt | None = None

    def waived(self, waivers: Iterable[Waiver]) -> Run:
        """The same run with what each of these waivers is worth in it. For whole runs, before they are narrowed."""
        found, rules = (finding.iri for finding in self.findings), (rule.name for rule in self.rules)
        return replace(self, waivers=judge_waivers(waivers, found, rules, self.view.as_of))

    def waiver(self, finding: Finding) -> Waiver | None:
        """The waiver that sets a finding aside on the day of the run."""
        return self._in_force.get(finding.iri)

    @cached_property
    def _in_force(self) -> Mapping[str, Waiver]:
        return in_force(self.waivers)

    def salience(self, finding: Finding) -> Salience | None:
        """Where the finding's impact stands among all impacts of the view; nothing where it is not about one."""
        return self.ranking.of(finding.impact)

    def weighed(self, weights: Weights) -> Run:
        """The same run with other weights for the order of impacts. Severity does not depend on them."""
        return replace(self, ranking=Ranking(self.ranking.impacts, weights))

    def ordered(self, order: str) -> Run:
        """The same run in an order of ``ORDERS``: rule by rule, the gravest first, or by the salience of the impacts.

        Findings that are not about one impact come last by salience. Raises ``UnusableInput`` for another order.
        """
        check_order(order)
        if order == "severity":
            return replace(self, order=order, findings=tuple(sorted(self.findings, key=lambda f: f.sort_key)))

        def place(finding: Finding) -> float:
            salience = self.salience(finding)
            return salience.rank if salience else float("inf")

        return replace(self, order=order, findings=tuple(sorted(self.findings, key=lambda f: (place(f), f.sort_key))))

    def in_language(self, language: str) -> Run:
        """The same run told in another language; no rule is evaluated for it."""
        if language == self.language:
            return self
        labels = labels_for(self.view, _named(self.rules, self.findings, self.cited), language)
        return replace(self, language=language, labels=labels)

    def message(self, finding: Finding) -> str:
        """The finding in one sentence."""
        return finding.message(self.labels, self.language)

    def sources(self, finding: Finding) -> tuple[Cited, ...]:
        """Where the records of a finding are stated, and where their sources speak of what is in it, each place once.

        What other sources say of a firm or a standard is no ground of the finding, and is left out.
        """
        terms = [term for term in finding.terms() if isinstance(term, Iri)]
        found = tuple(dict.fromkeys(chain.from_iterable(self.cited.get(term.value, ()) for term in terms)))
        grounds = {place.source for place in found if not place.mention}
        return tuple(place for place in found if place.source in grounds or not grounds)


def run_rules(
    view: View,
    rules: Iterable[Rule],
    *,
    focus: Iterable[Iri] = (),
    language: str = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> Run:
    """Evaluate rules over a view, for all focus nodes or only the given ones."""
    chosen = tuple(rule for rule in rules if rule.active)
    nodes = tuple(focus)
    findings: list[Finding] = []

    def found_by(rule: Rule) -> list[Finding]:
        return group_rows(rule, view.select(compile_rule(rule).query(view.as_of, nodes)))

    for rule, found in zip(chosen, side_by_side(found_by, chosen), strict=True):
        progress(rule.name)
        findings += found
    impacts = read_impacts(view) if findings else {}
    findings = [_graded(finding, impacts.get(finding.impact)) for finding in findings]
    findings.sort(key=lambda finding: finding.sort_key)
    cited = cited_records(view, {term for finding in findings for term in finding.terms()})
    labels = labels_for(view, _named(chosen, findings, cited), language)
    return Run(view, chosen, tuple(findings), labels, cited, language, Ranking(impacts))


def _named(rules: Iterable[Rule], findings: Iterable[Finding], cited: Mapping[str, tuple[Cited, ...]]) -> set[Term]:
    """Everything that a run calls by its label."""
    found = {term for finding in findings for term in finding.terms()}
    found |= {Iri(iri) for rule in rules for iri in rule.provisions}
    return found | {Iri(iri) for places in cited.values() for place in places for iri in (place.source, place.status)}


def check_order(order: str) -> None:
    """Raise ``UnusableInput`` where this is none of ``ORDERS``."""
    if order not in ORDERS:
        raise UnusableInput.one("--sort", f'"{order}" is not an order.', fix=f"Choose {' or '.join(ORDERS)}.")


def _graded(finding: Finding, impact: Impact | None) -> Finding:
    severity, reason = adjusted(finding.severity, impact)
    return replace(finding, severity=severity, severity_reason=reason) if reason else finding
