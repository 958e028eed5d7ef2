"""Findings by the Guiding Principle that their rule rests on, and by severity."""

from __future__ import annotations

from collections import Counter

from hrdd_graph.charts import Bar, Chart, Material
from hrdd_graph.labels import labels_for
from hrdd_graph.rights import PRINCIPLES
from hrdd_graph.speech import mark
from hrdd_graph.terms import Iri

TITLE = mark("Gaps by Guiding Principle")
SUMMARY = mark("How many findings rest on each principle, by severity. A rule can rest on several.")
_SERIES = {"high": (mark("high"), "high"), "medium": (mark("medium"), "medium"), "low": (mark("low"), "low")}


def chart(material: Material) -> Chart:
    """A bar for each principle that any finding rests on."""
    ties = material.counts.ties["principle"]
    found = Counter((iri, f.severity) for f in material.run.findings for iri in ties.get(f.iri, ()))
    say = labels_for(material.view, map(Iri, PRINCIPLES), material.language)
    bars = [Bar(iri, say(Iri(iri)), {level: found[iri, level] for level in _SERIES}) for iri in PRINCIPLES]
    return Chart(_SERIES, [bar for bar in bars if any(bar.values.values())])
