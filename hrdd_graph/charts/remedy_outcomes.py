"""What became of remedy: remediations by status, beside the abuses that have none on record."""

from __future__ import annotations

from hrdd_graph.charts import Bar, Chart, Material
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD, sparql_prologue
from hrdd_graph.speech import mark
from hrdd_graph.terms import Iri, Literal

TITLE = mark("What became of remedy")
SUMMARY = mark("Abuses by the status of a remediation that responds to them; and those with no remediation on record.")
_NONE = mark("no remediation on record")


def chart(material: Material) -> Chart:
    """A bar for each status, and one for none. An abuse with several remediations counts under each status."""
    rows = material.view.select(
        f"{sparql_prologue()}SELECT ?status (COUNT(DISTINCT ?abuse) AS ?count) WHERE {{ "
        "?abuse a hrdd:Abuse , hrdd:StandingRecord . OPTIONAL { ?remedy a hrdd:Remediation , hrdd:StandingRecord ; "
        "hrdd:respondsTo ?abuse ; hrdd:hasRemediationStatus ?status } } GROUP BY ?status"
    )
    counts = {row[0]: int(row[1].value) for row in rows.rows if isinstance(row[1], Literal)}
    statuses = sorted((s for s in counts if isinstance(s, Iri)), key=lambda s: s.value)
    say = labels_for(material.view, [*statuses, HRDD.Abuse], material.language)
    bars = [Bar(status.value, say(status), {"abuses": counts[status]}) for status in statuses]
    return Chart({"abuses": (mark("Abuses"), "high")}, [*bars, Bar("", _NONE, {"abuses": counts.get(None, 0)})])
