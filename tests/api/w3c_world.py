"""An application over any RDF data set, for test suites that bring their own: the real server, the real workers.

``sparql_suite.py DIR --factory tests.api.w3c_world:serve --query /sparql`` of the W3C's tests runs with it.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

import pyoxigraph
from fastapi import FastAPI
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from rdflib import Dataset
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.view import View
from tests.conftest import ROOT


class OpenView(View):
    """A view of a data set that no catalogue describes: all of its graphs."""

    @property
    def graphs(self) -> tuple[str, ...]:
        assert isinstance(self.store, EmbeddedStore)
        return tuple(sorted(self.store.union))


def bare_resources() -> Resources:
    """The ontology alone, without rules, queries or data."""
    folder = Path(tempfile.mkdtemp(prefix="hrdd-w3c-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for part in ("ontology", "shapes/gaps", "data", "queries"):
        (folder / part).mkdir(parents=True)
    shutil.copy(ROOT / "ontology" / "hrdd.ttl", folder / "ontology")
    return Resources(folder)


_main = sys.modules["__main__"]
if Path(getattr(_main, "__file__", None) or "").name == "sparql_suite.py":
    del _main.__file__  # that script runs whenever it is imported, and a worker process imports its parent's script

_RESOURCES = bare_resources()
_serving: list[FastAPI] = []


def serve(dataset: Dataset) -> FastAPI:
    """The application over a data set: its default graph is what a query sees, its named graphs what GRAPH reaches.

    The application before it is closed, with its worker processes.
    """
    while _serving:
        _serving.pop().state.knowledge.close()
    store = pyoxigraph.Store()
    named = set()
    for graph in dataset.graphs():
        default = graph.identifier == DATASET_DEFAULT_GRAPH_ID
        place = pyoxigraph.DefaultGraph() if default else pyoxigraph.NamedNode(str(graph.identifier))
        store.load(graph.serialize(format="nt"), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=place)
        if not default:
            named.add(str(graph.identifier))
            store.add_graph(place)
    held = EmbeddedStore(store, "memory:", named)
    app = create_app(_RESOURCES, held, Settings(query_workers=1))
    app.state.knowledge.view = lambda *_: OpenView(held, (), date.today())
    _serving.append(app)
    return app


@atexit.register
def _end() -> None:
    while _serving:
        _serving.pop().state.knowledge.close()
