"""The findings of a run as a graph, which templates over findings ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.report._triples import run_triples
from hrdd_graph.resources import Resources
from hrdd_graph.rules import SEVERITIES, read_rules
from hrdd_graph.sparql.beforehand import solutions_text
from hrdd_graph.store import Scope, select
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import FINDINGS, Template
from hrdd_graph.terms import Iri, Quad, Term
from hrdd_graph.view import View


@dataclass(frozen=True)
class Findings:
    """What the rules find in a view. Everything made of it is made once, and goes with it."""

    run: Run
    _answered: dict[str, str] = field(default_factory=dict, repr=False)

    def solutions(self, template: Template) -> list[str]:
        """What the template asks of the findings, as VALUES blocks; none where it asks only the graphs."""
        return [self._solutions(asked) for asked in template.asked_of_findings]

    def _solutions(self, asked: str) -> str:
        if asked not in self._answered:
            self._answered[asked] = solutions_text(select(self._store, asked, Scope((FINDINGS,))))
        return self._answered[asked]

    def names(self, terms: Iterable[Term]) -> Mapping[str, str]:
        """Names for what only a run knows: findings by their messages, rules, and severities."""
        asked = {term.value for term in terms if isinstance(term, Iri)}
        found = {rule.iri: rule.text("label", self.run.language) for rule in self.run.rules if rule.iri in asked}
        found |= {iri: self.run.message(finding) for iri, finding in self._by_address.items() if iri in asked}
        return found | {iri: word for iri, word in SEVERITIES.items() if iri in asked}

    def records(self, terms: Iterable[Term]) -> set[Term]:
        """The records that findings among the terms rest on."""
        named = (self._by_address.get(term.value) for term in terms if isinstance(term, Iri))
        return {Iri(place.record) for finding in named if finding for place in self.run.sources(finding)}

    @property
    def versions(self) -> Mapping[str, str]:
        """The version of each rule that was asked."""
        return {rule.name: rule.version for rule in self.run.rules}

    @cached_property
    def _by_address(self) -> Mapping[str, Finding]:
        return {finding.iri: finding for finding in self.run.findings}

    @cached_property
    def _store(self) -> EmbeddedStore:
        store, graph = EmbeddedStore.in_memory(), Iri(FINDINGS)
        store.load((Quad(t.subject, t.predicate, t.object, graph) for t in run_triples(self.run)), ())
        return store


def find(resources: Resources, view: View, language: str) -> Findings:
    """What every active rule finds in a view."""
    return Findings(run_rules(view, read_rules(resources), language=language))
