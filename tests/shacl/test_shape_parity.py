"""The record and release shapes mean the same to pySHACL, the reference engine, as to ours.

Each file's good graph is spoiled by all the mistakes of its ``fail.yaml`` together; compared are the focus node, path,
value, severity, component and shape of every result.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
import yaml

from hrdd_graph.derive import consequences
from hrdd_graph.ontology import Vocabulary, read_turtle
from hrdd_graph.shacl import compile_shapes, read_shapes, report_graph, run
from hrdd_graph.shacl.exchange import rdflib_graph
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Quad
from tests.shacl.suite import told_by
from tests.shapes.test_shapes import FILES, PROLOGUE, SHAPES, fixture_of, named


def spoiled(path: Path, vocabulary: Vocabulary) -> pyoxigraph.Store:
    """The good graph of a shape file with all the mistakes in it, the types of list values, and what follows."""
    store = pyoxigraph.Store()
    store.load(path=str(fixture_of(path) / "pass.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    for updates in yaml.safe_load((fixture_of(path) / "fail.yaml").read_text(encoding="utf-8")).values():
        for update in updates:
            store.update(PROLOGUE + update)
    ontology = read_turtle(SHAPES.parent / "ontology" / "hrdd.ttl")
    store.extend(q for q in ontology if q.predicate.value == str(rdflib.RDF.type) and "ontology#" in str(q.object))
    derived = list(consequences(list(store), vocabulary))
    store.extend(Quad(t.subject, t.predicate, t.object) for t in derived)
    return store


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_shape_file_means_the_same_to_pyshacl(path: Path, vocabulary: Vocabulary) -> None:
    shapes = rdflib.Graph().parse(path)
    store = spoiled(path, vocabulary)
    data = rdflib_graph(quad.triple for quad in store)
    _, theirs, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(theirs, rdflib.Graph)
    compiled = compile_shapes(read_shapes(shapes))
    assert compiled.fall_back == ()
    ours = report_graph(run(EmbeddedStore(store, "memory:"), compiled, hierarchy=Hierarchy()))
    assert told_by(ours) == told_by(theirs)
    assert not told_by(ours)[0]
