"""Clusters and abuses by country, on a map. A country is as near as it goes: the graph holds no coordinates."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from hrdd_graph.charts import Bar, Chart, Material
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import sparql_prologue
from hrdd_graph.pictures.world_map import world_map
from hrdd_graph.speech import mark
from hrdd_graph.terms import Iri, Literal

TITLE = mark("Map of clusters and abuses")
SUMMARY = mark(
    "Abuses on record and clusters by country. The graph knows no nearer place; what is not on it is not cleared."
)
_SERIES = {"abuses": (mark("Abuses"), "high"), "clusters": (mark("Clusters"), "low")}
_PATTERNS = {
    "abuses": "?thing a hrdd:Abuse , hrdd:StandingRecord ; hrdd:occurredIn/hrdd:locatedIn* ?country .",
    "clusters": "?thing a hrdd:IndustrialCluster ; hrdd:locatedIn+ ?country .",
}


def chart(material: Material) -> Chart:
    """A row for each country with either, those with most abuses first."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SERIES, 0))
    codes: dict[str, str] = {}
    for name, pattern in _PATTERNS.items():
        rows = material.view.select(
            f"{sparql_prologue()}SELECT ?country ?code (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {pattern} "
            "?country a hrdd:Country ; hrdd:iso2 ?code } GROUP BY ?country ?code"
        )
        for country, code, count in rows.rows:
            if isinstance(country, Iri) and isinstance(code, Literal) and isinstance(count, Literal):
                found[country.value][name] = int(count.value)
                codes[country.value] = code.value
    say = labels_for(material.view, map(Iri, found), material.language)
    bars = sorted(
        (Bar(iri, say(Iri(iri)), values) for iri, values in found.items()),
        key=lambda bar: (-bar.values["abuses"], -bar.values["clusters"], bar.label),
    )
    return Chart(_SERIES, bars, partial(world_map, codes=[codes[bar.iri] for bar in bars]))
