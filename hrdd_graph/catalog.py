"""The catalogue: which file makes which named graph, under which licence, for whom, and since when it is known.

``data/catalog.ttl`` describes each data file (DCAT 3 and PROV); the ontology's modules describe themselves. A data
file that the catalogue does not list is an error, since nothing may be published without a licence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.evidence.dates import bounds
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import DCAT, DCTERMS, HOME, HRDD, OWL, PREFIXES, PROV, RDF
from hrdd_graph.ontology import read_turtle
from hrdd_graph.resources import Resources
from hrdd_graph.store.base import Scope, Store, select
from hrdd_graph.terms import Iri, Literal, Quad, Term, Triple

CATALOG_GRAPH = HOME + "catalog"
# What the catalogue says of restricted graphs: that there is one is itself no public fact.
RESTRICTED_CATALOG_GRAPH = CATALOG_GRAPH + "/restricted"
DATA_BASE = HOME + "data/"


@dataclass(frozen=True, order=True)
class GraphEntry:
    """A named graph and what may be done with it.

    ``issued`` is the day by which its content was public for certain; ``None`` for the vocabulary, which is no
    knowledge about the world. ``path`` is the file that it is made from (``None`` when read from a store), and
    ``derived_digest`` the digest of what follows (empty when read from a store).
    """

    graph: str
    title: str
    licence: str
    public: bool
    issued: date | None = None
    digest: str = ""
    path: Path | None = None
    derived_digest: str = ""

    @property
    def derived_graph(self) -> str:
        """The graph of what follows from this one."""
        return self.graph + "/derived"

    @property
    def is_vocabulary(self) -> bool:
        return self.graph.startswith(HOME + "ontology")


def read_catalog(resources: Resources) -> list[GraphEntry]:
    """Every graph that a build makes, in a stable order. Raises ``UnusableInput`` with all problems found."""
    problems: list[Problem] = []
    entries = [*_modules(resources, problems), *_datasets(resources, problems)]
    listed = {entry.path for entry in entries}
    for folder in (resources.data / "cases", resources.data / "reference"):
        for path in sorted(folder.glob("*")) if folder.is_dir() else []:
            if path.suffix in (".yaml", ".ttl", ".nt", ".trig") and path not in listed:
                problems.append(
                    Problem(
                        str(path),
                        0,
                        "",
                        "is not in data/catalog.ttl, so that its licence and access are unknown.",
                        f"Describe it there with dcat:downloadURL <{path.relative_to(resources.data).as_posix()}>.",
                    )
                )
    if problems:
        raise UnusableInput(problems)
    return sorted(entries)


def _modules(resources: Resources, problems: list[Problem]) -> list[GraphEntry]:
    found = []
    for path in sorted(resources.ontology.rglob("*.ttl")):
        try:
            facts = Facts(read_turtle(path))
        except UnusableInput as error:
            problems += error.problems
            continue
        headers = facts.of_type(OWL.Ontology)
        if len(headers) != 1 or not isinstance(headers[0], Iri):
            problems.append(Problem(str(path), 0, "", "declares no owl:Ontology, or several.", "Declare exactly one."))
            continue
        header = headers[0]
        title, licence = facts.text(header, DCTERMS.title), facts.text(header, DCTERMS.license)
        found.append(GraphEntry(headers[0].value, title, licence, True, path=path))
    return found


def _datasets(resources: Resources, problems: list[Problem]) -> list[GraphEntry]:
    return [
        *_described_in(resources.data / "catalog.ttl", resources.data, DATA_BASE, problems),
        *read_imports(resources, problems),
    ]


def read_imports(resources: Resources, problems: list[Problem]) -> list[GraphEntry]:
    """The graphs that were imported; what is wrong with an entry is added to ``problems``."""
    return [
        entry
        for path in import_catalogs(resources)
        for entry in _described_in(path, path.parent, f"{DATA_BASE}imports/{path.parent.name}/", problems)
    ]


def import_catalogs(resources: Resources) -> list[Path]:
    """The catalogue entry of every import, and of every submission that was accepted."""
    accepted = sorted(resources.accepted.glob("*/catalog.ttl")) if resources.accepted else []
    return [*sorted(resources.imports.glob("*/catalog.ttl")), *accepted]


def _described_in(path: Path, folder: Path, base: str, problems: list[Problem]) -> list[GraphEntry]:
    facts = Facts(read_turtle(path))
    found = []
    for subject in facts.of_type(DCAT.Dataset):

        def wrong(what: str, fix: str, subject: Term = subject) -> None:
            problems.append(Problem(str(path), 0, str(subject), what, fix))

        graph, title = facts.text(subject, HRDD.describesGraph), facts.text(subject, DCTERMS.title)
        licence, access = facts.text(subject, DCTERMS.license), facts.text(subject, HRDD.hasAccess)
        urls = [facts.text(d, DCAT.downloadURL) for d in facts.objects(subject, DCAT.distribution)]
        if not (graph and title and licence and access and len(urls) == 1):
            wrong("lacks a graph, title, licence, access or its one file.", "Give it all five.")
            continue
        file = folder / urls[0].removeprefix(base)
        if not urls[0].startswith(base) or not file.is_file():
            wrong(f"names the file {urls[0]}, which is not there.", "Name a file beside it.")
            continue
        try:
            issued = bounds(facts.text(subject, DCTERMS.issued)).last
        except ValueError as error:
            wrong(f"has no usable dcterms:issued: {error}", "Give the day by which its content was public.")
            continue
        public = access == HRDD.PublicAccess.value
        found.append(GraphEntry(graph, title, licence, public, issued, path=file))
    return found


def catalog_quads(resources: Resources, entries: list[GraphEntry]) -> list[Quad]:
    """The catalogue: data/catalog.ttl, the modules' own descriptions, and the digest of every graph.

    What it says of restricted graphs stands in a graph of its own, which no view shows.
    """
    graph = Iri(CATALOG_GRAPH)
    files = [resources.data / "catalog.ttl", *import_catalogs(resources)]
    quads = [Quad(q.subject, q.predicate, q.object, graph) for file in files for q in read_turtle(file)]
    datasets = {q.object: q.subject for q in quads if q.predicate == HRDD.describesGraph}
    for entry in entries:
        node = datasets.get(Iri(entry.graph))
        if node is None:
            node = Iri(HOME + "dataset/" + entry.graph.removeprefix(HOME))
            quads += [
                Quad(node, RDF.type, DCAT.Dataset, graph),
                Quad(node, HRDD.describesGraph, Iri(entry.graph), graph),
                Quad(node, DCTERMS.title, Literal(entry.title, language="en"), graph),
                Quad(node, DCTERMS.license, Iri(entry.licence), graph),
                Quad(node, HRDD.hasAccess, HRDD.PublicAccess, graph),
                Quad(node, PROV.wasDerivedFrom, Iri(entry.graph), graph),
            ]
        quads.append(Quad(node, HRDD.graphDigest, Literal(entry.digest), graph))
        quads.append(Quad(Iri(entry.derived_graph), HRDD.graphDigest, Literal(entry.derived_digest), graph))
    hidden: set[Term | Triple] = {datasets[Iri(e.graph)] for e in entries if not e.public and Iri(e.graph) in datasets}
    hidden |= {q.object for q in quads if q.subject in hidden and q.predicate == DCAT.distribution}
    hidden |= {Iri(e.derived_graph) for e in entries if not e.public}
    restricted = Iri(RESTRICTED_CATALOG_GRAPH)
    return [
        Quad(q.subject, q.predicate, q.object, restricted if q.subject in hidden or q.object in hidden else graph)
        for q in quads
    ]


def stored_catalog(store: Store, *, restricted: bool = False) -> list[GraphEntry]:
    """The graphs that a store holds, as its catalogue describes them; the restricted ones only where asked for."""
    graphs = (CATALOG_GRAPH, RESTRICTED_CATALOG_GRAPH) if restricted else (CATALOG_GRAPH,)
    rows = select(
        store,
        f"""PREFIX hrdd: <{PREFIXES["hrdd"]}> PREFIX dcterms: <{PREFIXES["dcterms"]}>
        SELECT ?graph (SAMPLE(?t) AS ?title) (SAMPLE(?l) AS ?licence) (SAMPLE(?a) AS ?access)
               (SAMPLE(?i) AS ?issued) (SAMPLE(?d) AS ?digest)
        WHERE {{ ?dataset hrdd:describesGraph ?graph ; dcterms:title ?t ; dcterms:license ?l ; hrdd:hasAccess ?a .
          OPTIONAL {{ ?dataset dcterms:issued ?i }} OPTIONAL {{ ?dataset hrdd:graphDigest ?d }} }}
        GROUP BY ?graph""",
        Scope(graphs),
    ).dicts()
    return sorted(
        GraphEntry(
            row["graph"].value,
            row["title"].value,
            row["licence"].value,
            row["access"] == HRDD.PublicAccess,
            bounds(row["issued"].value).last if "issued" in row else None,
            row["digest"].value if "digest" in row else "",
        )
        for row in rows
    )
