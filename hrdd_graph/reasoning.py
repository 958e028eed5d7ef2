"""The DL reasoner: HermiT, through owlready2, over the ontology and the cases. Needs Java."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hrdd_graph.build import read_contents, read_graph
from hrdd_graph.catalog import CATALOG_GRAPH, read_catalog
from hrdd_graph.errors import UnusableInput
from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import OWL, PREFIXES, RDF, XSD
from hrdd_graph.ontology import read_vocabulary
from hrdd_graph.resources import Resources
from hrdd_graph.terms import Iri, Literal, RdfFormat, Triple, serialize

Progress = Callable[[str], None]
_COUNTS = frozenset(
    OWL[prefix + "ardinality"] for prefix in ("c", "minC", "maxC", "qualifiedC", "minQualifiedC", "maxQualifiedC")
)


@dataclass(frozen=True)
class Outcome:
    """What the reasoner found: whether all holds together, classes that nothing can belong to, and types that follow.

    ``clashes`` says in words what contradicts what, as far as the reasoner tells.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    inferred: tuple[Triple, ...] = ()
    clashes: tuple[str, ...] = ()

    def write(self, stream: BinaryIO) -> None:
        """Write the inferred types as Turtle."""
        serialize(self.inferred, stream, RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def reason(resources: Resources, files: Sequence[Path] | None = None, progress: Progress = lambda _: None) -> Outcome:
    """Reason over the ontology with its modules, and over the named case sheets (all where ``None``).

    Raises ``UnusableInput`` where a file is broken or Java is missing.
    """
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    chosen = {path.resolve() for path in files} if files is not None else None
    if chosen is None:
        contents = read_contents(resources, vocabulary)
    else:
        entries = read_catalog(resources)
        known = {entry.path.resolve() for entry in entries if entry.path}
        for path in chosen - known:
            raise UnusableInput.one(path, "is not a data file of the catalogue.", fix="Add it to data/catalog.ttl.")
        contents = [
            read_graph(e, vocabulary) for e in entries if e.path and (e.is_vocabulary or e.path.resolve() in chosen)
        ]
    triples = [quad.triple for content in contents if content.entry.graph != CATALOG_GRAPH for quad in content.quads]
    progress(f"{len(triples)} statements go to HermiT")
    return reason_over(triples)


def reason_over(triples: Iterable[Triple]) -> Outcome:
    """Reason over statements that include the ontology. Raises ``UnusableInput`` where Java is missing."""
    if shutil.which("java") is None:
        raise UnusableInput.one(
            "hrdd reason", "needs Java, which is not on the PATH.", fix="Install a Java runtime (11 or later)."
        )
    import owlready2

    # What is imported is given already; owlready2 would fetch it over the network.
    stated = [_as_owl2(triple) for triple in triples if triple.predicate != OWL.imports]
    buffer = io.BytesIO()
    serialize([*stated, *_declarations(stated)], buffer, RdfFormat.N_TRIPLES)
    buffer.seek(0)
    world = owlready2.World()
    # owlready2 wants one ontology to load into; the address is never dereferenced.
    loaded = world.get_ontology("https://w3id.org/hrdd-graph/reasoning#").load(fileobj=buffer)
    try:
        with loaded:
            owlready2.sync_reasoner_hermit(
                world, infer_property_values=False, debug=0, keep_tmp_file=False, ignore_unsupported_datatypes=True
            )
    except owlready2.OwlReadyInconsistentOntologyError:
        return Outcome(consistent=False, clashes=_clashes(stated))
    except owlready2.OwlReadyJavaError as error:
        raise UnusableInput.one("HermiT", f"could not read the ontology: {str(error)[:2000]}") from error
    impossible = {str(c.iri) for c in world.inconsistent_classes() if hasattr(c, "iri")}
    unsatisfiable = tuple(sorted(impossible - {OWL.Nothing.value}))
    before = {(subject.value, kind.value) for subject, kind in Facts(stated).pairs(RDF.type)}
    found = set()
    for individual in world.individuals():
        for kind in individual.INDIRECT_is_a:
            iri = getattr(kind, "iri", "")
            if iri.startswith(PREFIXES["hrdd"]) and (individual.iri, iri) not in before:
                found.add((individual.iri, iri))
    inferred = tuple(Triple(Iri(subject), RDF.type, Iri(kind)) for subject, kind in sorted(found))
    return Outcome(True, unsatisfiable, inferred)


def _as_owl2(triple: Triple) -> Triple:
    """Counts of restrictions as OWL 2 writes them; HermiT passes over those that are, say, xsd:int as in OWL 1."""
    if triple.predicate in _COUNTS and isinstance(triple.object, Literal) and triple.object.value.isdecimal():
        return Triple(triple.subject, triple.predicate, Literal(triple.object.value, datatype=XSD.nonNegativeInteger))
    return triple


def _declarations(triples: Sequence[Triple]) -> list[Triple]:
    """That the nodes of the data are individuals: owlready2 tells only the types of declared ones."""
    language = (PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"])
    individuals = {
        triple.subject
        for triple in triples
        if triple.predicate == RDF.type
        and isinstance(triple.subject, Iri)
        and isinstance(triple.object, Iri)
        and not triple.object.value.startswith(language)
    }
    return [Triple(node, RDF.type, OWL.NamedIndividual) for node in sorted(individuals, key=str)]


def _clashes(triples: Sequence[Triple]) -> tuple[str, ...]:
    """Name what contradicts what: the classes and values of one node that exclude each other."""
    from hrdd_graph.clashes import find_clashes

    return find_clashes(triples)
