"""SHACL engines side by side: the W3C's tests of SHACL Core, and the record shapes on a case sheet and the whole graph.

    python -m benchmarks.shacl_engines [--sheet nieri-2016] [--whole pyshacl ...]

Engines that are not installed are left out: `pip install pyshacl-turbo pyrudof pyshifty`. Times are seconds of the
processor (all its cores), best of three (of one where that takes longer than 20 s), loading left out; where an engine
takes only text or rdflib graphs, reading them is part of its time. ``--whole`` names the engines that also check the
whole graph.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import rdflib
from pyoxigraph import Store as Oxigraph

from hrdd_graph.build import Contents, read_contents
from hrdd_graph.derive import consequences
from hrdd_graph.namespaces import HOME, RDF
from hrdd_graph.ontology import Vocabulary, read_vocabulary
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.shacl import compile_shapes, read_shapes, report_graph, run, validate
from hrdd_graph.shacl.exchange import rdflib_graph
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Quad, Triple
from tests.shacl.suite import cases, told_by

Engine: TypeAlias = Callable[[rdflib.Graph, rdflib.Graph], rdflib.Graph]


def pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    from pyshacl import validate as engine

    return _graph(engine(data, shacl_graph=shapes)[1])


def pyshacl_turbo(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    from pyshacl_turbo import validate as engine

    return _graph(engine(data, shacl_graph=shapes)[1])


def pyshifty(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    from shifty import validate as engine

    return _graph(engine(data, shapes)[1])


def pyrudof(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    import pyrudof as engine

    session = engine.Rudof(engine.RudofConfig())
    session.read_data(data.serialize(format="turtle"))
    session.read_shacl(shapes.serialize(format="turtle"))
    session.validate_shacl()
    text = session.serialize_shacl_validation_results(engine.ResultShaclValidationFormat.Turtle)
    return rdflib.Graph().parse(data=text, format="turtle")


def compiled(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    return validate(data, shapes)


def _graph(report: object) -> rdflib.Graph:
    if not isinstance(report, rdflib.Graph):
        raise TypeError(str(report))
    return report


ENGINES: dict[str, tuple[str, Engine]] = {
    "hrdd_graph.shacl": ("hrdd_graph", compiled),
    "pyshacl": ("pyshacl", pyshacl),
    "pyshacl-turbo": ("pyshacl_turbo", pyshacl_turbo),
    "pyrudof": ("pyrudof", pyrudof),
    "pyshifty": ("shifty", pyshifty),
}


def conformance(engine: Engine) -> tuple[int, list[str]]:
    """How many of the W3C's tests an engine passes, and which it fails."""
    failed, passed = [], 0
    for case in cases():
        try:
            right = told_by(engine(case.data, case.shapes)) == case.expected
        except BaseException as error:  # a panic of Rust is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            right = False
        passed += right
        if not right:
            failed.append(case.name)
    return passed, failed


def seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
        if times[-1] > 20:
            break
    return min(times)


def real_data(resources: Resources, vocabulary: Vocabulary, sheet: str) -> list[Triple]:
    """The statements that shapes are checked on: of one sheet with the types of everything, or (no sheet) of all."""
    contents = read_contents(resources, vocabulary)
    triples = {quad.triple for content in contents for quad in content.quads if _counts(content, quad, sheet)}
    core = f"<{HOME}ontology#"
    data = [t for t in triples if not str(t.subject).startswith(core) or t.predicate == RDF.type]
    quads = [Quad(t.subject, t.predicate, t.object) for t in data]
    return [*data, *consequences(quads, vocabulary)]


def _counts(content: Contents, quad: Quad, sheet: str) -> bool:
    own = content.entry.path is not None and content.entry.path.stem == sheet
    return not sheet or own or (content.entry.is_vocabulary and quad.predicate == RDF.type)


def timed(name: str, engine: Engine, triples: list[Triple], shapes: rdflib.Graph) -> str:
    if name == "hrdd_graph.shacl":
        store = Oxigraph()
        store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
        ready, data = compile_shapes(read_shapes(shapes)), EmbeddedStore(store, "memory:")
        return f"{seconds(lambda: report_graph(run(data, ready, hierarchy=Hierarchy()))):.3f}"
    graph = rdflib_graph(triples)
    return f"{seconds(lambda: engine(graph, shapes)):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheet", default="nieri-2016")
    parser.add_argument("--whole", nargs="*", default=["hrdd_graph.shacl"])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    resources = open_resources(Path(__file__).resolve().parents[1])
    vocabulary = read_vocabulary(resources.ontology / "hrdd.ttl")
    shapes = rdflib.Graph()
    for path in sorted((resources.shapes / "records").glob("*.ttl")):
        shapes.parse(path)
    one = real_data(resources, vocabulary, arguments.sheet)
    every = real_data(resources, vocabulary, "")
    print(f"{arguments.sheet}: {len(one)} statements; the whole graph: {len(every)} statements", file=sys.stderr)
    print("| engine | W3C core tests passed, of 98 | one sheet, s | whole graph, s | failed |\n|---|---|---|---|---|")
    for name, (module, engine) in ENGINES.items():
        if importlib.util.find_spec(module) is None:
            continue
        passed, failed = conformance(engine)
        small = timed(name, engine, one, shapes)
        large = timed(name, engine, every, shapes) if name in arguments.whole else ""
        print(f"| {name} | {passed} | {small} | {large} | {', '.join(failed)} |", flush=True)


if __name__ == "__main__":
    main()
