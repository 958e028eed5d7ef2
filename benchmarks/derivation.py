"""Ways to derive what follows from a case: seconds, statements, and how they agree on the nodes of the case.

    pip install reasonable owlrl
    python benchmarks/derivation.py [CASE]

Prints a Markdown table. The two packages are no dependencies of the product.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from hrdd_graph.derive import consequences
from hrdd_graph.evidence.sheet import read_sheet
from hrdd_graph.namespaces import HRDD, PREFIXES, RDF, SKOS
from hrdd_graph.ontology import read_turtle, read_vocabulary
from hrdd_graph.resources import open_resources
from hrdd_graph.terms import Iri, Quad, RdfFormat, serialize

Named = set[tuple[str, str, str]]
_PASSED_THROUGH = (SKOS.broader, HRDD.locatedIn, HRDD.isEditionOf, HRDD.coversTopic)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def as_turtle(quads: list[Quad]) -> bytes:
    buffer = io.BytesIO()
    serialize((quad.triple for quad in quads), buffer, RdfFormat.N_TRIPLES)
    return buffer.getvalue()


def with_reasonable(data: bytes) -> list[Any]:
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        file.write(data)
        file.flush()
        reasoner = import_module("reasonable").PyReasoner()
        reasoner.load_file(file.name)
        return list(reasoner.reason())


def with_owlrl(data: bytes) -> list[Any]:
    owlrl, rdflib = import_module("owlrl"), import_module("rdflib")
    graph = rdflib.Graph().parse(data=data, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return list(graph)


def main(case: str = "nieri-2016") -> None:
    resources = open_resources()
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    ontology = [quad for path in sorted(resources.ontology.rglob("*.ttl")) for quad in read_turtle(path)]
    quads = list(read_sheet(resources.data / "cases" / f"{case}.yaml", vocabulary).quads())
    background = [quad for quad in ontology if quad.predicate in _PASSED_THROUGH]
    nodes = {quad.subject.value for quad in quads if isinstance(quad.subject, Iri)}
    stated = {tuple(getattr(t, "value", "") for t in (q.subject, q.predicate, q.object)) for q in (*ontology, *quads)}

    def of_the_case(triples: list[Any]) -> Named:
        """Derived types and properties of ours between named nodes of the case; literals have several spellings."""
        found = set()
        for triple in triples:
            subject, predicate, value = (str(getattr(part, "value", part)) for part in triple)
            named = not any(type(part).__name__ in ("BNode", "BlankNode", "Literal") for part in triple)
            ours = predicate.startswith(PREFIXES["hrdd"])
            typed = predicate == RDF.type.value and value.startswith(PREFIXES["hrdd"])
            if named and subject in nodes and (ours or typed) and (subject, predicate, value) not in stated:
                found.add((subject, predicate, value))
        return found

    seconds, derived = timed(lambda: list(consequences(quads, vocabulary, background)))
    by_logic = [(t.subject, t.predicate, t.object) for t in derived if t.object != HRDD.StandingRecord]
    ours = of_the_case(by_logic)
    data = as_turtle([*ontology, *quads])
    total = len(set(data.splitlines()))
    print(
        f"| {case}: {total} statements with the ontology | seconds | new | on the case | not in ours | only in ours |"
    )
    print("|---|---|---|---|---|---|")
    print(f"| hrdd_graph.derive | {seconds:.2f} | {len(derived)} | {len(ours)} | - | - |")
    for name, engine in (("reasonable", with_reasonable), ("owlrl", with_owlrl)):
        seconds, closure = timed(partial(engine, data))
        theirs = of_the_case(closure)
        print(f"| {name} | {seconds:.2f} | {len(set(closure)) - total} | {len(theirs)} "
              f"| {len(theirs - ours)} | {len(ours - theirs)} |")  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
