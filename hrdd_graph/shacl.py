"""Record shapes: checking what a record must be, with pySHACL."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hrdd_graph.derive import consequences
from hrdd_graph.namespaces import HOME, RDFS
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.terms import DefaultGraph, Quad, RdfFormat, Triple, serialize

if TYPE_CHECKING:
    import rdflib


@dataclass(frozen=True, order=True)
class ShapeResult:
    """One SHACL result: the node, what is wrong with it, how grave, and what to do (from the shape's description)."""

    focus: str
    path: str
    value: str
    message: str
    severity: str
    fix: str


def check_shapes(
    folder: Path, checked: Iterable[Triple], known: Iterable[Triple], vocabulary: Vocabulary
) -> list[ShapeResult]:
    """Check statements against every shape file in ``folder``.

    ``known`` are the statements that the checked ones may refer to. Results are about nodes of ``checked`` only.
    """
    import pyshacl
    import rdflib

    files = sorted(folder.glob("*.ttl"))
    if not files:
        return []
    mine = list(checked)
    subjects = {t.subject.value for t in mine if not isinstance(t.subject, Triple)}
    everything = {*known, *mine}
    # Axioms slow SHACL engines down and are no data; labels and types of the vocabulary stay.
    core = HOME + "ontology#"
    data = [t for t in everything if t.predicate == RDFS.label or not str(t.subject).startswith(f"<{core}")]
    data += consequences((Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in data), vocabulary)
    shapes = rdflib.Graph()
    for file in files:
        shapes.parse(file, format="turtle")
    _, report, _ = pyshacl.validate(_rdflib_graph(data), shacl_graph=shapes, inference=None, advanced=False)
    shacl = rdflib.SH
    found = []
    for result in report.subjects(rdflib.RDF.type, shacl.ValidationResult):
        focus = str(report.value(result, shacl.focusNode))
        if focus not in subjects:
            continue
        shape = report.value(result, shacl.sourceShape)
        found.append(
            ShapeResult(
                focus=focus,
                path=str(report.value(result, shacl.resultPath) or ""),
                value=str(report.value(result, shacl.value) or ""),
                message=str(report.value(result, shacl.resultMessage) or ""),
                severity=str(report.value(result, shacl.resultSeverity)),
                fix=str(shapes.value(shape, shacl.description) or ""),
            )
        )
    return sorted(found)


def _rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    import rdflib

    buffer = io.BytesIO()
    serialize(triples, buffer, RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=buffer.getvalue(), format="nt")
