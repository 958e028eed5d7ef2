"""HermiT over the ontology and the cases: nothing contradicts, and what the build derives is what HermiT derives."""

from __future__ import annotations

import io
import resource
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from hrdd_graph.build import read_contents
from hrdd_graph.derive import consequences
from hrdd_graph.namespaces import HRDD, OWL, PREFIXES, RDF, RDFS
from hrdd_graph.ontology import Vocabulary, read_turtle
from hrdd_graph.reasoning import reason_over
from hrdd_graph.resources import Resources
from hrdd_graph.terms import Iri, Quad, RdfFormat, Triple, serialize

CHAINS = Path(__file__).parent / "chains.ttl"
SECONDS = 60
GIBIBYTES = 2


def modules(resources: Resources) -> list[Triple]:
    return [quad.triple for path in sorted(resources.ontology.rglob("*.ttl")) for quad in read_turtle(path)]


def types(triples: Iterable[Triple]) -> set[tuple[Iri, Iri]]:
    return {
        (triple.subject, triple.object)
        for triple in triples
        if triple.predicate == RDF.type and isinstance(triple.subject, Iri) and isinstance(triple.object, Iri)
    }


def test_the_ontology_with_every_module_and_alignment_is_sound(
    resources: Resources, needs: Callable[..., None]
) -> None:
    """Consistent, no class that nothing can belong to; within the time and memory of a small machine."""
    needs("java")
    begun = time.monotonic()
    outcome = reason_over(modules(resources))
    assert outcome.consistent, outcome.clashes
    assert outcome.unsatisfiable == ()
    assert time.monotonic() - begun < SECONDS
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # KiB on Linux
    assert largest_child < GIBIBYTES * 1024 * 1024


def test_the_cases_hold_and_the_build_derives_no_type_that_hermit_does_not(
    resources: Resources, vocabulary: Vocabulary, needs: Callable[..., None]
) -> None:
    """All types that a build writes for the cases are entailed, but for one that no reasoner can tell.

    ``hrdd:StandingRecord`` means that no other record corrects this one and that it is not withdrawn: that is judged
    over what is on record, and open-world logic does not judge so.

    What the fast path leaves out, for HermiT alone to tell:

    - types from the domain or range of a property (sheets state types; a wrong one is a contradiction);
    - types from equivalences, restrictions and unions, of which the ontology has none but in domains and ranges;
    - values of ``hrdd:sameOccurrenceAs`` in the other direction, and sameness that follows from functional properties;
    - what follows from terms of other ontologies by way of the alignments;
    - contradictions.
    """
    needs("java")
    contents = read_contents(resources, vocabulary)
    stated = [quad.triple for content in contents for quad in content.quads]
    outcome = reason_over(stated)
    assert outcome.consistent, outcome.clashes
    assert outcome.unsatisfiable == ()
    entailed = types(stated) | types(outcome.inferred)
    cases = [content.quads for content in contents if not content.entry.is_vocabulary]
    derived = {pair for quads in cases for pair in types(consequences(quads, vocabulary))}
    standing = {pair for pair in derived if pair[1] == HRDD.StandingRecord}
    assert len(derived - standing) > 1000
    assert derived - standing - entailed == set()


def test_every_chain_gives_in_a_build_what_it_gives_in_hermit(
    resources: Resources, vocabulary: Vocabulary, needs: Callable[..., None]
) -> None:
    """One walk along each chain; an instance that HermiT tells of a property is one of the properties above it too."""
    needs("java")
    stated = [quad for path in (resources.ontology / "hrdd.ttl", CHAINS) for quad in read_turtle(path)]
    derived = [t for t in consequences(read_turtle(CHAINS), vocabulary) if t.predicate != RDF.type]
    assert set(vocabulary.chains) <= {t.predicate.value.removeprefix(PREFIXES["hrdd"]) for t in derived}
    told = property_values(stated)
    told |= {(s, HRDD[above].value, o) for s, p, o in told for above in supers(p, vocabulary)}
    assert {_names(triple) for triple in derived} <= told


def supers(prop: str, vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.super_properties.get(prop.removeprefix(PREFIXES["hrdd"]), frozenset())


def _names(triple: Triple) -> tuple[str, str, str]:
    assert isinstance(triple.subject, Iri)
    assert isinstance(triple.object, Iri)
    return triple.subject.value, triple.predicate.value, triple.object.value


def property_values(quads: Iterable[Quad]) -> set[tuple[str, str, str]]:
    """All values of object properties that HermiT tells of a small graph."""
    import owlready2

    triples = [quad.triple for quad in quads]
    nodes = {t.subject for t in triples if isinstance(t.subject, Iri) and t.subject.value.startswith(PREFIXES["id"])}
    buffer = io.BytesIO()
    serialize([*triples, *(Triple(node, RDF.type, OWL.NamedIndividual) for node in nodes)], buffer, RdfFormat.N_TRIPLES)
    buffer.seek(0)
    world = owlready2.World()
    loaded = world.get_ontology("https://w3id.org/hrdd-graph/reasoning#").load(fileobj=buffer)
    with loaded:
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True)
    return {(str(s), str(p), str(o)) for s, p, o in world.as_rdflib_graph()}


# -- what the reasoner tells -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def core(resources: Resources) -> list[Triple]:
    return [quad.triple for quad in read_turtle(resources.ontology / "hrdd.ttl")]


def test_a_class_that_nothing_can_belong_to_is_named(core: list[Triple], needs: Callable[..., None]) -> None:
    needs("java")
    impossible = HRDD.AbuseThatMayHappen
    added = [
        Triple(impossible, RDF.type, OWL.Class),
        Triple(impossible, RDFS.subClassOf, HRDD.Abuse),
        Triple(impossible, RDFS.subClassOf, HRDD.Risk),
    ]
    outcome = reason_over([*core, *added])
    assert outcome.consistent
    assert outcome.unsatisfiable == (impossible.value,)


def test_the_types_of_a_node_of_a_case_are_told_whether_or_not_it_is_declared(
    core: list[Triple], needs: Callable[..., None]
) -> None:
    needs("java")
    spill = Iri(PREFIXES["id"] + "abuse/spill")
    outcome = reason_over([*core, Triple(spill, RDF.type, HRDD.Abuse)])
    told = {kind for subject, kind in types(outcome.inferred) if subject == spill}
    assert told == {HRDD.Impact, HRDD.Record}


def test_imports_are_not_fetched(
    core: list[Triple], monkeypatch: pytest.MonkeyPatch, needs: Callable[..., None]
) -> None:
    needs("java")

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the reasoner goes to the network")

    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    module = Iri("https://w3id.org/hrdd-graph/ontology/some-module")
    header = [
        Triple(module, RDF.type, OWL.Ontology),
        Triple(module, OWL.imports, Iri("https://w3id.org/hrdd-graph/ontology")),
    ]
    assert reason_over([*header, *core]).consistent


def test_where_the_cause_is_an_unusual_one_the_answer_says_so(core: list[Triple], needs: Callable[..., None]) -> None:
    needs("java")
    mine, mill = Iri(PREFIXES["id"] + "mine"), Iri(PREFIXES["id"] + "mill")
    added = [Triple(mine, OWL.sameAs, mill), Triple(mine, OWL.differentFrom, mill)]
    outcome = reason_over([*core, *added])
    assert not outcome.consistent
    assert len(outcome.clashes) == 1
    assert "take records away until it goes" in outcome.clashes[0]
