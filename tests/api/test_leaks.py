"""Nothing of a restricted graph reaches a caller without its scope: not a value, not a count, not a tag.

Two servers hold the same public graph; one of them holds a restricted one beside it. Whoever has no token must not be
able to tell the two apart, by any byte of any answer. Requests with a token go in between, so that what is kept in
memory for one caller would show up for another.
"""

from __future__ import annotations

import asyncio
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hrdd_api.app import create_app
from hrdd_api.negotiation import SUFFIXES
from hrdd_api.settings import Settings
from hrdd_api.tools import operations as tools
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hrdd_graph import charts
from hrdd_graph.access import TokenFile
from hrdd_graph.build import build
from hrdd_graph.resources import PARTS, open_resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.submissions.desk import Decision, Desk
from hrdd_graph.submissions.files import Sent
from hrdd_graph.submissions.letter import Letter
from tests.conftest import ROOT, TINY_CATALOG, TINY_SHEET

HOME = "https://w3id.org/hrdd-graph/"
CANARY = "Zephyrquartz"  # in no source, no vocabulary and no word of ours
PUBLIC_SHEET = TINY_SHEET.replace(
    '  start: "2010"\n',
    '  start: "2010"\n  hasInfringement: [{ofProvision: "udhr:25", hasBasis: Curated, rationale: Water}]\n',
)
SHEET = """\
"@context": https://w3id.org/hrdd-graph/context.jsonld
id: https://w3id.org/hrdd-graph/graph/zephyrquartz
statedIn: source/zephyrquartz
hasStatus: Documented
records:
- {id: source/zephyrquartz, type: Source, label: Zephyrquartz report, issued: "2016", locator: "p. 1"}
- {id: organisation/zephyrquartz, type: [Firm, NamedParty], label: Zephyrquartz Mining, altLabel: [Zephyrquartz Ltd], isBasedIn: country:TH, locator: "p. 2"}
- {id: relationship/brand-zephyrquartz, type: Supply, label: Brand buys from Zephyrquartz, hasBuyer: organisation/brand, hasSupplier: organisation/zephyrquartz, locator: "p. 3"}
- {id: commitment/zephyrquartz, type: Certification, label: Certificate of Zephyrquartz, madeBy: organisation/zephyrquartz, commitsTo: std:iso-14001, start: "2001", locator: "p. 4"}
- id: abuse/zephyrquartz
  type: Abuse
  label: Zephyrquartz dye in the river
  start: "2010"
  hasStatus: Reported
  hasInfringement: [{ofProvision: "udhr:25", hasBasis: Curated, rationale: "Zephyrquartz rationale"}]
  hasInvolvement:
  - {ofParty: organisation/zephyrquartz, hasMode: Caused, hasBasis: Stated}
  locator: "p. 4"
- id: abuse/zephyrquartz-mill
  type: Abuse
  label: Zephyrquartz says this of the mill
  start: "2011"
  hasStatus: Reported
  hasInfringement: [{ofProvision: "udhr:23", hasBasis: Curated, rationale: "Zephyrquartz rationale"}]
  hasInvolvement:
  - {ofParty: organisation/mill, hasMode: Caused, hasBasis: Stated}
  locator: "p. 5"
"""  # noqa: E501
CATALOG = """
dataset:zephyrquartz a dcat:Dataset ;
    dcterms:title "Zephyrquartz"@en ;
    dcterms:license <https://creativecommons.org/licenses/by-nc/4.0/> ;
    dcterms:issued "2017" ;
    hrdd:hasAccess hrdd:RestrictedAccess ;
    hrdd:describesGraph graph:zephyrquartz ;
    dcat:distribution <#zephyrquartz-file> .

<#zephyrquartz-file> a dcat:Distribution ;
    dcat:downloadURL <cases/zephyrquartz.yaml> .
"""
MEDIA_TYPES = (
    "text/html", "application/json", "text/turtle", "application/ld+json", "application/n-triples", "text/csv",
    "application/sparql-results+json", "application/sparql-results+xml", "application/rdf+xml", "application/trig",
    "text/tab-separated-values", "text/plain", "*/*", "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
WORDS = (
    "zephyrquartz", "organisation/zephyrquartz", "id/organisation/zephyrquartz", "abuse/zephyrquartz", "Zephyr",
    f"{HOME}id/organisation/zephyrquartz", f"{HOME}graph/zephyrquartz", "graph/zephyrquartz.nq", "catalog/restricted",
    "cases/zephyrquartz.yaml", "cases/tiny.yaml", "all.nq", "all.trig.gz", "zephyrquartz/derived",
    "source/zephyrquartz", "organisation", "source/zephyrquartz-waiting", "source/zephyrquartz-withdrawn",
    "organisation/mill", "organisation/brand", "id/organisation/mill", "abuse/dye", "mill", "Mill",
    "relationship", "tiny", "country/TH", "udhr/article/25", "certified-open-abuse", "severe-open-abuse", "high",
    "2012-01-01", "2016-12-31", "2017-12-31", "2026-11-20", "1", "en", "es", "json", "html", "csv", "Firm", "", "x y",
    "../data/cases/zephyrquartz.yaml", "%00", "salience", "scale=2",
)  # fmt: skip
QUERIES = (
    "SELECT ?s ?o WHERE { ?s rdfs:label ?o } ORDER BY ?s ?o",
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }",
    "SELECT DISTINCT ?g WHERE { GRAPH ?g { } } ORDER BY ?g",
    "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
    f"SELECT * FROM <{HOME}graph/zephyrquartz> WHERE {{ ?s ?p ?o }}",
    f"SELECT * FROM NAMED <{HOME}catalog/restricted> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"SELECT * WHERE {{ GRAPH <{HOME}catalog/restricted> {{ ?s ?p ?o }} }}",
    "ASK { ?s ?p ?o FILTER ( CONTAINS(STR(?o), 'Zephyr') ) }",
    f"ASK {{ <{HOME}id/organisation/mill> ^hrdd:ofParty/^hrdd:hasInvolvement ?x . ?y hrdd:start '2011' }}",
    f"DESCRIBE <{HOME}id/organisation/zephyrquartz>",
    f"DESCRIBE <{HOME}id/organisation/mill>",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ ?s ?p ?o }} UNION {{ GRAPH <{HOME}graph/zephyrquartz> {{ ?s ?p ?o }} }} }}",
    "SELECT ?x WHERE { <https://w3id.org/hrdd-graph/id/organisation/mill> (!rdf:nil|^rdf:nil)* ?x } ORDER BY ?x",
)
BATCHES = tuple(
    json.dumps({"q0": {"query": name, "limit": 50}}) for name in ("Zephyrquartz Mining", "Zephyr", "Mill", "Brand", "")
)
EXTENSIONS = (
    json.dumps({"ids": ["id/organisation/mill", "id/organisation/zephyrquartz"], "properties": [{"id": "rdfs:label"}]}),
    json.dumps({"ids": ["id/organisation/brand"], "properties": [{"id": "hrdd:sourcesFrom"}]}),
)
TEXTS = ("Zephyrquartz dye in the river", "The mill paid less than the minimum wage", "")
BODIES = (
    *(("text/plain", text) for text in TEXTS),
    *(("application/json", json.dumps({"text": text, "language": "en"})) for text in TEXTS),
    *(("application/json", text) for text in (*BATCHES, "[", "{}")),
    *(("application/sparql-query", query) for query in QUERIES[:2]),
    ("application/octet-stream", CANARY),
)


@dataclass(frozen=True)
class Asked:
    """A request as a caller sends it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    form: tuple[tuple[str, str], ...] = ()
    body: tuple[str, str] = ("", "")  # its media type and its text, where it is no form


class Twins:
    """The server without the restricted graph, the one with it, and the secrets of those who may read it or may not."""

    def __init__(self, folder: Path) -> None:
        self.tokens = TokenFile(folder / "tokens.json")
        self.without = _app(folder / "without", self.tokens)
        self.having = _app(folder / "having", self.tokens, (SHEET, CATALOG))
        self.reader = self.tokens.create("reader", ["read:zephyrquartz"])[1]
        self.stranger = self.tokens.create("stranger", ["read:other", "submit", "decide", "administer"])[1]
        self._runner = asyncio.Runner()

    def ask(self, app: FastAPI, asked: Asked, secret: str = "") -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                headers = asked.headers | ({"Authorization": f"Bearer {secret}"} if secret else {})
                url = client.base_url.copy_with(path=asked.path, params=list(asked.query))
                media_type, text = asked.body
                if media_type:
                    headers |= {"Content-Type": media_type}
                    return await client.request(asked.method, url, headers=headers, content=text)
                return await client.request(asked.method, url, headers=headers, data=dict(asked.form) or None)

        return self._runner.run(send())

    def check(self, asked: Asked) -> httpx.Response:
        """Ask both; fail where they differ. Gives the answer."""
        self.ask(self.having, asked, self.reader)
        first, second = self.ask(self.without, asked), self.ask(self.having, asked)
        assert as_sent(first) == as_sent(second), asked
        if "etag" in first.headers:
            again = Asked(
                asked.method, asked.path, asked.query, asked.headers | {"If-None-Match": first.headers["etag"]}
            )
            assert self.ask(self.having, again).status_code in (304, 200 if asked.method == "POST" else 304)
        return second

    def close(self) -> None:
        self._runner.close()
        for app in (self.without, self.having):
            app.state.knowledge.close()


def _app(root: Path, tokens: TokenFile, more: tuple[str, str] | None = None) -> FastAPI:
    for part in PARTS:
        if part != "data":
            shutil.copytree(ROOT / part, root / part)
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    (root / "data" / "cases").mkdir()
    (root / "data" / "cases" / "tiny.yaml").write_text(PUBLIC_SHEET)
    (root / "data" / "catalog.ttl").write_text(TINY_CATALOG + (more[1] if more else ""))
    if more:
        (root / "data" / "cases" / "zephyrquartz.yaml").write_text(more[0])
    resources, store = open_resources(root), EmbeddedStore.in_memory()
    build(resources, store)
    desk = root / "submissions"
    if more:
        _fill(Desk(desk, resources))
    settings = Settings(tokens=tokens.path, submissions=desk, rate_address="", rate_token="", query_workers=1)
    return create_app(resources, store, settings)


def _fill(desk: Desk) -> None:
    """Submissions that nobody but curators may know of: one waits, one was restricted and is withdrawn."""
    licence = "https://creativecommons.org/licenses/by/4.0/"
    letter = Letter("Zephyrquartz", licence, access="restricted", consent="shared")
    for name in ("waiting", "withdrawn"):
        text = (
            f"<https://w3id.org/hrdd-graph/id/source/zephyrquartz-{name}> a <{HOME}ontology#Source> ; "
            f'<http://www.w3.org/2000/01/rdf-schema#label> "Zephyrquartz {name}"@en .'
        )
        picture = io.BytesIO()
        Image.new("RGB", (2, 2)).save(picture, "PNG")
        found = desk.receive(text.encode(), "text/turtle", letter, by="ngo", files=[Sent(picture.getvalue())])
    desk.decide(found.id, Decision("accept"), by="curator")
    desk.withdraw(found.id, "Zephyrquartz asked for it.", by="curator")


def as_sent(answer: httpx.Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    return answer.status_code, answer.headers.raw, answer.content


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    made = Twins(tmp_path_factory.mktemp("twins"))
    yield made
    made.close()


def operations(app: FastAPI) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Every operation: method, path, the names in the path, and the names of its parameters."""
    found = [
        (
            method.upper(),
            path,
            tuple(p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"),
            tuple(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"),
        )
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(found) > 80
    others = ("/openapi.json", "/static/hrdd.css", "/static/x", "/data/", "/dumps", "/queries/nothing", "/gap")
    return sorted(found) + [("GET", path, (), ()) for path in others]


def filled(path: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        path = path.replace(f"{{{name}}}", word).replace(f"{{{name}:path}}", word)
    return path


@st.composite
def requests(draw: st.DrawFn, known: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]) -> Asked:
    method, path, places, names = draw(st.sampled_from(known))
    word = st.sampled_from(WORDS)
    path = filled(path, {name: draw(word) for name in places})
    path += draw(st.sampled_from(["", *(f".{suffix}" for suffix in sorted(SUFFIXES))]))
    some = st.sampled_from([*names, "format", "as_of", "known_on", "language", "nothing"])
    query = draw(st.lists(st.tuples(some, word), max_size=3, unique_by=lambda pair: pair[0]))
    form: tuple[tuple[str, str], ...] = ()
    if path.startswith("/sparql"):
        form = (("query", draw(st.sampled_from(QUERIES))),)
    elif path.startswith("/reconcile"):
        form = (draw(st.sampled_from([*(("queries", b) for b in BATCHES), *(("extend", e) for e in EXTENSIONS)])),)
    body = draw(st.sampled_from([("", ""), *BODIES])) if method == "POST" else ("", "")
    if method == "GET":
        query, form = [*query, *form] if draw(st.booleans()) else query, ()
    headers = {"Accept": draw(st.sampled_from(MEDIA_TYPES)), "Accept-Language": draw(st.sampled_from(["en", "es, fr"]))}
    return Asked(
        draw(st.sampled_from([method, "HEAD"])) if method == "GET" else method, path, tuple(query), headers, form, body
    )


@settings(max_examples=100)
@given(data=st.data())
def test_nobody_without_the_scope_can_tell_that_there_is_a_restricted_graph(twins: Twins, data: st.DataObject) -> None:
    twins.check(data.draw(requests(operations(twins.without))))


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_every_address_of_the_service_is_the_same(twins: Twins, media_type: str) -> None:
    statuses = set()
    for method, path, places, _ in operations(twins.without):
        for word in ("zephyrquartz", "organisation/zephyrquartz") if places and method == "GET" else ():
            asked = Asked(method, filled(path, dict.fromkeys(places, word)), headers={"Accept": media_type})
            statuses.add(twins.check(asked).status_code)
        if not places and method == "GET":
            statuses.add(twins.check(Asked(method, path, headers={"Accept": media_type})).status_code)
    assert len(statuses) > 1


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_has_the_same_answer(twins: Twins, query: str) -> None:
    for media_type in ("application/sparql-results+json", "text/turtle", "text/html"):
        twins.check(Asked("GET", "/sparql", (("query", query),), {"Accept": f"{media_type}, */*;q=0.1"}))


def test_every_template_has_the_same_answer_whatever_is_asked_of_it(twins: Twins) -> None:
    for template in twins.without.state.knowledge.templates:
        for word in ("organisation/zephyrquartz", "organisation/mill", "organisation/brand"):
            given_all = tuple((p.name, word) for p in template.parameters)
            required = tuple((p.name, word) for p in template.parameters if p.required)
            for query in (given_all, required):
                twins.check(Asked("GET", f"/queries/{template.name}", query))


def test_every_picture_is_the_same_and_so_is_its_data(twins: Twins) -> None:
    things = ("organisation/mill", "organisation/zephyrquartz", "abuse/zephyrquartz-mill")
    for name in (*charts.names(), *(f"timeline/{thing}" for thing in things)):
        for suffix in ("svg", "csv", "html"):
            twins.check(Asked("GET", f"/pictures/{name}.{suffix}", headers={"Accept": "*/*"}))
    asked = Asked("GET", "/pictures/timeline/organisation/mill.svg", headers={"Accept": "*/*"})
    assert CANARY in twins.ask(twins.having, asked, twins.reader).text
    assert CANARY not in twins.ask(twins.having, asked).text


def test_every_body_has_the_same_answer(twins: Twins) -> None:
    posted = [path for method, path, _, _ in operations(twins.without) if method == "POST"]
    statuses = {
        twins.check(Asked("POST", path, headers={"Accept": "*/*"}, body=body)).status_code
        for path in posted
        for body in BODIES
    }
    assert {200, 415} <= statuses


def called(tool: str, **arguments: Any) -> Asked:
    """A call of a tool, as agents send it."""
    headers = {"Accept": "application/json, text/event-stream"}
    method, params = ("tools/call", {"name": tool, "arguments": arguments}) if tool else ("tools/list", {})
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return Asked("POST", "/mcp", headers=headers, body=("application/json", json.dumps(message)))


def test_every_tool_has_the_same_answer_whatever_is_asked_of_it(twins: Twins) -> None:
    twins.check(called(""))
    found = tools(twins.without.openapi())
    assert len(found) > 40
    for name, operation in found.items():
        for word in ("organisation/zephyrquartz", "certified-open-abuse"):
            twins.check(called(name, **dict.fromkeys(operation.required, word) or {"language": "en"}))
    for q in ("zephyr", "mill", "dye"):
        twins.check(called("search", q=q))
        twins.check(called("search", q=q, kind=["Firm"]))
    asked = called("search", q="zephyr")
    assert CANARY in twins.ask(twins.having, asked, twins.reader).text
    assert CANARY not in twins.ask(twins.having, asked).text


def test_a_token_without_the_scope_shows_no_more_than_none(twins: Twins) -> None:
    for path in ("/", "/catalog", "/gaps", "/id/organisation/zephyrquartz", "/dumps/all.nq", "/health", "/changes"):
        plain, stranger = (
            twins.ask(twins.having, Asked("GET", path)),
            twins.ask(twins.having, Asked("GET", path), twins.stranger),
        )
        assert as_sent(plain) == as_sent(stranger)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", {}),
        ("/catalog", {}),
        ("/changes", {}),
        ("/gaps", {"rule": "certified-open-abuse"}),
        ("/gaps.csv", {"rule": "certified-open-abuse"}),
        ("/id/organisation/zephyrquartz.ttl", {}),
        ("/id/organisation", {}),
        ("/id/organisation/mill", {}),
        ("/graph/zephyrquartz.nt", {}),
        ("/queries/abuses-of-organisation", {"organisation": "organisation/zephyrquartz"}),
        ("/queries/certificates-and-open-abuses.csv", {}),
        ("/queries/gaps-by-firm", {"firm": "organisation/zephyrquartz"}),
        ("/queries/gaps-by-right.csv", {}),
        ("/sparql", {"query": "SELECT ?o WHERE { ?s rdfs:label ?o }"}),
        ("/sparql", {"query": f"SELECT ?o FROM <{HOME}graph/zephyrquartz> WHERE {{ ?s ?p ?o }}"}),
        ("/search", {"q": "zephyr"}),
        ("/data/cases/zephyrquartz.yaml", {}),
        ("/reconcile", {"queries": BATCHES[0]}),
        ("/reconcile/suggest/entity", {"prefix": "zeph"}),
        ("/reconcile/preview", {"id": "id/organisation/zephyrquartz"}),
        ("/reports/firm/zephyrquartz", {}),
        ("/reports/firm/mill", {}),
        ("/dumps/", {}),
        ("/dumps/graph/zephyrquartz.nq", {}),  # all.nq is public for everybody
    ],
)
def test_whoever_has_the_scope_sees_it(twins: Twins, path: str, query: dict[str, str]) -> None:
    """What these tests look for would be found if it were there."""
    asked = Asked("GET", path, tuple(query.items()), {"Accept": "*/*"})
    # With its capital it is a word of the graph, and not one that the caller sent.
    assert CANARY in twins.ask(twins.having, asked, twins.reader).text
    assert CANARY not in twins.ask(twins.having, asked).text


def test_a_list_of_suppliers_finds_a_restricted_firm_for_whoever_may_read_it_alone(twins: Twins) -> None:
    """A line that means a firm of a restricted graph is one that nobody looked at, to everybody else."""

    def send(app: FastAPI, secret: str = "") -> httpx.Response:
        async def post() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                headers = {"Content-Type": "text/csv"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
                path = "/reports/portfolio?as_of=2026-11-20"
                return await client.post(path, content="name\nZephyrquartz Mining\n", headers=headers)

        return twins._runner.run(post())

    assert [s["state"] for s in send(twins.having, twins.reader).json()["suppliers"]] == ["sure"]
    assert [s["state"] for s in send(twins.having).json()["suppliers"]] == ["unmatched"]
    assert as_sent(send(twins.without)) == as_sent(send(twins.having))


def test_a_receipt_names_the_graph_only_to_whoever_may_read_it(twins: Twins) -> None:
    asked = Asked("GET", "/queries/sources")
    readers, others = (twins.ask(twins.having, asked, secret).json()["meta"] for secret in (twins.reader, ""))
    assert f"{HOME}graph/zephyrquartz" in readers["graphs"]
    assert f"{HOME}graph/zephyrquartz" not in others["graphs"]
    assert readers["graphDigest"] != others["graphDigest"]
    assert len(readers["licences"]) == len(others["licences"]) + 1
