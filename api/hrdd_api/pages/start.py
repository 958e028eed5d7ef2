"""The start page beside its counts: the gaps by severity, and three ways in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hrdd_api.rendering import with_query
from hrdd_graph.gaps.counts import Counts
from hrdd_graph.gaps.run import Run
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.pictures.heat import shade
from hrdd_graph.rules import SEVERITY_ORDER
from hrdd_graph.terms import Iri

_MOST = 7  # so many firms, clusters and rules are named
_ARTICLES = 30


@dataclass(frozen=True)
class Counted:
    """Something with a number, and where it leads."""

    name: str
    label: str
    count: int
    to: str = ""
    iri: str = ""


@dataclass(frozen=True)
class Square:
    """A square of the wall of rights; ``step`` says how much is found about it, a shade from 0."""

    number: int
    label: str
    count: int
    step: int
    to: str


def levels(run: Run, gaps: str) -> list[Counted]:
    """How many findings there are of each severity. The link leads to those at or above it."""
    found = Counter(finding.severity for finding in run.findings)
    return [Counted(name, name, found[name], with_query(gaps, severity=name)) for name in SEVERITY_ORDER]


def busiest(run: Run, counts: Counts) -> list[Counted]:
    """The firms and clusters with most findings: what a finding is about, and the clusters that it is tied to."""
    found = Counter(f.focus.value for f in run.findings if f.focus.value.startswith(IDS + "organisation/"))
    found += Counter(value for f in run.findings for value in counts.ties["cluster"].get(f.iri, ()))
    most = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    say = labels_for(run.view, [Iri(iri) for iri, _ in most], run.language)
    return [Counted(iri, say(Iri(iri)), count, iri=iri) for iri, count in most]


def commonest(run: Run, gaps: str) -> list[Counted]:
    """The rules with most findings."""
    found = Counter(finding.rule.name for finding in run.findings)
    named = {rule.name: rule.text("label", run.language) for rule in run.rules}
    return [Counted(name, named[name], count, with_query(gaps, rule=name)) for name, count in found.most_common(_MOST)]


def articles(run: Run, counts: Counts, root: str) -> list[Square]:
    """The thirty articles of the Universal Declaration, each with the number of findings that touch it."""
    iris = [f"{PREFIXES['udhr']}{number}" for number in range(1, _ARTICLES + 1)]
    found = Counter(value for tied in counts.ties["right"].values() for value in tied)
    say = labels_for(run.view, [Iri(iri) for iri in iris], run.language)
    most = max((found[iri] for iri in iris), default=0)
    return [
        Square(number, say(Iri(iri)), found[iri], shade(found[iri], most), f"{root}/udhr/article/{number}")
        for number, iri in enumerate(iris, 1)
    ]
