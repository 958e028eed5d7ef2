"""HermiT as this project uses it does on the W3C OWL 2 tests what it does without this project, or better.

A fixed sample of the approved DL consistency and inconsistency tests (https://www.w3.org/TR/owl2-test/), the same that
../shared/suites/owl2_suite.py runs in full. Where the two differ, owlready2's own reader of RDF/XML is the cause: it
does not resolve relative addresses of datatypes.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hrdd_graph.facts import Facts
from hrdd_graph.namespaces import Namespace
from hrdd_graph.terms import RdfFormat, parse

SUITE = "../shared/external/testsuites/w3c-owl2-test-cases/all.rdf"
ROOT = Path(__file__).resolve().parents[2]
OWLTEST = Namespace("http://www.w3.org/2007/OWL/testOntology#")
BASE = "http://example.org/premise"
SAMPLE = 40
SEED = 2026
# HermiT takes more than 25 seconds on these, with this project and without it.
SLOW = frozenset(f"WebOnt-description-logic-{number}" for number in (208, 209, 661))


@dataclass(frozen=True, order=True)
class Premise:
    """A W3C test: an ontology that is consistent or is not."""

    name: str
    expected: str
    source: str


def premises() -> list[Premise]:
    text = re.sub(r"(<!ENTITY \S+) '([^']*)'", r'\1 "\2"', (ROOT / SUITE).read_text(encoding="utf-8"))
    facts = Facts(parse(text.encode(), format=RdfFormat.RDF_XML, base_iri="http://www.w3.org/2009/11/owl-test/"))
    found = []
    for kind, expected in ((OWLTEST.ConsistencyTest, "consistent"), (OWLTEST.InconsistencyTest, "inconsistent")):
        for test in facts.of_type(kind):
            approved = OWLTEST.Approved in facts.objects(test, OWLTEST.status)
            in_dl = OWLTEST.DL in facts.objects(test, OWLTEST.species)
            source = facts.text(test, OWLTEST.rdfXmlPremiseOntology)
            alone = not facts.objects(test, OWLTEST.importedOntology)
            name = facts.text(test, OWLTEST.identifier)
            if approved and in_dl and source and alone and name not in SLOW:
                found.append(Premise(name, expected, source))
    return sorted(found)


def with_this_project(source: str) -> str:
    from hrdd_graph.reasoning import reason_over

    quads = parse(source.encode(), format=RdfFormat.RDF_XML, base_iri=BASE)
    return "consistent" if reason_over(quad.triple for quad in quads).consistent else "inconsistent"


def without_it(source: str) -> str:
    import owlready2

    world = owlready2.World()
    try:
        world.get_ontology(BASE).load(fileobj=io.BytesIO(source.encode()))
        owlready2.sync_reasoner(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return "inconsistent"
    except (owlready2.OwlReadyJavaError, owlready2.OwlReadyOntologyParsingError):
        return "no verdict"
    return "consistent"


def test_the_verdicts_are_those_of_the_w3c_and_no_worse_than_those_of_the_bare_reasoner(
    needs: Callable[..., None],
) -> None:
    needs("java", SUITE)
    everything = premises()
    assert len(everything) == 239
    sample = random.Random(SEED).sample(everything, SAMPLE)
    sources = [premise.source for premise in sample]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        ours = list(pool.map(with_this_project, sources))
        bare = list(pool.map(without_it, sources))
    verdicts = list(zip(sample, ours, bare, strict=True))
    wrong = [premise.name for premise, said, _ in verdicts if said != premise.expected]
    worse = [premise.name for premise, said, other in verdicts if said != other == premise.expected]
    right = sum(other == premise.expected for premise, _, other in verdicts)
    print(f"{SAMPLE} of {len(everything)} tests: {SAMPLE - len(wrong)} right, {right} by the bare reasoner")
    assert (wrong, worse) == ([], [])
