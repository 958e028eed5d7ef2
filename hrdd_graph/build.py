"""Building the graph: files in, named graphs out, all or nothing."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from hrdd_graph import __version__
from hrdd_graph.canonical import digest, named_for_good
from hrdd_graph.catalog import CATALOG_GRAPH, GraphEntry, catalog_quads, read_catalog
from hrdd_graph.collector import collector_paused
from hrdd_graph.derive import consequences
from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.namespaces import HOME, HRDD, PREFIXES, SH, SKOS, compact
from hrdd_graph.ontology import Vocabulary, is_term, read_turtle, read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.shacl import ShapeResult, check_shapes, check_store
from hrdd_graph.store import Scope
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Quad, RdfFormat, Triple, parse

Progress = Callable[[str], None]
CORE = HOME + "ontology"
# Vocabulary facts that a chain in a case may pass through.
BACKGROUND = frozenset([SKOS.broader, HRDD.locatedIn, HRDD.isEditionOf, HRDD.coversTopic])


@dataclass(frozen=True)
class Contents:
    """One named graph as read from its file, and the lines at which a sheet describes its nodes."""

    entry: GraphEntry
    quads: tuple[Quad, ...]
    lines: dict[str, int]


@collector_paused()
def build(resources: Resources, store: EmbeddedStore, progress: Progress = lambda _: None) -> dict[str, str]:
    """Read every file, check it, and load it with what follows from it.

    Raises ``UnusableInput`` with every problem in every file; whoever builds a folder makes it the current one only
    when this has returned. Returns facts to keep beside the store: the fingerprint of the files, the version, and the
    number of statements.
    """
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    contents = read_contents(resources, vocabulary, progress)
    background = [
        quad
        for content in contents
        for quad in content.quads
        if (content.entry.is_vocabulary and quad.predicate in BACKGROUND)
        or (content.entry.public and quad.predicate == HRDD.corrects)
    ]
    quads: list[Quad] = []
    for content in contents:
        entry, derived = content.entry, Iri(content.entry.derived_graph)
        triples = consequences(content.quads, vocabulary, background) if entry.graph != CORE else ()
        before = len(quads)
        quads += content.quads
        quads += (Quad(t.subject, t.predicate, t.object, derived) for t in triples)
        progress(f"{entry.title}: {len(content.quads)} statements, {len(quads) - before - len(content.quads)} derived")
    public = [CATALOG_GRAPH, *(g for c in contents if c.entry.public for g in (c.entry.graph, c.entry.derived_graph))]
    store.load(quads, public)
    catalogue = catalog_quads(resources, [_with_digests(content.entry, store) for content in contents])
    store.load(catalogue, public)
    progress("checking the records")
    sheets = [content for content in contents if content.lines]
    broken = check_store(resources.shapes / "records", store, _statements(sheets))
    progress("checking what may be published")
    shown = [sheet for sheet in sheets if sheet.entry.public]
    withheld = check_store(resources.shapes / "release", store, _statements(shown), Scope(tuple(public)))
    if problems := sorted([*record_problems(sheets, broken), *record_problems(shown, withheld)]):
        raise _told(problems, resources)
    return {
        "fingerprint": resources.fingerprint,
        "version": __version__,
        "statements": str(len(quads) + len(catalogue)),
    }


def _with_digests(entry: GraphEntry, store: EmbeddedStore) -> GraphEntry:
    """The digests of what the store holds: it writes a number as 5000 that the file has as 5000.0, and so do dumps."""
    return replace(
        entry, digest=digest(store.quads(entry.graph)), derived_digest=digest(store.quads(entry.derived_graph))
    )


def read_contents(resources: Resources, vocabulary: Vocabulary, progress: Progress = lambda _: None) -> list[Contents]:
    """Read and check every file of the graph. Raises ``UnusableInput`` with the problems of all of them."""
    problems: list[Problem] = []
    contents: list[Contents] = []
    for entry in read_catalog(resources):
        progress(f"reading {resources.shown(entry.path)}" if entry.path else entry.graph)
        try:
            contents.append(read_graph(entry, vocabulary))
        except UnusableInput as error:
            problems += error.problems
    if not problems:
        problems = [*dangling_names(contents, vocabulary, resources.withdrawn), *records_in_two_graphs(contents)]
    if problems:
        raise _told(problems, resources)
    return contents


def read_graph(entry: GraphEntry, vocabulary: Vocabulary) -> Contents:
    """Read the file of one named graph: a case sheet, or RDF in a format named by the file's ending."""
    assert entry.path is not None
    graph = Iri(entry.graph)
    if entry.path.suffix == ".yaml":
        sheet = read_sheet(entry.path, vocabulary)
        if sheet.graph != entry.graph:
            raise UnusableInput.one(
                entry.path,
                f"makes the graph {sheet.graph}, and the catalogue says {entry.graph}.",
                line=1,
                fix="Make the two agree.",
            )
        return Contents(entry, tuple(sheet.quads()), sheet.lines)
    if entry.path.suffix == ".ttl":
        quads = read_turtle(entry.path)
    else:
        file_format = RdfFormat.from_extension(entry.path.name.removesuffix(".gz").rpartition(".")[2])
        if file_format is None:
            raise UnusableInput.one(entry.path, "has an ending that names no RDF format.", fix="Use .ttl or .nt.")
        try:
            with (gzip.open if entry.path.suffix == ".gz" else open)(entry.path, "rb") as stream:
                quads = list(parse(cast(IO[bytes], stream), format=file_format))
        except (OSError, EOFError) as error:
            raise UnusableInput.one(entry.path, f"cannot be read: {error}.", fix="Import or copy it again.") from error
        except SyntaxError as error:
            raise UnusableInput.one(entry.path, f"is broken: {error.msg}", line=error.lineno or 0) from error
    return Contents(entry, tuple(named_for_good(quads, graph)), {})


def dangling_names(
    contents: Iterable[Contents], vocabulary: Vocabulary, withdrawn: frozenset[str] = frozenset()
) -> list[Problem]:
    """Addresses of ours that something points to and nothing describes, those aside that were withdrawn."""
    contents = list(contents)
    described = {q.subject.value for c in contents for q in c.quads if isinstance(q.subject, Iri)}
    described |= {c.entry.graph for c in contents} | {CATALOG_GRAPH} | withdrawn
    problems = set()
    for content in contents:
        for quad in content.quads:
            for term in (quad.predicate, quad.object):
                if not isinstance(term, Iri) or term.value in described or not needs_description(term, vocabulary):
                    continue
                subject = quad.subject.value if isinstance(quad.subject, Iri) else ""
                problems.add(
                    Problem(
                        str(content.entry.path),
                        content.lines.get(subject, 0),
                        compact(subject),
                        f"points to {compact(term.value)}, which nothing describes.",
                        "Describe it, or mend the name.",
                    )
                )
    return sorted(problems)


def needs_description(term: Iri, vocabulary: Vocabulary) -> bool:
    """Whether the term is an address of ours that a graph has to describe: no term of the ontology, no module."""
    if not term.value.startswith(HOME) or term.value.startswith(HOME + "ontology/"):  # versions and module names
        return False
    return not (term.value.startswith(PREFIXES["hrdd"]) and is_term(term.value, vocabulary))


def broken_records(contents: Iterable[Contents], vocabulary: Vocabulary, resources: Resources) -> list[Problem]:
    """What the record shapes find wrong with case sheets that are in no store yet, and the release shapes with those
    that are for everybody.
    """
    contents = list(contents)
    problems = []
    for folder, among in (("records", contents), ("release", [c for c in contents if c.entry.public])):
        sheets = [content for content in among if content.lines]
        results = check_shapes(resources.shapes / folder, _statements(sheets), _statements(among), vocabulary)
        problems += record_problems(sheets, results)
    return sorted(problems)


def _statements(contents: Iterable[Contents]) -> Iterator[Quad]:
    return (quad for content in contents for quad in content.quads)


def record_problems(sheets: Iterable[Contents], results: Iterable[ShapeResult]) -> list[Problem]:
    """The violations among the results of shapes, each at the first of the sheets that describes the node."""
    sheets = list(sheets)
    subjects = [{quad.subject.value for quad in c.quads if not isinstance(quad.subject, Triple)} for c in sheets]
    problems = []
    for result in results:
        if result.severity == SH.Violation.value:
            sheet = next(s for s, described in zip(sheets, subjects, strict=True) if result.focus in described)
            line = sheet.lines.get(result.focus, sheet.lines.get(result.focus.partition("#")[0], 0))
            where = str(sheet.entry.path)
            problems.append(Problem(where, line, compact(result.focus), result.message, result.fix))
    return sorted(problems)


def _told(problems: Iterable[Problem], resources: Resources) -> UnusableInput:
    """The problems, with their files as a person would name them."""
    return UnusableInput(replace(p, where=resources.shown(Path(p.where)) if p.where else "") for p in problems)


def records_in_two_graphs(contents: Iterable[Contents]) -> list[Problem]:
    """Records that two sources share: a claim belongs to one source, a thing to all of them."""
    homes: dict[str, list[Contents]] = defaultdict(list)
    record_property = Iri(PREFIXES["hrdd"] + "statedIn")
    for content in contents:
        for quad in content.quads:
            if quad.predicate == record_property and isinstance(quad.subject, Iri):
                homes[quad.subject.value].append(content)
    return [
        Problem(
            str(places[1].entry.path),
            places[1].lines.get(iri, 0),
            compact(iri),
            f"is also a record of {places[0].entry.graph}.",
            "Give it a name of its own and link the two.",
        )
        for iri, places in homes.items()
        if len({place.entry.graph for place in places}) > 1
    ]
