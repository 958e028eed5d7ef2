"""What a view holds: for each source its records by kind, status, basis and evidence, and where it is silent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

_PREFIX = f"PREFIX hrdd: <{PREFIXES['hrdd']}> "


@dataclass(frozen=True)
class SourceStatistics:
    """One source's graph in numbers.

    Each counter is by local name: ``kinds`` of the classes that the source's sheet gives, ``status`` of records,
    ``basis`` of mappings to provisions, ``levels`` of evidence, ``absences`` of what is lacking, by whether the source
    says that there is none or is silent.
    """

    graph: str
    title: str
    statements: int
    kinds: Counter[str]
    status: Counter[str]
    basis: Counter[str]
    levels: Counter[str]
    absences: Counter[str]

    @property
    def counters(self) -> dict[str, Counter[str]]:
        """The counters by name, in the order in which they are told."""
        return {
            "kinds": self.kinds,
            "status": self.status,
            "basis": self.basis,
            "levels": self.levels,
            "absences": self.absences,
        }


def statistics_of(view: View) -> list[SourceStatistics]:
    """The statistics of every source in the view, by the address of its graph."""
    found = []
    for entry in view.entries:
        if entry.is_vocabulary:
            continue
        graph = f"GRAPH <{entry.graph}>"
        statements = view.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {graph} {{ ?s ?p ?o }} }}").rows[0][0]
        found.append(
            SourceStatistics(
                graph=entry.graph,
                title=entry.title,
                statements=int(statements.value) if statements else 0,
                kinds=_count(view, f"{{ {graph} {{ ?s a ?value }} }}"),
                status=_count(view, f"{{ {graph} {{ ?s hrdd:hasStatus ?value }} }}"),
                basis=_count(view, f"{{ {graph} {{ ?s hrdd:ofProvision ?x ; hrdd:hasBasis ?value }} }}"),
                levels=_count(view, f"{{ {graph} {{ ?s hrdd:hasEvidenceLevel ?value }} }}"),
                absences=Counter(
                    {
                        f"{kind}: {name}": count
                        for kind in ("StatedAbsence", "Silence")
                        for name, count in _count(
                            view, f"{{ {graph} {{ ?s a hrdd:{kind} ; hrdd:lacks ?value ; hrdd:concerns ?about }} }}"
                        ).items()
                    }
                ),
            )
        )
    return found


def _count(view: View, where: str) -> Counter[str]:
    rows = view.select(f"{_PREFIX} SELECT ?value (COUNT(*) AS ?n) WHERE {where} GROUP BY ?value")
    return Counter(
        {
            value.value.removeprefix(PREFIXES["hrdd"]): int(count.value)
            for value, count in rows.rows
            if isinstance(value, Iri) and count is not None
        }
    )
