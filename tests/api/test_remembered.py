"""An answer that is kept is the answer that would be made, and goes when the graph changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hrdd_api.app import create_app
from hrdd_api.settings import Settings

from hrdd_graph import templates
from hrdd_graph.build import build
from hrdd_graph.catalog import CATALOG_GRAPH
from hrdd_graph.namespaces import HRDD
from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import Iri, Literal, Quad

PATHS = ("/queries/parties", "/queries/parties.csv", "/queries/parties?language=fr", "/queries/parties?page_size=1")


@pytest.fixture
def store(tiny: Path) -> EmbeddedStore:
    sheet = tiny / "data" / "cases" / "tiny.yaml"
    sheet.write_text(sheet.read_text().partition("- id: abuse/dye")[0])
    made = EmbeddedStore.in_memory()
    build(open_resources(tiny), made)
    return made


@pytest.fixture
def app(tiny: Path, store: EmbeddedStore) -> Iterator[FastAPI]:
    made = create_app(open_resources(tiny), store, Settings(catalog_seconds=3600))
    yield made
    made.state.knowledge.close()


def ask(app: FastAPI, *asked: tuple[str, dict[str, str]]) -> list[httpx.Response]:
    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return [await client.get(path, headers=headers) for path, headers in asked]

    return asyncio.run(send())


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were bound, one for each time that an answer was made."""
    made: list[str] = []
    bind = templates.Template.bind

    def counted(self: templates.Template, *arguments: object, **more: object) -> str:
        made.append(self.name)
        return bind(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(templates.Template, "bind", counted)
    return made


@pytest.mark.parametrize("path", PATHS)
def test_the_second_answer_is_the_first_and_is_not_made_again(app: FastAPI, bound: list[str], path: str) -> None:
    first, second, third = ask(app, (path, {}), (path, {}), (path, {}))
    assert first.status_code == 200
    assert (first.content, first.headers) == (second.content, second.headers) == (third.content, third.headers)
    made = len(bound)
    ask(app, (path, {"If-None-Match": '"other"'}))
    assert len(bound) > made > 0
    assert made <= 2, "bound to check, and bound to answer"


def test_whatever_a_route_looks_at_makes_another_answer(app: FastAPI) -> None:
    asked: list[tuple[str, dict[str, str]]] = [
        ("/queries/parties", {"Accept": accept, "Accept-Language": language, "Host": host})
        for accept in ("application/json", "text/csv", "text/html")
        for language in ("en", "es")
        for host in ("a.example", "b.example")
    ]
    asked += [(path, {}) for path in PATHS]
    plain = [answer.content for answer in ask(app, *asked)]
    kept = [answer.content for answer in ask(app, *asked)]
    fresh = [ask(app, (path, {**headers, "If-None-Match": '"other"'}))[0].content for path, headers in asked]
    assert plain == kept == fresh


def test_a_tag_that_holds_is_answered_with_304_though_the_answer_is_kept(app: FastAPI) -> None:
    first, _ = ask(app, (PATHS[0], {}), (PATHS[0], {}))
    (again,) = ask(app, (PATHS[0], {"If-None-Match": first.headers["etag"]}))
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_kept_goes_when_the_graph_changes(tiny: Path, store: EmbeddedStore) -> None:
    app = create_app(open_resources(tiny), store, Settings(catalog_seconds=0.5))
    first, second = ask(app, (PATHS[0], {}), (PATHS[0], {}))
    graph = Iri("https://w3id.org/hrdd-graph/graph/tiny")
    new, kind = Iri("https://w3id.org/hrdd-graph/id/organisation/new"), HRDD.NamedParty
    rdf_type = Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    dataset = Iri("https://w3id.org/hrdd-graph/dataset/tiny")
    changed = Quad(dataset, HRDD.graphDigest, Literal("sha256:0"), Iri(CATALOG_GRAPH))
    store.load([Quad(new, rdf_type, kind, graph), changed], store.union)
    time.sleep(0.6)  # longer than the list of graphs is kept
    (third,) = ask(app, (PATHS[0], {}))
    assert first.content == second.content != third.content
    assert len(third.json()["rows"]) == len(first.json()["rows"]) + 1
    app.state.knowledge.close()


def test_refusals_and_forms_are_not_kept(app: FastAPI, bound: list[str]) -> None:
    statuses = [answer.status_code for answer in ask(app, *[("/queries/parties?nothing=1", {})] * 2)]
    assert statuses == [422, 422]


def test_no_more_is_kept_than_there_is_room_for(tiny: Path, store: EmbeddedStore, bound: list[str]) -> None:
    app = create_app(open_resources(tiny), store, Settings(kept_answer_megabytes=0))
    ask(app, (PATHS[0], {}))
    once = len(bound)
    ask(app, (PATHS[0], {}))
    assert len(bound) == 2 * once
    app.state.knowledge.close()
