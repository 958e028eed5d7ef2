"""The catalogue of a view as DCAT 3, to the profile DCAT-AP 3.0: https://www.w3.org/TR/vocab-dcat-3/.

Each named graph is a data set with distributions: the file that it was made from, and a dump in each format. The view
as a whole is one more. Addresses of files and services are those of the server that answers; a data set's own address
is the same on every server. What a view does not show is not in its catalogue.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry
from hrdd_graph.description._statements import FOAF, Statements, english
from hrdd_graph.dump import FORMATS, GZIP, MEDIA_TYPES, dump_names
from hrdd_graph.namespaces import DCAT, DCTERMS, HOME, HRDD, PROV, SKOS, XSD
from hrdd_graph.store import Scope, select
from hrdd_graph.terms import Iri, Literal, Term, Triple
from hrdd_graph.view import View

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = {"nq": "RDF_N_QUADS", "trig": "RDF_TRIG", "jsonld": "JSON_LD"}
PUBLISHER = Iri(CATALOG_GRAPH + "#publisher")
EVERYTHING = Iri(CATALOG_GRAPH + "#everything")
_DATES = (
    (re.compile(r"\d{4}"), XSD.gYear),
    (re.compile(r"\d{4}-\d{2}"), XSD.gYearMonth),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), XSD.date),
)


def catalogue(view: View, base: str) -> Statements:
    """The catalogue of a view as the server at ``base`` (without a slash at its end) offers it."""
    found = Statements()
    entries = {Iri(entry.graph): entry for entry in view.entries}
    stored = _stored(view)
    datasets = {
        node: entries[graph]
        for node, facts in stored.items()
        for graph in facts[HRDD.describesGraph]
        if isinstance(graph, Iri) and graph in entries
    }
    top = Iri(CATALOG_GRAPH)
    found.about(
        top,
        DCAT.Catalog,
        (DCTERMS.title, english("Data sets of hrdd-graph")),
        (DCTERMS.description, english("The named graphs of a human-rights due-diligence knowledge graph.")),
        (DCTERMS.publisher, PUBLISHER),
        (DCTERMS.license, Iri("https://creativecommons.org/licenses/by/4.0/")),
        (FOAF.homepage, Iri(f"{base}/")),
        (DCAT.service, Iri(CATALOG_GRAPH + "#sparql")),
        (DCAT.service, Iri(CATALOG_GRAPH + "#http")),
        *((DCAT.dataset, node) for node in sorted((EVERYTHING, *datasets), key=str)),
    )
    found.about(Iri(f"{base}/"), FOAF.Document)
    found.about(PUBLISHER, FOAF.Agent, (FOAF.name, english("The hrdd-graph authors")), (DCTERMS.type, _PUBLISHER_TYPE))
    found.about(_PUBLISHER_TYPE, SKOS.Concept, (SKOS.prefLabel, english("Non-Profit Organisation")))
    _services(found, base)
    _everything(found, view, base)
    for node, entry in sorted(datasets.items(), key=lambda item: str(item[0])):
        _dataset(found, node, entry, stored, base)
    for licence in sorted({entry.licence for entry in view.entries}):
        found.about(Iri(licence), DCTERMS.LicenseDocument)
    found.about(_PUBLIC, DCTERMS.RightsStatement)
    return Statements(dict.fromkeys(found))


_PUBLIC = Iri(_AUTHORITY + "access-right/PUBLIC")
_PUBLISHER_TYPE = Iri("http://purl.org/adms/publishertype/NonProfitOrganisation")


def _stored(view: View) -> dict[Iri, dict[Iri, list[Term]]]:
    """What the catalogue graph says, by subject."""
    rows = select(view.store, "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o", Scope((CATALOG_GRAPH,)))
    found: dict[Iri, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in rows.rows:
        if isinstance(s, Iri) and isinstance(p, Iri) and o is not None:
            found[s][p].append(o)
    return found


def _dataset(
    found: Statements, node: Iri, entry: GraphEntry, stored: dict[Iri, dict[Iri, list[Term]]], base: str
) -> None:
    facts = stored[node]
    kept = (DCTERMS.title, DCTERMS.description, PROV.wasDerivedFrom, HRDD.describesGraph, HRDD.graphDigest)
    described = facts[DCTERMS.description] or [Literal(entry.title, language="en")]
    found.about(
        node,
        DCAT.Dataset,
        *((predicate, value) for predicate in kept for value in facts[predicate]),
        *((DCTERMS.description, value) for value in described if not facts[DCTERMS.description]),
        *((predicate, _day(value)) for predicate in (DCTERMS.issued, DCTERMS.modified) for value in facts[predicate]),
        (DCTERMS.license, Iri(entry.licence)),
        (DCTERMS.publisher, PUBLISHER),
        (DCTERMS.accessRights, _PUBLIC),
        (DCTERMS.identifier, Literal(entry.graph)),
    )
    for file in facts[DCAT.distribution]:
        if not isinstance(file, Iri):
            continue
        found.append(Triple(node, DCAT.distribution, file))
        urls = [Iri(url.value.replace(HOME, f"{base}/")) for url in stored[file][DCAT.downloadURL]]
        found.about(
            file,
            DCAT.Distribution,
            (DCTERMS.title, english(f"{entry.title}: the file that it is made from")),
            *((predicate, url) for url in urls for predicate in (DCAT.accessURL, DCAT.downloadURL)),
            *((DCAT.mediaType, value) for value in stored[file][DCAT.mediaType]),
            (DCTERMS.license, Iri(entry.licence)),
        )
        for value in stored[file][DCAT.mediaType]:
            if isinstance(value, Iri):
                found.about(value, DCTERMS.MediaType)
    for distribution in _dumps(found, entry.graph.removeprefix(HOME), entry.title, entry.licence, base):
        found.append(Triple(node, DCAT.distribution, distribution))


def _everything(found: Statements, view: View, base: str) -> None:
    licences = {entry.licence for entry in view.entries}
    found.about(
        EVERYTHING,
        DCAT.Dataset,
        (DCTERMS.title, english("Every graph of this view")),
        (DCTERMS.description, english("All named graphs of this view, each under its own name and its own licence.")),
        (DCTERMS.publisher, PUBLISHER),
        (DCTERMS.accessRights, _PUBLIC),
        (DCTERMS.identifier, Literal(EVERYTHING.value)),
        (HRDD.graphDigest, Literal(view.digest)),
    )
    licence = next(iter(licences)) if len(licences) == 1 else ""
    for distribution in _dumps(found, "all", "Every graph of this view", licence, base):
        found.append(Triple(EVERYTHING, DCAT.distribution, distribution))


def _dumps(found: Statements, name: str, title: str, licence: str, base: str) -> Iterator[Iri]:
    """The distributions of a dump: each format, plain and compressed."""
    for form, packed, path in dump_names(name):
        node, url = Iri(f"{HOME}dumps/{path}"), Iri(f"{base}/dumps/{path}")
        file_type, media = Iri(f"{_AUTHORITY}file-type/{_FILE_TYPES[form]}"), Iri(_MEDIA + MEDIA_TYPES[form])
        how = f"{FORMATS[form].name}, compressed" if packed else FORMATS[form].name
        found.about(
            node,
            DCAT.Distribution,
            (DCTERMS.title, english(f"{title}: {how}")),
            (DCAT.accessURL, url),
            (DCAT.downloadURL, url),
            (DCTERMS["format"], file_type),
            (DCAT.mediaType, media),
            (DCAT.compressFormat, Iri(_MEDIA + GZIP) if packed else None),
            (DCTERMS.license, Iri(licence) if licence else None),
        )
        found.about(file_type, DCTERMS.MediaTypeOrExtent)
        found.about(media, DCTERMS.MediaType)
        if packed:
            found.about(Iri(_MEDIA + GZIP), DCTERMS.MediaType)
        yield node


def _services(found: Statements, base: str) -> None:
    documentation = Iri(f"{base}/docs")
    found.about(documentation, FOAF.Document)
    for name, title, address, told in (
        ("sparql", "SPARQL endpoint", f"{base}/sparql", "http://www.w3.org/TR/sparql11-protocol/"),
        ("http", "Query templates and gap rules over HTTP", f"{base}/", f"{base}/openapi.json"),
    ):
        node = Iri(f"{CATALOG_GRAPH}#{name}")
        found.about(
            node,
            DCAT.DataService,
            (DCTERMS.title, english(title)),
            (DCTERMS.publisher, PUBLISHER),
            (DCAT.endpointURL, Iri(address)),
            (DCAT.endpointDescription, Iri(address if name == "sparql" else told)),
            (DCTERMS.conformsTo, Iri(told) if name == "sparql" else None),
            (DCAT.servesDataset, EVERYTHING),
            (FOAF.page, documentation),
        )
        if name == "sparql":
            found.about(Iri(told), DCTERMS.Standard)


def _day(value: Term) -> Term:
    """A day, month or year with its datatype, which catalogue readers expect."""
    for pattern, datatype in _DATES:
        if pattern.fullmatch(value.value):
            return Literal(value.value, datatype=datatype)
    return value
