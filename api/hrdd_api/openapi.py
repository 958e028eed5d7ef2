"""The OpenAPI 3.1 description: what FastAPI knows of the operations, made whole.

Each operation gets the media types that it answers in, the shape of its JSON, and the problems that it may answer with.
Parameters whose values are members of a small scheme list them with their labels, as the present view has them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from hrdd_api.answers import template_formats
from hrdd_api.asked import VIEW_PARAMETERS, AskedOfView
from hrdd_api.kept import Kept
from hrdd_api.knowledge import Knowledge
from hrdd_api.negotiation import HTML, JSON, PROBLEM, QUERY_TEXT, Format
from hrdd_api.paging import LARGEST
from hrdd_api.problems import KINDS
from hrdd_api.shapes import REFERENCE, named_once, shape_of
from hrdd_api.tools import tool
from hrdd_graph.answers._answer import KINDS as ANSWERS
from hrdd_graph.answers._answer import shown
from hrdd_graph.labels import TermDocument, labels_for
from hrdd_graph.namespaces import compact
from hrdd_graph.receipts import ReceiptDocument
from hrdd_graph.rules import SEVERITY_ORDER
from hrdd_graph.templates import Parameter, Template
from hrdd_graph.terms import Iri, sparql_text
from hrdd_graph.view import View

_CONTENT, _SUFFIXES, _SHAPES, _HEADERS = "x-content", "x-suffixes", "x-shapes", "x-headers"
TEMPLATES = "/queries/{name}"  # the route that answers for every template
_LISTED = 80  # a scheme with more members than this is not written out
_SCHEMAS: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "format": "iri-reference"},
    "concept": {"type": "string", "format": "iri-reference"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "string": {"type": "string"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
}
BEARER = "token"  # the name of the security scheme
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token that the operator of the server made with `hrdd token create`; the list names the scope "
    "that it needs. Public graphs need none; with `read:` scopes the same addresses show restricted graphs too. Forms "
    "may send it as the field `token` instead.",
}
FIELDS: dict[str, Any] = {
    "Link": {"description": 'The next page, where there is one (`rel="next"`).', "schema": {"type": "string"}},
    "Receipt": {
        "description": "What the answer rests on, as the word that `hrdd replay` takes.",
        "schema": {"type": "string", "pattern": "^hrdd1\\."},
    },
    "ETag": {
        "description": "The state of the answer; send it back as If-None-Match, and 304 says that it still holds.",
        "schema": {"type": "string"},
    },
}
_OBJECT = {"type": "object"}
_TEXT = {"type": "string"}
_TERM = {
    "description": "An address with its short form and label, a value with its datatype or language, or a blank node.",
    "anyOf": [{"$ref": REFERENCE.format(model=kind.__name__)} for kind in get_args(TermDocument)],
}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "A problem document (RFC 9457); `fix` says what to do.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "iri"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "fix": _TEXT,
        "problems": {"type": "array", "items": {"type": "object", "additionalProperties": _TEXT}},
    },
}


def sends(
    *formats: Format, schema: dict[str, Any] | None = None, shape: Any = None, headers: Iterable[str] = ()
) -> dict[str, Any]:
    """For a route's ``openapi_extra``: the formats that it answers in, the shape of its JSON, and its own fields.

    ``shape`` is the type of the document; ``schema`` is for what has none. ``headers`` are some of ``FIELDS``.
    """
    named: dict[str, Any] = {}
    if shape is not None:
        name, named = shape_of(shape)
        schema = {"$ref": REFERENCE.format(model=name)}
    shapes = {JSON.media_type: schema or _OBJECT}
    return {
        _CONTENT: {form.media_type: {"schema": shapes.get(form.media_type, {})} for form in formats},
        _SUFFIXES: list(dict.fromkeys(form.suffix for form in formats if form.suffix)),
        _SHAPES: named,
        _HEADERS: list(headers),
    }


def needs(*scopes: str) -> dict[str, Any]:
    """For a route's ``openapi_extra``: it asks for a token with one of these scopes, or for any where none is named."""
    return {"security": [{BEARER: [scope]} for scope in scopes] or [{BEARER: []}]}


def operation_id(route: APIRoute) -> str:
    """The name of an operation for clients: its method and address, which stay whatever the code calls them."""
    words = re.findall(r"[a-z0-9]+", route.path_format.lower())
    return "_".join([min(route.methods or ["get"]).lower(), *(words or ["start"])])


def install(app: FastAPI, knowledge: Knowledge) -> None:
    """Let the application describe itself whole, anew for each state of the graph."""
    kept: Kept[str, dict[str, Any]] = Kept(2)

    def openapi() -> dict[str, Any]:
        view = knowledge.view()
        return kept.get(view.digest, lambda: _document(app, knowledge, view))

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI tells to extend it


def _document(app: FastAPI, knowledge: Knowledge, view: View) -> dict[str, Any]:
    document = copy.deepcopy(
        get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= {"Problem": _PROBLEM_SCHEMA, "Term": _TERM}
    for kind in (ReceiptDocument, *get_args(TermDocument)):
        named_once(schemas, shape_of(kind)[1])
    document["components"]["securitySchemes"] = {BEARER: _BEARER}
    document["components"]["headers"] = FIELDS
    document["security"] = [{}, {BEARER: []}]
    document["components"]["responses"] = {
        slug: _problem(f"{kind.title}. {kind.about}") for slug, kind in KINDS.items()
    }
    document["components"]["responses"]["problem"] = _problem("Any other problem.")
    members = _Members(view)
    document["paths"] = {
        place: operations
        for path, found in document["paths"].items()
        for place, operations in (_templates(knowledge, members) if path == TEMPLATES else {path: found}).items()
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            named_once(schemas, operation.pop(_SHAPES, {}))
            _complete(path, method, operation, knowledge)
    return document


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    types = (PROBLEM.media_type, JSON.media_type)
    content: dict[str, Any] = {name: {"schema": schema} for name in types}
    return {"description": description, "content": content | {HTML.media_type: {"schema": _TEXT}}}


def _complete(path: str, method: str, operation: dict[str, Any], knowledge: Knowledge) -> None:
    said = sends(JSON, HTML) | {key: operation.pop(key) for key in (_CONTENT, _SUFFIXES, _HEADERS) if key in operation}
    content = said[_CONTENT]
    responses = operation["responses"]
    if "200" in responses:
        fields = {name: {"$ref": f"#/components/headers/{name}"} for name in said[_HEADERS]}
        responses["200"] = {"description": "The answer", "content": content, **({"headers": fields} if fields else {})}
        if method == "get" and "security" not in operation:  # what a token opens is nobody else's to keep
            fields["ETag"] = {"$ref": "#/components/headers/ETag"}
            responses["304"] = {"description": "What the caller has still holds"}
    if "303" in responses:
        location = {"description": "Where the description is", "schema": {"type": "string", "format": "uri-reference"}}
        responses["303"] = {"description": "The description is elsewhere", "headers": {"Location": location}}
    responses.pop("422", None)
    slugs = ["not-acceptable", "bad-parameter", "internal", "store-unavailable"]
    slugs += ["not-found"] * ("{" in path) + ["stale-cursor"] * path.startswith("/queries/")
    slugs += ["bad-query", "query-limit"] * (path == "/sparql")
    slugs += ["too-large", "unsupported-media-type", "bad-request"] * (method == "post")
    for slug in slugs:
        responses.setdefault(str(KINDS[slug].status), {"$ref": f"#/components/responses/{slug}"})
    responses["default"] = {"$ref": "#/components/responses/problem"}
    choices = {
        "format": said[_SUFFIXES],
        "rule": [rule.name for rule in knowledge.rules],
        "severity": list(SEVERITY_ORDER),
        "sort": ["severity", "salience"],
    }
    if path.startswith("/queries/"):  # a template's own parameters are what its file says
        choices = {"format": choices["format"]}
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"] = _without_null(parameter["schema"])
        if values := choices.get(parameter["name"]):
            # A form sends a field that nobody filled in as an empty text, which asks for nothing.
            listed = [*values, ""] if parameter["in"] == "query" else values
            (schema["items"] if schema.get("type") == "array" else schema).setdefault("enum", listed)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it is never null."""
    options: list[dict[str, Any]] = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return schema
    return {key: value for key, value in schema.items() if key not in ("anyOf", "default")} | options[0]


def _templates(knowledge: Knowledge, members: _Members) -> dict[str, Any]:
    """An operation for each template in the place of the one route that answers for all of them."""
    return {f"/queries/{template.name}": {"get": _template(template, members)} for template in knowledge.templates}


def _template(template: Template, members: _Members) -> dict[str, Any]:
    """A template's parameters with their types and values, and the shape of its answer."""
    name = f"query_{template.name.replace('-', '_')}"
    own = [_parameter(parameter, members) for parameter in template.parameters]
    formats = (*template_formats(ANSWERS[template.form]), QUERY_TEXT)
    return {
        "tags": ["Queries"],
        "summary": template.summary,
        "description": template.description or template.summary,
        "operationId": name,
        "parameters": [*own, *_common()],
        "responses": {"200": {"description": "The answer"}},
        **tool(name),
        **sends(*formats, schema=_answer(template), headers=["Link", "Receipt"]),
    }


def _common() -> list[dict[str, Any]]:
    """The parameters that every template takes."""
    view = {
        name: {key: value for key, value in schema.items() if value is not None}
        for name, schema in AskedOfView.model_json_schema()["properties"].items()
    }
    about = {name: view[name].pop("description", "") for name in VIEW_PARAMETERS}
    found = [(name, about[name], view[name]) for name in VIEW_PARAMETERS] + [
        (
            "page_size",
            "Rows of a page. JSON and HTML come in pages; other formats whole, unless asked.",
            {"type": "integer", "minimum": 1, "maximum": LARGEST},
        ),
        ("cursor", "Where the page begins: taken from the Link field of the page before it.", {"type": "string"}),
    ]
    return [
        {"name": name, "in": "query", "required": False, "description": about, "schema": schema}
        for name, about, schema in found
    ]


def _answer(template: Template) -> dict[str, Any]:
    term = {"$ref": "#/components/schemas/Term"}
    meta = {"allOf": [{"$ref": "#/components/schemas/ReceiptDocument"}], "required": ["count", "truncated"]}
    if template.form == "ASK":
        return {
            "type": "object",
            "required": ["meta", "answer"],
            "properties": {"meta": meta, "answer": {"type": "boolean"}},
        }
    names = shown(template.variables) if template.form == "SELECT" else ["subject", "predicate", "object"]
    row = {"type": "object", "properties": dict.fromkeys(names, term), "additionalProperties": False}
    return {
        "type": "object",
        "required": ["meta", "rows"],
        "properties": {"meta": meta, "rows": {"type": "array", "items": row}, "note": _TEXT},
    }


def _parameter(parameter: Parameter, members: _Members) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS[parameter.type])
    if parameter.type == "concept" and parameter.scheme and (listed := members.of(parameter.scheme)):
        named = [{"const": compact(iri), "title": label} for iri, label in listed]
        schema = {"anyOf": [{"title": "Those that there are", "oneOf": named}, schema]}
    if parameter.default is not None and parameter.default != "today":
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required and parameter.default is None,
        "description": parameter.summary,
        "schema": {"type": "array", "items": schema} if parameter.many else schema,
        **({"example": [parameter.example] if parameter.many else parameter.example} if parameter.example else {}),
    }


class _Members:
    """The members of classes and concept schemes in a view, with their English labels; none of a large one."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[str, list[tuple[str, str]]] = {}

    def of(self, scheme: str) -> list[tuple[str, str]]:
        if scheme not in self._found:
            listed = members_of(self._view, scheme, "en")
            self._found[scheme] = listed if len(listed) <= _LISTED else []
        return self._found[scheme]


def members_of(view: View, scheme: str, language: str) -> list[tuple[str, str]]:
    """The members of a class or concept scheme in a view, with their labels, by label."""
    place = sparql_text(Iri(scheme))
    rows = view.select(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT DISTINCT ?member "
        f"WHERE {{ {{ ?member a {place} }} UNION {{ ?member skos:inScheme {place} }} }}"
    )
    members = [row[0] for row in rows.rows if isinstance(row[0], Iri)]
    say = labels_for(view, members, language)
    return sorted(((member.value, say(member)) for member in members), key=lambda pair: pair[1].casefold())
