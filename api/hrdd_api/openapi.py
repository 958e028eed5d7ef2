"""The OpenAPI 3.1 description: what FastAPI knows of the operations, made whole.

Each operation gets the media types that it answers in, the shape of its JSON, and the problems that it may answer with.
Parameters whose values are members of a small scheme list them with their labels, as the present view has them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from hrdd_api.answers import template_formats
from hrdd_api.asked import VIEW_PARAMETERS, AskedOfView
from hrdd_api.kept import Kept
from hrdd_api.knowledge import Knowledge
from hrdd_api.negotiation import HTML, JSON, PROBLEM, QUERY_TEXT, Format
from hrdd_api.paging import LARGEST
from hrdd_api.problems import KINDS
from hrdd_api.tools import tool
from hrdd_graph.answers._answer import KINDS as ANSWERS
from hrdd_graph.answers._answer import shown
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import compact
from hrdd_graph.rules import SEVERITY_ORDER
from hrdd_graph.templates import Parameter, Template
from hrdd_graph.terms import Iri, sparql_text
from hrdd_graph.view import View

_CONTENT = "x-content"
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
_OBJECT = {"type": "object"}
_TEXT = {"type": "string"}
_TERM = {
    "title": "Term",
    "description": "An address with its short form and label, a value with its datatype or language, or a blank node.",
    "oneOf": [
        {
            "type": "object",
            "required": ["iri", "id", "label"],
            "properties": {"iri": {"type": "string", "format": "iri"}, "id": _TEXT, "label": _TEXT},
        },
        {
            "type": "object",
            "required": ["value"],
            "properties": {"value": _TEXT, "datatype": _TEXT, "language": _TEXT},
        },
        {"type": "object", "required": ["blank"], "properties": {"blank": _TEXT}},
    ],
}
_RECEIPT = {
    "title": "Receipt",
    "description": "What an answer rests on; `receipt` is the word that `hrdd replay` takes.",
    "type": "object",
    "required": ["kind", "name", "version", "asOf", "graphDigest", "graphs", "rows", "result", "licences", "receipt"],
    "properties": {
        "kind": {"enum": ["query", "gaps", "why", "rules", "search"]},
        "asOf": {"type": "string", "format": "date"},
        "graphs": {"type": "object", "additionalProperties": _TEXT},
        "rows": {"type": "integer", "minimum": 0},
        "result": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "licences": {"type": "array", "items": {"type": "string", "format": "iri"}},
        "receipt": {"type": "string", "pattern": "^hrdd1\\."},
    },
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


def sends(*formats: Format, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """For a route's ``openapi_extra``: the formats that it answers in, and the shape of its JSON."""
    shapes = {JSON.media_type: schema or _OBJECT}
    return {_CONTENT: {form.media_type: {"schema": shapes.get(form.media_type, {})} for form in formats}}


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
    schemas |= {"Problem": _PROBLEM_SCHEMA, "Term": _TERM, "Receipt": _RECEIPT}
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
            _complete(path, method, operation, knowledge)
    return document


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    types = (PROBLEM.media_type, JSON.media_type)
    content: dict[str, Any] = {name: {"schema": schema} for name in types}
    return {"description": description, "content": content | {HTML.media_type: {"schema": _TEXT}}}


def _complete(path: str, method: str, operation: dict[str, Any], knowledge: Knowledge) -> None:
    content = operation.pop(_CONTENT, None) or sends(JSON, HTML)[_CONTENT]
    responses = operation["responses"]
    if "200" in responses:
        responses["200"] = {"description": "The answer", "content": content}
        if method == "get":
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
        "format": list(dict.fromkeys(_names(content))),
        "rule": [rule.name for rule in knowledge.rules],
        "severity": list(SEVERITY_ORDER),
        "sort": ["severity", "salience"],
    }
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"] = _without_null(parameter["schema"])
        if values := choices.get(parameter["name"]):
            # A form sends a field that nobody filled in as an empty text, which asks for nothing.
            listed = [*values, ""] if parameter["in"] == "query" else values
            (schema["items"] if schema.get("type") == "array" else schema).setdefault("enum", listed)


def _names(content: Iterable[str]) -> Iterator[str]:
    """The names of formats for ``?format=``, from their media types."""
    known = {form.media_type: form for kind in ("rows", "graph", "boolean") for form in template_formats(kind)}
    known[QUERY_TEXT.media_type] = QUERY_TEXT
    from hrdd_api import negotiation
    from hrdd_api.routers.gaps import REPORTS

    known |= {form.media_type: form for form in (*vars(negotiation).values(), *REPORTS) if isinstance(form, Format)}
    yield from (known[media_type].suffix for media_type in content if media_type in known)


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
        **sends(*formats, schema=_answer(template)),
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
    meta = {"allOf": [{"$ref": "#/components/schemas/Receipt"}], "required": ["count", "truncated"]}
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
