"""Words and deeds by cluster: commitments, abuses, and remedies provided."""

from __future__ import annotations

from collections import defaultdict

from hrdd_graph.charts import Bar, Chart, Material
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import sparql_prologue
from hrdd_graph.speech import mark
from hrdd_graph.terms import Iri, Literal

TITLE = mark("Commitments against deeds")
SUMMARY = mark(
    "For each cluster with an abuse on record: commitments that cover it or were made by parties in it, abuses there, "
    "and abuses for which a remedy was provided."
)
_SERIES = {
    "commitments": (mark("Commitments"), "low"),
    "abuses": (mark("Abuses"), "high"),
    "remedied": (mark("Remedy provided"), "medium"),
}
_PATTERNS = {
    "commitments": "?thing a hrdd:Commitment , hrdd:StandingRecord ; hrdd:coversSite|(hrdd:madeBy/hrdd:operatesIn) "
    "?cluster .",
    "abuses": "?thing a hrdd:Abuse , hrdd:StandingRecord ; hrdd:occurredIn ?cluster .",
    "remedied": "?thing a hrdd:Abuse , hrdd:StandingRecord ; hrdd:occurredIn ?cluster . ?remedy a hrdd:Remediation , "
    "hrdd:StandingRecord ; hrdd:respondsTo ?thing ; hrdd:hasRemediationStatus hrdd:Provided .",
}


def chart(material: Material) -> Chart:
    """A bar for each cluster with abuses, those with most first."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SERIES, 0))
    for name, pattern in _PATTERNS.items():
        rows = material.view.select(
            f"{sparql_prologue()}SELECT ?cluster (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {pattern} "
            "?cluster a hrdd:IndustrialCluster } GROUP BY ?cluster"
        )
        for cluster, count in rows.rows:
            if isinstance(cluster, Iri) and isinstance(count, Literal):
                found[cluster.value][name] = int(count.value)
    say = labels_for(material.view, map(Iri, found), material.language)
    bars = [Bar(iri, say(Iri(iri)), values) for iri, values in found.items() if values["abuses"]]
    return Chart(_SERIES, sorted(bars, key=lambda bar: (-bar.values["abuses"], bar.label)))
