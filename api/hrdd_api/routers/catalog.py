"""Self-description: the catalogue, the named graphs, the ontology, the JSON-LD context, and the kinds of problems."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from hrdd_api.answers import graph_bytes, triples_of
from hrdd_api.asked import AskedDep, AskedOfViewDep, reader_language
from hrdd_api.base import base_of
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import GRAPHS, HTML, JSON, JSON_LD, Format, choose_for
from hrdd_api.openapi import sends
from hrdd_api.problems import KINDS, Refusal, near, our_node
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, link_to, reply, see_other
from hrdd_api.routers.linked_data import linked
from hrdd_api.routing import ContainedRoute
from hrdd_graph.catalog import CATALOG_GRAPH, DATA_BASE, RESTRICTED_CATALOG_GRAPH, GraphEntry
from hrdd_graph.description._statements import EXTRA_PREFIXES
from hrdd_graph.description.dcat import catalogue
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HOME, PREFIXES
from hrdd_graph.ontology import is_term
from hrdd_graph.speech import best
from hrdd_graph.stats import SourceStatistics, statistics_of
from hrdd_graph.store import Scope, select
from hrdd_graph.terms import Iri, Literal, Triple, sparql_text, triple_key
from hrdd_graph.view import View

router = APIRouter(tags=["Self-description"], route_class=ContainedRoute)

OFFERED = (JSON, HTML, *GRAPHS)


class EntryDocument(TypedDict):
    """A named graph: its licence, the day on which it became public, and the digest of its statements."""

    graph: str
    title: str
    licence: str
    issued: str | None
    digest: str
    vocabulary: bool


class CatalogDocument(TypedDict):
    """The named graphs of the view, and what is counted in each."""

    graphDigest: str
    graphs: list[EntryDocument]
    statistics: Mapping[str, Mapping[str, Mapping[str, int]]]


class ProblemKind(TypedDict):
    """A kind of problem: its address, title, status, and what it means."""

    type: str
    title: str
    status: int
    about: str


_FILES = {
    ".yaml": "application/yaml",
    ".ttl": "text/turtle",
    ".csv": "text/csv",
    ".nt": "application/n-triples",
    "": "application/octet-stream",
}


@router.get(
    "/catalog",
    summary="The data sets, their licences and their digests",
    openapi_extra=sends(JSON, HTML, *GRAPHS, shape=CatalogDocument),
)
def catalog(request: Request, knowledge: KnowledgeDep, asked: AskedOfViewDep) -> Response:
    """Every named graph of the view (DCAT 3)."""
    form = choose_for(request, *OFFERED)
    view, base = knowledge.view(asked.as_of, asked.known_on), base_of(request)
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        if form in GRAPHS:
            return graph_bytes(catalogue(view, base), form, {**PREFIXES, **EXTRA_PREFIXES})
        held = _statistics(view)
        document: CatalogDocument = {
            "graphDigest": view.digest,
            "graphs": [entry_document(entry) for entry in view.entries],
            "statistics": {of.graph: of.counters for of in held},
        }
        if form is JSON:
            return as_json(document)
        return page(request, "catalog.html", catalog=document, held=_in_words(view, held, language), offered=OFFERED)

    return reply(request, form, body, tag=(view.digest, base), language=language if form is HTML else "")


def _in_words(view: View, held: list[SourceStatistics], language: str) -> list[dict[str, Any]]:
    """The statistics of each source with labels for the names that are counted, in the reader's language."""

    def terms(name: str) -> list[Iri]:
        return [Iri(PREFIXES["hrdd"] + part) for part in name.split(": ")]

    counted = {name for of in held for counter in of.counters.values() for name in counter}
    say = labels_for(view, {term for name in counted for term in terms(name)}, language)
    return [
        {
            "title": of.title,
            "graph": of.graph,
            "statements": of.statements,
            "counters": {
                key: [
                    (": ".join(map(say, terms(name))), count, count / counter.total())
                    for name, count in counter.most_common()
                ]
                for key, counter in of.counters.items()
            },
        }
        for of in held
    ]


@router.get("/graph/{name:path}", summary="A named graph", openapi_extra=sends(JSON, HTML, *GRAPHS))
def graph(request: Request, knowledge: KnowledgeDep, name: str, asked: AskedOfViewDep) -> Response:
    """For programs all its statements; for people what it is, and what it holds."""
    return named_graph(request, knowledge, f"graph/{name}", asked)


@router.get("/ontology", summary="The ontology", openapi_extra=sends(JSON, HTML, *GRAPHS))
def ontology(request: Request, knowledge: KnowledgeDep, asked: AskedOfViewDep) -> Response:
    """The core ontology: its classes, properties and list values, with definitions and examples."""
    form = choose_for(request, *OFFERED)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        if form in GRAPHS:
            return graph_bytes(graph_triples(view, HOME + "ontology"), form)
        if form is JSON:
            return as_json({"ontology": HOME + "ontology", **_terms(knowledge, view, language)})
        return page(request, "ontology.html", reference=knowledge.ontology(view), offered=OFFERED)

    return reply(request, form, body, tag=(view.digest,), language=language)


@router.get("/ontology/part/{name}", summary="A part of the ontology", openapi_extra=sends(JSON, HTML))
def part(request: Request, knowledge: KnowledgeDep, name: str, asked: AskedOfViewDep) -> Response:
    """The terms of one part with what each is tied to and examples from the view; for people with its diagram."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.view(asked.as_of, asked.known_on)
    parts = {each.anchor: each for each in knowledge.ontology(view)}
    if name not in parts:
        raise Refusal("not-found", f"{name} is not a part of the ontology.", near(name, parts) or "/ontology has them.")
    one = parts[name]

    def body() -> bytes:
        if form is JSON:
            return as_json({"title": one.title, "prose": one.prose, "terms": [asdict(term) for term in one.terms]})
        return page(request, "ontology_part.html", part=one)

    return reply(request, form, body, tag=(view.digest, name))


@router.get("/ontology/{name:path}", summary="A module of the ontology", openapi_extra=sends(JSON, HTML, *GRAPHS))
def module(request: Request, knowledge: KnowledgeDep, name: str, asked: AskedOfViewDep) -> Response:
    """An instrument's provisions, a regime's duties, or a version of the core."""
    return named_graph(request, knowledge, f"ontology/{name}", asked)


def named_graph(request: Request, knowledge: Knowledge, path: str, asked: AskedOfViewDep) -> Response:
    """A named graph of the view; what is none is described like any other node."""
    view = knowledge.view(asked.as_of, asked.known_on)
    entry = next((e for e in view.entries if HOME + path in (e.graph, e.derived_graph)), None)
    if entry is None:
        return linked(request, knowledge, path, asked)
    form = choose_for(request, *OFFERED)
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        triples = graph_triples(view, HOME + path)
        if form in GRAPHS:
            return graph_bytes(triples, form)
        document = {**entry_document(entry), **_contents(view, triples, language)}
        if form is JSON:
            return as_json(document)
        return page(request, "graph.html", graph=document, offered=OFFERED, path_of_graph=path, language=language)

    return reply(
        request,
        form,
        body,
        tag=(view.digest,),
        language=language,
        headers={"Link": link_to(entry.licence, "license")},
    )


def graph_triples(view: View, graph: str) -> list[Triple]:
    """The statements of one graph of a view, in a stable order."""
    if graph not in view.graphs:
        raise Refusal("not-found", f"{graph} is not a graph of this view.", "/catalog lists those that are.")
    answer = view.store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", Scope((graph,)))
    return sorted(triples_of(answer), key=triple_key)


def _statistics(view: View) -> list[SourceStatistics]:
    """The numbers of each graph, counted once for each state of the graph."""
    count = partial(statistics_of, view)
    return view.memory.get("statistics", count) if view.memory else count()


def entry_document(entry: GraphEntry) -> EntryDocument:
    """A named graph as plain data."""
    return {
        "graph": entry.graph,
        "title": entry.title,
        "licence": entry.licence,
        "issued": entry.issued.isoformat() if entry.issued else None,
        "digest": entry.digest,
        "vocabulary": entry.is_vocabulary,
    }


def _contents(view: View, triples: list[Triple], language: str) -> dict[str, Any]:
    kinds = Counter(
        t.object for t in triples if t.predicate.value == PREFIXES["rdf"] + "type" and isinstance(t.object, Iri)
    )
    say = labels_for(view, kinds, language)
    counted = sorted(kinds.items(), key=lambda item: (-item[1], item[0].value))
    return {
        "statements": len(triples),
        "kinds": [{"iri": kind.value, "label": say(kind), "count": count} for kind, count in counted],
    }


def _terms(knowledge: Knowledge, view: View, language: str) -> dict[str, list[dict[str, Any]]]:
    """The ontology's terms in three groups, with what each means, in the reader's language where it is there."""
    rows = select(
        view.store,
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?term ?property ?text WHERE {
          VALUES ?property { rdfs:label skos:definition skos:example } ?term ?property ?text }""",
        Scope((HOME + "ontology",)),
    )
    said: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for term, prop, text in rows.rows:
        if isinstance(term, Iri) and isinstance(prop, Iri) and isinstance(text, Literal):
            said[term.value][re.split("[#/]", prop.value)[-1]][text.language or "en"] = text.value
    texts = {
        term: {key: by_language[best(by_language, language)] for key, by_language in about.items()}
        for term, about in said.items()
    }
    vocabulary = knowledge.vocabulary
    groups: dict[str, list[dict[str, Any]]] = {"classes": [], "properties": [], "values": []}
    for iri in sorted(texts, key=str.casefold):
        if not is_term(iri, vocabulary):
            continue
        name = iri.removeprefix(PREFIXES["hrdd"])
        about: dict[str, Any] = {"iri": iri, "name": name, **texts[iri]}
        if name in vocabulary.parents:
            groups["classes"].append(about | {"above": sorted(vocabulary.parents[name])})
        elif name in vocabulary.properties:
            prop_of = vocabulary.properties[name]
            groups["properties"].append(about | {"domain": sorted(prop_of.domains), "range": sorted(prop_of.ranges)})
        else:
            groups["values"].append(about | {"kinds": sorted(vocabulary.values[name])})
    return groups


@router.get("/context.jsonld", summary="The JSON-LD context", openapi_extra=sends(JSON_LD, JSON))
def context(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """The names under which case sheets and JSON-LD exports are read, made from the ontology."""
    form = choose_for(request, JSON_LD, Format("jsonld", "application/json"))
    document = as_json({"@context": knowledge.vocabulary.context()})
    return reply(request, form, lambda: document, tag=(document,))


@router.get("/data", include_in_schema=False)
@router.get("/data/", include_in_schema=False)
def data_files(request: Request) -> Response:
    """The catalogue describes the files."""
    return see_other(request, "/catalog")


@router.get(
    "/data/{name:path}",
    summary="A data file",
    openapi_extra=sends(*(Format("", media_type) for media_type in _FILES.values())),
)
def data_file(request: Request, knowledge: KnowledgeDep, name: str) -> Response:
    """A file that the catalogue lists as the download of a data set that the caller may read, as it is."""
    file = our_node(f"{DATA_BASE.removeprefix(HOME)}{name}")
    view = knowledge.view()
    told = (CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH) if knowledge.readable else (CATALOG_GRAPH,)
    rows = select(
        view.store,
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#> SELECT ?graph "
        f"WHERE {{ ?set hrdd:describesGraph ?graph ; dcat:distribution/dcat:downloadURL {sparql_text(file)} }}",
        Scope(told),
    )
    listed = [row[0].value for row in rows.rows if row[0] is not None]
    path = knowledge.resources.data / name
    if not any(graph in view.graphs for graph in listed) or not path.is_file():
        raise Refusal("not-found", f"{name} is not a file of the catalogue.", "/catalog lists the data sets.")
    form = Format(path.suffix.lstrip("."), _FILES.get(path.suffix, _FILES[""]))
    return reply(request, form, path.read_bytes, tag=(view.digest, path.stat().st_mtime_ns))


@router.get("/problem/{slug}", summary="A kind of problem", openapi_extra=sends(JSON, HTML, shape=ProblemKind))
def problem(request: Request, slug: str, asked: AskedDep) -> Response:
    """What a kind of problem means; the ``type`` of a problem document leads here."""
    form = choose_for(request, JSON, HTML)
    kind = KINDS.get(slug)
    if kind is None:
        raise Refusal(
            "not-found", f"{slug} is not a kind of problem.", near(slug, KINDS) or f"There are {', '.join(KINDS)}."
        )
    document: ProblemKind = {"type": kind.iri, "title": kind.title, "status": kind.status, "about": kind.about}
    if form is JSON:
        return reply(request, form, lambda: as_json(document), tag=(slug,))
    return reply(request, form, lambda: page(request, "problem_kind.html", kind=kind), tag=(slug,))
