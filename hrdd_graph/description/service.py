"""What the SPARQL endpoint can do and which graphs it holds: https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from hrdd_graph.description._statements import FORMATS, SD, VOID, Statements, number
from hrdd_graph.description.void import Numbers, partitions
from hrdd_graph.namespaces import RDF
from hrdd_graph.terms import BlankNode, Iri, Triple
from hrdd_graph.view import View

_FORMAT_NAMES = (
    *(f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")),
    *("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG"),
)


def service(view: View, counted: Numbers, endpoint: str) -> Statements:
    """The service, its default graph with the numbers of what it holds, and its named graphs."""
    found = Statements()
    node, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    found.about(
        node,
        SD.Service,
        (SD.endpoint, Iri(endpoint)),
        (SD.supportedLanguage, SD.SPARQL11Query),
        (SD.feature, SD.UnionDefaultGraph),
        *((SD.resultFormat, FORMATS[name]) for name in _FORMAT_NAMES),
        (SD.defaultDataset, dataset),
    )
    found.about(dataset, SD.Dataset, (SD.defaultGraph, default))
    found.about(default, SD.Graph)
    found.append(Triple(default, RDF.type, VOID.Dataset))
    found += partitions(default, counted)
    of_graph = dict(counted.graphs)
    for n, graph in enumerate(view.graphs):
        named, held = BlankNode(f"named{n}"), BlankNode(f"graph{n}")
        found.about(dataset, None, (SD.namedGraph, named))
        found.about(named, SD.NamedGraph, (SD.name, Iri(graph)), (SD.graph, held))
        found.about(held, SD.Graph, (VOID.triples, number(of_graph.get(graph, 0))))
    return found
