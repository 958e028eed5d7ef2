"""The server over a service that is not asked itself: one copy for each state, and a newer state is gone over to."""

from __future__ import annotations

import time

import httpx
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.namespaces import DCTERMS, HOME
from hrdd_graph.opening import open_store
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Literal, Quad
from tests.api.conftest import serving as served
from tests.sparql_service import Service, serving

GRAPH = HOME + "graph/nieri-2016"


def again(store: EmbeddedStore, word: str) -> EmbeddedStore:
    """The same graphs with a word more in the catalogue."""
    copy = EmbeddedStore.in_memory()
    quads = [quad for graph in sorted(store.union) for quad in store.quads(graph)]
    copy.load([*quads, Quad(Iri(GRAPH), DCTERMS.description, Literal(word), Iri(CATALOG_GRAPH))], store.union)
    return copy


GAPS = "/gaps?as_of=2026-11-20&rule=certified-open-abuse"
WORD = {"query": f"SELECT ?word WHERE {{ <{GRAPH}> <http://purl.org/dc/terms/description> ?word }}"}
COUNT = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"}


def test_one_copy_serves_until_the_catalogue_changes(
    resources: Resources, store: EmbeddedStore, program: httpx.Client
) -> None:
    service = Service(store, software="Virtuoso/07.20.3229 (Linux)")
    with serving(service):
        app = create_app(resources, open_store(service.address, resources), Settings(catalog_seconds=0))
        with served(app) as address, httpx.Client(base_url=address, timeout=120) as client:
            for path in ("/catalog", "/health"):
                assert client.get(path).json()["graphDigest"] == program.get(path).json()["graphDigest"]
            near, far = (each.get(GAPS).json()["findings"] for each in (program, client))
            assert [found["finding"] for found in far] == [found["finding"] for found in near] != []
            assert client.get("/sparql", params=COUNT).json() == program.get("/sparql", params=COUNT).json()
            assert times_copied(service) == 1

            service.store = again(store, "changed")
            for _ in range(600):  # the copy that there is answers until the newer one has been taken
                assert client.get("/catalog").status_code == httpx.codes.OK
                if "changed" in client.get("/sparql", params=WORD).text:
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("the newer state was not gone over to")
            assert client.get(GAPS).status_code == httpx.codes.OK
            assert times_copied(service) == 2

            service.on_request = gone  # nothing stale is served as if the service were there
            for path in ("/health", "/catalog"):
                assert client.get(path).status_code == httpx.codes.SERVICE_UNAVAILABLE


def gone(_: int, __: tuple[str, ...]) -> None:
    raise ConnectionError


def times_copied(service: Service) -> int:
    """How often the statements of one graph were asked for."""
    return sum(graphs == (GRAPH,) and "COUNT" not in text for text, graphs in service.asked)
