"""Agents ask by the Model Context Protocol what others ask by HTTP, and get the same answers with their receipts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import jsonschema
import pytest
from hrdd_api.app import create_app
from hrdd_api.settings import Settings
from mcp import Client, MCPError
from mcp_types import CallToolResult, Tool

from hrdd_graph.receipts import read_receipt
from hrdd_graph.replay import replay
from hrdd_graph.resources import Resources
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.templates import read_templates
from tests.api.conftest import serving

T = TypeVar("T")
FIRM = "organisation/mineria-yanacocha"


def connected(server: str, work: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    """What ``work`` does with the SDK's own client, over HTTP."""

    async def run() -> T:
        async with Client(f"{server}/mcp", mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def call(server: str) -> Callable[..., CallToolResult]:
    def call(name: str, **arguments: Any) -> CallToolResult:
        return connected(server, lambda client: client.call_tool(name, arguments))

    return call


@pytest.fixture(scope="module")
def tools(server: str) -> dict[str, Tool]:
    async def listed(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    return {tool.name: tool for tool in connected(server, listed)}


def test_each_file_of_queries_is_a_tool_and_nothing_is_free_form(tools: dict[str, Tool], resources: Resources) -> None:
    queries = {f"query_{template.name.replace('-', '_')}" for template in read_templates(resources)}
    assert set(tools) == queries | {"rules", "rule", "gaps", "explain", "why", "search"}
    for tool in tools.values():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert not tool.input_schema["additionalProperties"]
        assert "format" not in tool.input_schema["properties"]


def test_a_tool_says_what_it_takes(tools: dict[str, Tool]) -> None:
    firm = tools["query_abuses_of_organisation"].input_schema
    assert firm["required"] == ["organisation"]
    assert firm["properties"]["organisation"]["examples"] == [FIRM]
    rule = tools["gaps"].input_schema
    assert rule["required"] == ["rule"]
    assert "certified-open-abuse" in rule["properties"]["rule"]["items"]["enum"]
    assert "" not in rule["properties"]["rule"]["items"]["enum"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_template_answers_as_over_http_with_its_receipt(server: str, program: httpx.Client, mode: str) -> None:
    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool("query_abuses_of_organisation", {"organisation": FIRM})

    answer = connected(server, ask, mode)
    plain = program.get("/queries/abuses-of-organisation.json", params={"organisation": FIRM})
    found = dict(answer.structured_content)
    assert not answer.is_error
    assert found.pop("receipt") == plain.headers["Receipt"]
    assert found == plain.json()
    assert found["rows"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("rules", {}),
        ("rule", {"rule": "certified-open-abuse"}),
        ("gaps", {"rule": ["certified-open-abuse"], "as_of": "2026-11-20"}),
        ("why", {"rule": "certified-open-abuse", "focus": FIRM, "as_of": "2026-11-20"}),
        ("search", {"q": "yanacocha", "kind": ["Firm", "Site"]}),
        ("query_open_abuses", {}),
    ],
)
def test_every_answer_has_a_receipt_with_which_it_can_be_asked_again(
    call: Callable[..., CallToolResult],
    tools: dict[str, Tool],
    resources: Resources,
    store: EmbeddedStore,
    name: str,
    arguments: dict[str, Any],
) -> None:
    answer = call(name, **arguments)
    jsonschema.validate(answer.structured_content, tools[name].output_schema or {})
    receipt = read_receipt(answer.structured_content["receipt"])
    assert replay(resources, store, receipt).same


def test_a_finding_is_explained_by_its_rule_and_digest(call: Callable[..., CallToolResult], finding_path: str) -> None:
    _, _, rule, digest = finding_path.split("/")
    answer = call("explain", rule=rule, digest=digest)
    assert answer.structured_content["finding"].endswith(f"{rule}/{digest}")
    assert read_receipt(answer.structured_content["receipt"]).kind == "gaps"


def test_pages_follow_each_other(call: Callable[..., CallToolResult]) -> None:
    first = call("query_open_abuses", page_size=2).structured_content
    second = call("query_open_abuses", page_size=2, cursor=first["next"]).structured_content
    both = call("query_open_abuses", page_size=4).structured_content
    assert first["rows"] + second["rows"] == both["rows"]


@pytest.mark.parametrize(
    ("name", "arguments", "detail"),
    [
        ("query_abuses_of_organisation", {}, "organisation is required"),
        ("query_abuses_of_organisation", {"organisation": "<x> } UNION {"}, "is not an address"),
        ("query_abuses_of_organisation", {"organisation": FIRM, "sparql": "ASK {}"}, "sparql is not a parameter"),
        ("query_abuses_of_organisation", {"organisation": {"a": 1}}, "neither a text nor a number"),
        ("gaps", {}, "rule is required"),
        ("rule", {"rule": "../catalog"}, "is no single name"),
        ("explain", {"rule": "certified-open-abuse", "digest": "0" * 16}, "does not stand"),
    ],
)
def test_what_cannot_be_asked_is_told_so_that_the_agent_can_mend_it(
    call: Callable[..., CallToolResult], name: str, arguments: dict[str, Any], detail: str
) -> None:
    answer = call(name, **arguments)
    assert answer.is_error
    assert detail in answer.structured_content["detail"]
    assert answer.structured_content["type"].startswith("https://w3id.org/hrdd-graph/problem/")


def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(call: Callable[..., CallToolResult]) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(MCPError, match="query_open_abuses"), flatten_subgroups=True):
        call("query_open_abuse")


def test_pages_of_other_sites_are_refused(program: httpx.Client) -> None:
    answer = program.post("/mcp", json={}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_the_address_has_a_page_and_no_stream(program: httpx.Client, browser: httpx.Client) -> None:
    assert "query_open_abuses" in browser.get("/mcp").text
    assert program.get("/mcp").json()["endpoint"].endswith("/mcp")
    stream = program.get("/mcp", headers={"Accept": "text/event-stream"})
    assert (stream.status_code, stream.headers["Allow"]) == (405, "POST")


@pytest.fixture(scope="module")
def bounded(resources: Resources, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server with an audit log and a low rate, and the file of the log."""
    log = tmp_path_factory.mktemp("audit") / "audit.jsonl"
    with serving(create_app(resources, store, Settings(audit_log=log, rate_loopback="12/minute"))) as address:
        yield address, log


def test_calls_are_counted_and_written_to_the_audit_log(bounded: tuple[str, Path]) -> None:
    address, log = bounded

    async def ask(client: Client) -> int:
        for done in range(20):
            try:
                await client.call_tool("rule", {"rule": "certified-open-abuse"})
            except Exception:
                return done
        return 20

    assert 0 < connected(address, ask) < 12
    wanted = {("/mcp /rules/{rule}", 200), (None, 429)}
    for _ in range(100):  # a line is written when its answer is on the way already
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        found = {(route, line.get("status")) for line in lines for route in (line.get("route"), None)}
        if wanted <= found:
            break
        time.sleep(0.05)
    assert wanted <= found
