"""The Model Context Protocol at ``/mcp``: https://modelcontextprotocol.io, served by its official SDK.

A call of a tool is a request to the operation behind it, made within this process as the caller who made the call. So
it has the caller's view, and counts, is limited and is written to the audit log as any other request. Nothing is kept
from one call to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hrdd_api.audit import ROUTE_KEY
from hrdd_api.problems import Refusal, answer, as_refusal, near
from hrdd_api.tools import Operation, operations
from hrdd_graph import __version__

PATH = "/mcp"
INSTRUCTIONS = (
    "What is on record about firms, clusters, human rights, evidence, and the gaps between words and deeds. Every "
    "statement is somebody's claim, with a status from alleged to adjudicated, a source and a place in it: say whose "
    "claim it is. An empty answer is no clearance. Things are named by their address or as kind/slug, such as "
    "organisation/newmont; search finds them. The address of a finding ends in its rule and its digest. Cite the "
    "receipt of an answer: with it anybody can ask again. Where an answer has next, give it as cursor for more."
)
_PASSED_ON = frozenset({b"host", b"accept-language"})
_Context = ServerRequestContext[Any, Request]


class AgentTools:
    """Answers what is posted to ``/mcp``, and passes everything else on to the operations."""

    def __init__(self, app: ASGIApp, *, largest_body: int) -> None:
        self.app = app
        self._largest = largest_body
        self._server: Server[Any] = Server(
            "hrdd-graph",
            version=__version__,
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or scope["method"] != "POST" or inside != PATH:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if "origin" in request.headers:  # a page of another site must not reach a server that its reader can reach
            refusal = Refusal("forbidden", "Pages of other sites may not use this address.", "Ask the other addresses.")
            await answer(request, refusal)(scope, receive, send)
            return
        scope[ROUTE_KEY] = PATH
        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=self._largest
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    async def _list(self, context: _Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        found = await _operations(context)
        return ListToolsResult(tools=[operation.tool() for operation in found.values()])

    async def _call(self, context: _Context, params: CallToolRequestParams) -> CallToolResult:
        found = await _operations(context)
        operation = found.get(params.name)
        if operation is None:
            raise MCPError(INVALID_PARAMS, f"{params.name} is not a tool. {near(params.name, found)}".strip())
        scope = _scope(context)
        scope[ROUTE_KEY] = f"{PATH} {operation.path}"
        status, headers, body = await self._ask(scope, operation, params.arguments or {})
        document: dict[str, Any] = orjson.loads(body)
        if status == 200:
            document |= {"receipt": headers["receipt"]} | _next(headers)
        text = TextContent(type="text", text=orjson.dumps(document).decode())
        return CallToolResult(content=[text], structured_content=document, is_error=status != 200)

    async def _ask(
        self, scope: Scope, operation: Operation, arguments: Mapping[str, Any]
    ) -> tuple[int, Headers, bytes]:
        """The answer of an operation to the caller of a tool: status, headers and body."""
        sub = {name: value for name, value in scope.items() if name not in (ROUTE_KEY, "state")}
        fields = [field for field in scope["headers"] if field[0] in _PASSED_ON]
        sub |= {"method": "GET", "headers": [*fields, (b"accept", b"application/json")]}
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            address = urlsplit(operation.address(arguments))
            path = scope.get("root_path", "") + address.path
            sub |= {"path": unquote(path), "raw_path": path.encode(), "query_string": address.query.encode()}
            await self.app(sub, receive, send)
        except Exception as error:  # as the application itself does, outside of which this stands
            request = Request(scope)
            sent.clear()
            await answer(request, as_refusal(request, error))(sub, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], Headers(raw=sent[0]["headers"]), body


async def _operations(context: _Context) -> dict[str, Operation]:
    """The tools that there are in the present view."""
    return operations(await run_in_threadpool(_scope(context)["app"].openapi))


def _scope(context: _Context) -> Scope:
    assert context.request is not None  # over HTTP there always is one
    return context.request.scope


def _next(headers: Headers) -> dict[str, str]:
    """Where the next page begins, as the Link field tells it."""
    for link in headers.getlist("link"):
        address, _, rest = link.partition(">")
        if 'rel="next"' in rest:
            return {"next": parse_qs(urlsplit(address.lstrip("<")).query)["cursor"][0]}
    return {}
