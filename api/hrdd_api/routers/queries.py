"""Query templates: questions that others have thought through, with parameters bound as terms."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from typing_extensions import TypedDict

from hrdd_api.access import caller_of
from hrdd_api.answers import template_formats
from hrdd_api.asked import AskedDep, asked_beside, reader_language
from hrdd_api.audit import ROUTE_KEY
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, QUERY_TEXT, choose_for
from hrdd_api.openapi import members_of, sends
from hrdd_api.paging import PAGING, cursor_of, page_of
from hrdd_api.problems import Refusal, near
from hrdd_api.remembered import KEEP_KEY
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, link_to, not_modified, reply, written
from hrdd_api.routing import ContainedRoute, contained
from hrdd_graph.answers import writer_for
from hrdd_graph.answers._answer import KINDS, Page, TemplateAnswer, answer_template
from hrdd_graph.answers._tables import Row, tables_of
from hrdd_graph.answers.json import document
from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import HRDD
from hrdd_graph.templates import Template
from hrdd_graph.view import View

router = APIRouter(tags=["Queries"], route_class=ContainedRoute)


class ParameterDocument(TypedDict):
    """A parameter of a template: its type, whether it must be given, and whether several values may be."""

    name: str
    type: str
    summary: str
    required: bool
    many: bool
    default: str | None
    scheme: str | None
    example: str | None


class TemplateDocument(TypedDict):
    """A template: what it answers, where, and with which parameters and variables."""

    name: str
    version: str
    summary: str
    description: str
    tags: list[str]
    form: str
    over: str
    address: str
    variables: list[str]
    order: list[str]
    parameters: list[ParameterDocument]


class QueriesDocument(TypedDict):
    """Every template."""

    queries: list[TemplateDocument]


@router.get("/queries", summary="The query templates", openapi_extra=sends(JSON, HTML, shape=QueriesDocument))
def queries(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """Every stored query, with its parameters."""
    form = choose_for(request, JSON, HTML)

    def body() -> bytes:
        documents = [template_document(t) for t in knowledge.templates]
        if form is JSON:
            return as_json({"queries": documents})
        tags = sorted({tag for template in knowledge.templates for tag in template.tags})
        return page(request, "queries.html", queries=documents, tags=tags, offered=(JSON, HTML))

    return reply(request, form, body, tag=tuple(t.version for t in knowledge.templates))


class _DirectRoute(APIRoute):
    """A route that reads all of its request by itself, without FastAPI's own reading of parameters."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


async def query(request: Request) -> Response:
    """The answer of a template. Where all that it needs is in memory it is made here, and otherwise in a thread."""
    whole: Knowledge = request.app.state.knowledge
    knowledge = whole.seen_by(caller_of(request.scope).readable)
    name = request.path_params["name"]
    template = knowledge.template(name)
    if template is None:
        fix = near(name, (template.name for template in knowledge.templates)) or "/queries lists them."
        raise Refusal("not-found", f"{name} is not a query.", fix)
    request.scope[ROUTE_KEY] = f"/queries/{name}"
    if knowledge.state() is not None and (known := _known(request, knowledge.view(), template)) is not None:
        return _answer(request, knowledge, template, known)
    return await run_in_threadpool(contained(_answer), request, knowledge, template)


router.add_api_route("/queries/{name}", query, methods=["GET"], route_class_override=_DirectRoute)


def _known(request: Request, view: View, template: Template) -> list[Row] | None:
    """All rows for the question, where they and their names are in memory."""
    tables = tables_of(view)
    if tables is None or {"as_of", "known_on"} & request.query_params.keys():
        return None
    given: dict[str, list[str]] = {}
    for parameter in template.parameters:
        if texts := [text for text in request.query_params.getlist(parameter.name) if text]:
            given[parameter.name] = texts
    return tables.rows(view, template, given, make=False)


def _answer(request: Request, knowledge: Knowledge, template: Template, known: list[Row] | None = None) -> Response:
    kind = KINDS[template.form]
    offered = (*template_formats(kind), QUERY_TEXT)
    form = choose_for(request, *offered)
    asked, given = asked_beside(request, {parameter.name for parameter in template.parameters} | set(PAGING))
    paging = {name: given.pop(name) for name in PAGING if name in given}
    if form is QUERY_TEXT:  # the same whatever is asked; what cannot be asked is told all the same
        samples = {p.name: [p.example] for p in template.parameters if p.example}
        template.bind({**samples, **{name: texts for name, texts in given.items() if any(texts)}})
        return reply(request, form, lambda: knowledge.texts[template.name], tag=(template.version,))
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    part = page_of(paging, template, view, paged=form in (JSON, HTML))
    values = {name: texts for name, texts in given.items() if any(texts)}
    lacking = [p for p in template.parameters if p.required and p.default is None and p.name not in values]
    form_only = form is HTML and bool(lacking) and not values
    answer: TemplateAnswer | None = None
    problems: tuple[Problem, ...] = ()
    if form is HTML and not form_only:
        try:
            template.bind(values, today=view.as_of)
        except UnusableInput as error:
            problems = error.problems
    asked_of_store = not form_only and not problems

    def body() -> bytes:
        if form is not HTML and answer is not None:
            return written(partial(writer_for(kind, form.name).write, answer))
        return page(
            request,
            "query.html",
            **_form(template, view, language),
            asked=asked,
            given=given,
            language=language,
            offered=offered,
            problems=problems,
            answer=document(answer) if answer else None,
            weakest=_in_words(view, answer.receipt.weakest, language) if answer else "",
            next=_next(request, view, answer, part),
        )

    rules = [(rule.name, rule.version) for rule in knowledge.active_rules] if template.over == "findings" else []
    tag = () if problems else (view.digest, view.as_of, template.version, part, *rules)
    if tag and (unchanged := not_modified(request, form, tag, language)):
        return unchanged
    headers: dict[str, str] = {}
    if asked_of_store:
        answer = answer_template(
            view, template, values, language=language, page=part, find=knowledge.findings, known=known
        )
        headers["Receipt"] = answer.receipt.token
        if address := _next(request, view, answer, part):
            headers["Link"] = link_to(address, "next")
    if asked_of_store:
        request.scope[KEEP_KEY] = True
    sent = reply(request, form, body, tag=tag, language=language, headers=headers)
    if problems:
        sent.status_code = 422
    return sent


def _in_words(view: View, weakest: str, language: str) -> str:
    """The weakest evidence of a receipt, local names of a status and of a reliability, as a reader calls them."""
    terms = [HRDD[name] for name in weakest.split()]
    say = labels_for(view, terms, language)
    return "; ".join(say(term).lower() for term in terms)


def _next(request: Request, view: View, answer: TemplateAnswer | None, part: Page | None) -> str:
    """The address of the next page; empty where there is none."""
    if answer is None or part is None or not answer.more:
        return ""
    cursor = cursor_of(view, answer.template.version, part.offset + part.size)
    return str(request.url.include_query_params(cursor=cursor))


def _form(template: Template, view: View, language: str) -> dict[str, Any]:
    """What the page's form needs: the template, and the values to choose from where they are members of a scheme."""
    choices = {
        p.name: members_of(view, p.scheme, language) for p in template.parameters if p.type == "concept" and p.scheme
    }
    return {"template": template, "choices": choices}


def template_document(template: Template) -> TemplateDocument:
    """A template as plain data."""
    return {
        "name": template.name,
        "version": template.version,
        "summary": template.summary,
        "description": template.description,
        "tags": list(template.tags),
        "form": template.form,
        "over": template.over,
        "address": f"/queries/{template.name}",
        "variables": list(template.variables),
        "order": list(template.order),
        "parameters": [
            {
                "name": p.name,
                "type": p.type,
                "summary": p.summary,
                "required": p.required,
                "many": p.many,
                "default": p.default,
                "scheme": p.scheme,
                "example": p.example,
            }
            for p in template.parameters
        ],
    }
