"""The W3C's tests of SHACL Core as cases: a data graph, a shapes graph, and the report that is expected for them."""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlparse

import rdflib
from rdflib import RDF, SH
from rdflib.term import Node

FOLDER = Path(__file__).resolve().parents[1] / "data" / "w3c-shacl-core"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")

Told: TypeAlias = tuple[bool, Counter[tuple[str, ...]]]


@dataclass(frozen=True)
class Case:
    """One test: its name, its two graphs, and what the report is to say."""

    name: str
    data: rdflib.Graph
    shapes: rdflib.Graph
    expected: Told


def read(path: Path) -> rdflib.Graph:
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # the suite has ill-formed literals on purpose
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rdflib.Graph().parse(path, format="turtle", publicID=path.resolve().as_uri())


def cases() -> Iterator[Case]:
    """Every test of the suite, in the order of its files."""
    for path in sorted(FOLDER.rglob("*.ttl")):
        manifest = read(path)
        for test in manifest.subjects(RDF.type, SHT.Validate):
            action, report = manifest.value(test, MF.action), manifest.value(test, MF.result)
            assert report is not None
            graphs = []
            for role in (SHT.dataGraph, SHT.shapesGraph):
                file = Path(unquote(urlparse(str(manifest.value(action, role))).path))
                graphs.append(read(file if file.suffix else path))
            yield Case(f"{path.parent.name}/{path.stem}", graphs[0], graphs[1], told(manifest, report))


def told(graph: rdflib.Graph, report: Node) -> Told:
    """What a report says: whether the data conform, and each result with how often it stands there.

    Blank nodes are one another's equals; paths are compared where they are one property.
    """
    verdict = str(graph.value(report, SH.conforms)).lower() in ("true", "1")
    return verdict, Counter(_key(graph, result) for result in graph.objects(report, SH.result))


def told_by(report: rdflib.Graph) -> Told:
    """What a graph that holds one report says."""
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    return told(report, node)


def _key(graph: rdflib.Graph, result: Node) -> tuple[str, ...]:
    path = graph.value(result, SH.resultPath)
    told = (SH.focusNode, SH.value, SH.resultSeverity, SH.sourceConstraintComponent)
    return (*(_name(graph.value(result, p)) for p in told), _name(path) if isinstance(path, rdflib.URIRef) else "")


def _name(node: Node | None) -> str:
    if node is None:
        return ""
    return "_:b" if isinstance(node, rdflib.BNode) else node.n3()
