"""How many findings each value of each facet would leave: one query a facet, for all findings of a run.

The numbers of a facet respect what was chosen in the others, and not what was chosen in itself: its values are
alternatives, and each tells what choosing it as well would show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hrdd_graph.gaps.facets import FACETS, Facet
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.labels import Labels, labels_for
from hrdd_graph.matching.names import folded
from hrdd_graph.namespaces import sparql_prologue
from hrdd_graph.terms import Iri, Term, sparql_text
from hrdd_graph.view import View

Ties = Mapping[str, frozenset[str]]  # a finding's address -> the values of a facet that keep it


@dataclass(frozen=True)
class Value:
    """A value of a facet: its address (or name), its label, how many findings it would leave, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Counts:
    """What ties the findings of a run to the values of each facet, with the names of the values."""

    ties: Mapping[str, Ties]
    labels: Labels

    def narrowed(
        self, findings: Iterable[Finding], chosen: Mapping[str, frozenset[str]], but: str = ""
    ) -> list[Finding]:
        """The findings that every chosen facet keeps, ``but`` for one facet."""
        return [
            finding
            for finding in findings
            if all(
                not wanted or name == but or not wanted.isdisjoint(self.ties[name].get(finding.iri, frozenset()))
                for name, wanted in chosen.items()
            )
        ]

    def of(self, name: str, findings: Sequence[Finding], chosen: Mapping[str, frozenset[str]]) -> list[Value]:
        """The values of a facet, those with most findings first; a chosen one is there even with none."""
        ties, picked = self.ties[name], chosen.get(name, frozenset())
        counted = Counter(
            value for finding in self.narrowed(findings, chosen, name) for value in ties.get(finding.iri, ())
        )
        values = [
            Value(value, self.labels(Iri(value)), counted[value], value in picked) for value in {*counted, *picked}
        ]
        return sorted(values, key=lambda v: (not v.chosen, -v.count, folded(v.label)))


def counts_of(run: Run) -> Counts:
    """What ties each finding of a run to each facet's values."""
    ties = {name: _by_source(run) if name == "source" else _ties(run, facet) for name, facet in FACETS.items()}
    values = {Iri(value) for tied in ties.values() for found in tied.values() for value in found}
    return Counts(ties, labels_for(run.view, values, run.language))


def _by_source(run: Run) -> Ties:
    return {f.iri: frozenset(place.source for place in run.sources(f)) for f in run.findings}


def _ties(run: Run, facet: Facet) -> Ties:
    things = _values(run.view, facet, facet.of_things, (t for f in run.findings for t in f.terms()))
    focus = _values(run.view, facet, facet.of_focus, (f.focus for f in run.findings))
    norms = _values(run.view, facet, facet.of_rule, (Iri(iri) for rule in run.rules for iri in rule.provisions))
    return {
        finding.iri: frozenset(
            value
            for tied, terms in (
                (things, finding.terms()),
                (focus, (finding.focus,)),
                (norms, [Iri(iri) for iri in finding.rule.provisions]),
            )
            for term in terms
            for value in tied.get(term, ())
        )
        for finding in run.findings
    }


def _values(view: View, facet: Facet, pattern: str, terms: Iterable[Term]) -> Mapping[Term, set[str]]:
    """The values of the facet that the pattern ties each term to."""
    things = " ".join(sorted({sparql_text(term) for term in terms if isinstance(term, Iri)}))
    found: dict[Term, set[str]] = defaultdict(set)
    if not pattern or not things:
        return found
    rows = view.select(
        f"{sparql_prologue()}SELECT DISTINCT ?thing ?wanted WHERE {{ VALUES ?thing {{ {things} }} {pattern} . "
        f"{facet.members} }}"
    )
    for thing, wanted in rows.rows:
        if thing is not None and isinstance(wanted, Iri):
            found[thing].add(wanted.value)
    return found
