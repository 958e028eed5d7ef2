"""Tools for agents: the operations of this service that answer questions, with the same parameters and answers.

An operation becomes a tool by ``x-tool`` in its OpenAPI description, so a new template is a new tool. A tool's input is
what the operation takes, with values listed where there are few; its output is the operation's JSON, with the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from mcp_types import Tool, ToolAnnotations

from hrdd_api.problems import Refusal, near

TOOL_KEY = "x-tool"
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def tool(name: str, *required: str) -> dict[str, Any]:
    """For a route's ``openapi_extra``: the operation is a tool too, which needs these parameters."""
    return {TOOL_KEY: {"name": name, "required": list(required)}}


@dataclass(frozen=True)
class Operation:
    """An operation that is a tool: where it is, and what it takes."""

    path: str
    described: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.described[TOOL_KEY]["name"])

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """What it takes, but for the format: an agent gets JSON."""
        return {found["name"]: found for found in self.described.get("parameters", ()) if found["name"] != "format"}

    @property
    def required(self) -> list[str]:
        told = set(self.described[TOOL_KEY]["required"])
        return [name for name, found in self.parameters.items() if found.get("required") or name in told]

    def tool(self) -> Tool:
        """The tool as the protocol describes one."""
        answer = self.described["responses"]["200"]["content"]["application/json"]["schema"]
        shape = _plain(answer) | {"type": "object"}
        shape["required"] = [*shape.get("required", ()), "receipt"]
        shape["properties"] = shape.get("properties", {}) | {"receipt": {"type": "string"}, "next": {"type": "string"}}
        described = str(self.described.get("description", ""))
        return Tool(
            name=self.name,
            title=self.described["summary"],
            description="\n".join(dict.fromkeys((self.described["summary"], described))).strip(),
            input_schema={
                "type": "object",
                "properties": {name: _input(found) for name, found in self.parameters.items()},
                "required": self.required,
                "additionalProperties": False,
            },
            output_schema=shape,
            annotations=_READS,
        )

    def address(self, arguments: Mapping[str, Any]) -> str:
        """The path and query that a call asks for. Refuses what the operation does not take."""
        path, query = self.path, []
        parameters = self.parameters
        for name in self.required:
            if arguments.get(name) in (None, "", []):
                raise _bad(name, "is required.", str(parameters[name].get("description", "")))
        for name, value in arguments.items():
            if name not in parameters:
                fix = near(name, parameters) or f"It takes {', '.join(parameters)}."
                raise _bad(name, "is not a parameter of this tool.", fix)
            texts = [_text(name, one) for one in (value if isinstance(value, list) else [value])]
            if parameters[name]["in"] == "path":
                if len(texts) != 1 or "/" in texts[0]:
                    raise _bad(name, "is no single name.", "Give a name without slashes.")
                path = path.replace(f"{{{name}}}", quote(texts[0], safe=""))
            else:
                query += [(name, text) for text in texts if text]
        return path + (f"?{urlencode(query)}" if query else "")


def operations(document: Mapping[str, Any]) -> dict[str, Operation]:
    """The tools among the operations of an OpenAPI description, by name."""
    found = (
        Operation(path, described)
        for path, methods in document["paths"].items()
        for described in methods.values()
        if TOOL_KEY in described
    )
    return {operation.name: operation for operation in found}


def _input(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema without the empty texts that only forms send, with its description and example."""
    schema: dict[str, Any] = _without_empty(_plain(parameter["schema"]))
    about = {"description": parameter["description"]} if parameter.get("description") else {}
    return schema | about | ({"examples": [parameter["example"]]} if "example" in parameter else {})


def _without_empty(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_empty(one) for one in schema if one not in ("", {"const": ""})]
    if isinstance(schema, dict):
        kept = {key: _without_empty(value) for key, value in schema.items() if key != "title" or "const" in schema}
        return kept["anyOf"][0] | _but(kept, "anyOf") if len(kept.get("anyOf", ())) == 1 else kept
    return schema


def _plain(schema: Any) -> Any:
    """A schema that stands by itself: what it refers to is an object."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if isinstance(schema, dict):
        return {"type": "object"} if "$ref" in schema else {key: _plain(value) for key, value in schema.items()}
    return schema


def _but(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != name}


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise _bad(name, "is neither a text nor a number.", "")
    return "" if value is None else str(value)


def _bad(name: str, what: str, fix: str) -> Refusal:
    return Refusal("bad-parameter", f"{name} {what}", fix, [{"parameter": name, "what": what}])
