"""Record shapes: checking what a record must be, with pySHACL."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hrdd_graph.derive import consequences
from hrdd_graph.namespaces import HOME, RDF, RDFS
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.terms import DefaultGraph, Quad, RdfFormat, Triple, serialize

if TYPE_CHECKING:
    import rdflib

_LONGEST_PATH = 3  # of the paths in the record shapes


@dataclass(frozen=True, order=True)
class ShapeResult:
    """One SHACL result: the node, what is wrong with it, how grave, and what to do (from the shape's description).

    ``shape`` is the address of the shape.
    """

    focus: str
    path: str
    value: str
    message: str
    severity: str
    fix: str
    shape: str = ""


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
    # Axioms slow SHACL engines down and are no data; what is said of list values stays.
    core = f"<{HOME}ontology#"
    data = [
        t
        for t in everything
        if t.predicate == RDFS.label
        or not str(t.subject).startswith(core)
        or (t.predicate == RDF.type and str(t.object).startswith(core))
    ]
    data += consequences((Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in data), vocabulary)
    shapes = rdflib.Graph()
    for file in files:
        shapes.parse(file, format="turtle")
    # pySHACL's own choice of focus nodes leaves value nodes unchecked, so the graph is made small instead.
    near = _neighbourhood({t.subject for t in mine}, data)
    _, report, _ = pyshacl.validate(_rdflib_graph(near), shacl_graph=shapes, inference=None, advanced=False)
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
                shape=str(shape),
            )
        )
    return sorted(found)


def _neighbourhood(nodes: Iterable[object], triples: Iterable[Triple]) -> list[Triple]:
    """The statements that a shape can see from the nodes: along paths of up to three steps, and one step backwards."""
    wanted = set(nodes)
    by_subject: dict[object, list[Triple]] = defaultdict(list)
    pointing = set()
    for triple in triples:
        by_subject[triple.subject].append(triple)
        if triple.object in wanted and triple.predicate != RDF.type:
            pointing.add(triple.subject)
    found: set[object] = set()
    todo: set[object] = wanted | pointing
    for _ in range(_LONGEST_PATH + 1):
        found |= todo
        reached: set[object] = {triple.object for node in todo for triple in by_subject.get(node, ())}
        todo = reached - found
    return [triple for node in found for triple in by_subject.get(node, ())]


def _rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    import rdflib

    buffer = io.BytesIO()
    serialize(triples, buffer, RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=buffer.getvalue(), format="nt")
