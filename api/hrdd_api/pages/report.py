"""What stands above an audit file on the server's own page: how to take it away, and how to narrow it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrdd_api.pages.gaps import written
from hrdd_api.rendering import with_query
from hrdd_graph.dossier.ask import NARROWED_BY, Narrowing
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.subject import FACET_OF
from hrdd_graph.gaps.counts import Counts
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.rules import SEVERITY_ORDER


@dataclass(frozen=True)
class Option:
    """A value to narrow down by, as an address has it, and how many findings it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """Something to narrow down by, with its values."""

    name: str
    options: list[Option]


def choices(dossier: Dossier, only: Narrowing, run: Run, counts: Counts) -> list[Group]:
    """What the findings about the file's subject can be narrowed down by, with what is chosen already."""
    subjects = frozenset(thing.iri for thing in dossier.subjects)
    about = counts.narrowed(run.findings, {FACET_OF[dossier.kind]: subjects})
    chosen = {name: frozenset(iri.value for iri in wanted) for name, wanted in only.facets.items()}
    at_least = SEVERITY_ORDER[: SEVERITY_ORDER.index(only.severity) + 1] if only.severity else SEVERITY_ORDER
    graded = [finding for finding in about if finding.severity in at_least]
    groups = [Group("severity", _levels(counts.narrowed(about, chosen), only.severity))]
    for name in NARROWED_BY:
        values = counts.of(name, graded, chosen)
        options = [Option(written(name, [v.value])[0], v.label, v.count, v.chosen) for v in values]
        groups.append(Group(name, options))
    return [group for group in groups if group.options]


def _levels(findings: Sequence[Finding], chosen: str) -> list[Option]:
    """The severities; each takes in those above it."""
    return [
        Option(name, name, sum(f.severity in SEVERITY_ORDER[: place + 1] for f in findings), name == chosen)
        for place, name in enumerate(SEVERITY_ORDER)
    ]


def files(path: str, suffixes: Sequence[str], query: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Where the same file is in each format to take away. The page itself is one without what stands above it."""
    return {
        suffix: with_query(path, **{**query, "format": "html"})
        if suffix == "html"
        else with_query(f"{path}.{suffix}", **query)
        for suffix in suffixes
    }
