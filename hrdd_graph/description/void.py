"""A view in numbers, as VoID: https://www.w3.org/TR/void/.

How many statements, things and values there are, how many of each class and with each property, and how many in each
graph. Three queries; the whole is the same for as long as the graph is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.description._statements import FORMATS, VOID, Statements, english, number
from hrdd_graph.dump import dump_names
from hrdd_graph.namespaces import DCTERMS, HOME, PREFIXES
from hrdd_graph.terms import BlankNode, Iri, Literal, Term
from hrdd_graph.view import View

DATASET = Iri(CATALOG_GRAPH + "#void")
_FEATURES = ("N-Quads", "TriG", "JSON-LD", "Turtle", "N-Triples", "RDF_XML")


@dataclass(frozen=True)
class Numbers:
    """What there is in a view: totals, and counts by class, by property, and by graph."""

    triples: int
    subjects: int
    objects: int
    classes: tuple[tuple[str, int], ...]
    properties: tuple[tuple[str, int], ...]
    graphs: tuple[tuple[str, int], ...]


def numbers(view: View) -> Numbers:
    """Count what a view holds. Where graphs share a statement, it counts once."""
    totals = view.select(
        "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) WHERE { ?s ?p ?o }"
    ).rows[0]
    triples, subjects, objects = (_int(term) for term in totals)
    return Numbers(
        triples,
        subjects,
        objects,
        tuple(_counts(view, "SELECT ?x (COUNT(*) AS ?n) WHERE { ?s a ?x FILTER(isIRI(?x)) } GROUP BY ?x")),
        tuple(_counts(view, "SELECT ?x (COUNT(*) AS ?n) WHERE { ?s ?x ?o } GROUP BY ?x")),
        tuple(_counts(view, "SELECT ?x (COUNT(*) AS ?n) WHERE { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x")),
    )


def void(view: View, counted: Numbers, base: str) -> Statements:
    """The data set's description, for the server at ``base`` (without a slash at its end)."""
    found = Statements()
    document = Iri(f"{base}/.well-known/void")
    found.about(
        document, VOID.DatasetDescription, (DCTERMS.title, english("VoID of hrdd-graph")), (_PRIMARY_TOPIC, DATASET)
    )
    found.about(
        DATASET,
        VOID.Dataset,
        (DCTERMS.title, english("hrdd-graph")),
        (DCTERMS.description, english("A human-rights due-diligence knowledge graph.")),
        (VOID.sparqlEndpoint, Iri(f"{base}/sparql")),
        (VOID.uriSpace, Literal(HOME)),
        (VOID.exampleResource, Iri(PREFIXES["udhr"] + "23")),
        *((VOID.dataDump, Iri(f"{base}/dumps/{path}")) for _, _, path in dump_names("all")),
        *((VOID.feature, Iri(FORMATS[name].value)) for name in _FEATURES),
        *((VOID.vocabulary, Iri(PREFIXES[prefix])) for prefix in ("hrdd", "dcterms", "prov", "skos")),
        *((DCTERMS.license, Iri(licence)) for licence in sorted({entry.licence for entry in view.entries})),
        *((VOID.subset, Iri(entry.graph)) for entry in view.entries),
    )
    found += partitions(DATASET, counted)
    of_graph = dict(counted.graphs)
    for entry in view.entries:
        found.about(
            Iri(entry.graph),
            VOID.Dataset,
            (DCTERMS.title, english(entry.title)),
            (DCTERMS.license, Iri(entry.licence)),
            (VOID.triples, number(of_graph.get(entry.graph, 0))),
            *((VOID.dataDump, Iri(f"{base}/dumps/{path}")) for _, _, path in dump_names(_name(entry.graph))),
        )
    return found


_PRIMARY_TOPIC = Iri("http://xmlns.com/foaf/0.1/primaryTopic")


def partitions(node: Iri | BlankNode, counted: Numbers) -> Statements:
    """The numbers of a data set, with a partition for each class and each property."""
    found = Statements()
    found.about(
        node,
        None,
        (VOID.triples, number(counted.triples)),
        (VOID.distinctSubjects, number(counted.subjects)),
        (VOID.distinctObjects, number(counted.objects)),
        (VOID.classes, number(len(counted.classes))),
        (VOID.properties, number(len(counted.properties))),
    )
    for n, (iri, count) in enumerate(counted.classes):
        part = BlankNode(f"class{n}")
        found.about(node, None, (VOID.classPartition, part))
        found.about(part, None, (VOID["class"], Iri(iri)), (VOID.entities, number(count)))
    for n, (iri, count) in enumerate(counted.properties):
        part = BlankNode(f"property{n}")
        found.about(node, None, (VOID.propertyPartition, part))
        found.about(part, None, (VOID.property, Iri(iri)), (VOID.triples, number(count)))
    return found


def _name(graph: str) -> str:
    return graph.removeprefix(HOME)


def _counts(view: View, query: str) -> Iterator[tuple[str, int]]:
    rows = view.select(query).rows
    yield from sorted((row[0].value, _int(row[1])) for row in rows if isinstance(row[0], Iri))


def _int(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
