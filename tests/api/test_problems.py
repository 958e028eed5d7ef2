"""Failures: RFC 9457 for programs, a page for people, never a stack trace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hrdd_api.app import create_app
from hrdd_api.problems import KINDS
from hrdd_api.settings import Settings

from hrdd_graph.build import build
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.store import Answer, QueryError, Scope, StoreError
from hrdd_graph.store.embedded import EmbeddedStore
from tests.api.conftest import BROWSER, serving

CASES = [
    # path, status, a word of the explanation, a word of the remedy
    ("/gaps?rle=x", 422, "rle", "Did you mean rule?"),
    ("/gaps?rule=certified-open-abus", 422, "is not a rule", "certified-open-abuse"),
    ("/gaps?severity=grave", 422, "grave is not a severity", "high, medium, low"),
    ("/gaps?as_of=2026-02-30", 422, "2026-02-30", ""),
    ("/gaps?as_of=20260101", 422, "20260101", ""),
    ("/gaps?as_of=1700000000", 422, "is not a day", ""),
    ("/gaps?known_on=tomorrow", 422, "known_on", ""),
    ("/gaps?language=<script>", 422, "language", ""),
    ("/gaps?focus=%3Cnot%20an%20iri%3E", 422, "focus", ""),
    ("/gaps?focus=http://[broken", 422, "focus", ""),
    ("/gaps?format=pdf", 406, "pdf", "text/csv"),
    ("/gaps.pdf", 406, "pdf", "text/csv"),
    ("/gaps.odt", 404, "", ""),
    ("/gaps/certified-open-abuse/0000000000000000", 404, "does not stand", "/gaps?rule=certified-open-abuse"),
    ("/gaps/nope/0000000000000000", 404, "is not a rule", ""),
    ("/rules/nope", 404, "is not a rule", ""),
    ("/rules?x=1", 422, "x", ""),
    ("/queries/nope", 404, "is not a query", "/queries"),
    ("/queries/abuses-by-right?right=udhr:23&right=udhr:24", 422, "takes one value", ""),
    ("/queries/certificates-and-open-abuses?day=soon", 422, "is not a day", ""),
    ("/queries/figures?as_of=never", 422, "as_of", ""),
    ("/sparql?query=SELECT", 400, "not SPARQL", ""),
    ("/sparql?quer=x", 422, "quer", "Did you mean query?"),
    ("/nowhere", 404, "", ""),
    ("/health?x=1", 422, "x", ""),
    ("/problem/nope", 404, "nope", ""),
    ("/docs?x=1", 422, "x", ""),
]


@pytest.mark.parametrize(("path", "status", "says", "remedy"), CASES)
def test_a_failure_says_what_was_wrong_and_what_to_do(
    program: httpx.Client, browser: httpx.Client, path: str, status: int, says: str, remedy: str
) -> None:
    answer = program.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert set(document) >= {"type", "title", "status", "detail", "instance"}
    assert says in document["detail"]
    assert remedy in answer.text
    assert "Traceback" not in answer.text
    page = browser.get(path)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text


@pytest.mark.parametrize("slug", KINDS)
def test_the_type_of_a_problem_leads_to_its_explanation(program: httpx.Client, slug: str) -> None:
    kind = program.get(f"/problem/{slug}").json()
    assert kind["type"] == f"https://w3id.org/hrdd-graph/problem/{slug}"
    assert kind["about"]


def test_several_wrong_parameters_are_told_together(program: httpx.Client) -> None:
    document = program.get("/gaps?as_of=x&known_on=y&rle=z").json()
    assert {problem["parameter"] for problem in document["problems"]} >= {"rle"} or len(document["problems"]) >= 2


def test_methods_that_an_address_does_not_have_are_refused(program: httpx.Client) -> None:
    for method, path in (("POST", "/gaps"), ("DELETE", "/id/organisation/newmont"), ("PUT", "/queries/figures")):
        refused = program.request(method, path)
        assert refused.status_code == 405
        assert "GET" in refused.headers["allow"]


class Broken:
    """A store that does not answer."""

    name = "broken:"
    error: Exception = StoreError("/secret/path cannot be opened")

    def query(self, text: str, scope: Scope) -> Answer:
        raise self.error


class Faulty(Broken):
    """A store with a fault that nobody foresaw."""

    error = ZeroDivisionError("secret detail")


class Refusing(Broken):
    """A store that takes every query for broken."""

    error = QueryError("no")


@pytest.fixture(scope="module", params=[Broken, Faulty])
def broken(request: pytest.FixtureRequest, resources: Resources) -> Iterator[tuple[type[Broken], str]]:
    with serving(create_app(resources, request.param(), Settings())) as address:
        yield request.param, address


@pytest.mark.parametrize(
    "path", ["/", "/gaps", "/health", "/id/organisation/newmont", "/sparql?query=ASK{}", "/queries/figures"]
)
@pytest.mark.filterwarnings("ignore")
def test_a_store_that_fails_is_never_an_empty_answer(broken: tuple[type[Broken], str], path: str) -> None:
    kind, address = broken
    for accept in ("*/*", BROWSER):
        answer = httpx.get(address + path, headers={"Accept": accept})
        assert answer.status_code == (503 if kind is Broken else 500)
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    if kind is Broken:
        assert answer.headers["retry-after"]


def test_health_names_the_graph_and_the_versions(program: httpx.Client) -> None:
    health = program.get("/health").json()
    assert health["status"] == "ok"
    assert health["graphDigest"] == program.get("/catalog").json()["graphDigest"]
    assert health["versions"]["hrdd-graph"]


def test_the_server_is_ready_when_the_rules_have_been_evaluated(tiny: Path) -> None:
    resources, store = open_resources(tiny), EmbeddedStore.in_memory()
    build(resources, store)
    app = create_app(resources, store, Settings(catalog_seconds=0))
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        first = client.get("/health/ready")
        assert first.status_code == 503
        assert first.json()["type"].endswith("/problem/preparing")
        assert first.headers["Retry-After"]
        end = time.monotonic() + 60
        while client.get("/health/ready").status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert client.get("/health/ready").json() == {"status": "ready"}
        view = app.state.knowledge.view()
        assert app.state.knowledge.is_evaluated(view)
