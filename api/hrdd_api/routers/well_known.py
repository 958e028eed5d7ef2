"""Self-description at well-known addresses (RFC 8615): the graph in numbers, and example queries."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.answers import graph_bytes
from hrdd_api.asked import AskedDep
from hrdd_api.base import base_of
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import GRAPHS, choose_for
from hrdd_api.openapi import sends
from hrdd_api.replies import reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.description._statements import EXTRA_PREFIXES
from hrdd_graph.description.examples import examples
from hrdd_graph.description.void import void
from hrdd_graph.namespaces import PREFIXES

router = APIRouter(prefix="/.well-known", tags=["Self-description"], route_class=ContainedRoute)


@router.get("/void", summary="The graph in numbers (VoID)", openapi_extra=sends(*GRAPHS))
def void_of_view(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """How many statements and things there are, of each class, with each property, and in each graph."""
    form = choose_for(request, *GRAPHS)
    view, base = knowledge.view(), base_of(request)

    def body() -> bytes:
        return graph_bytes(void(view, knowledge.numbers(view), base), form, {**PREFIXES, **EXTRA_PREFIXES})

    return reply(request, form, body, tag=(view.digest, base))


@router.get("/sparql-examples", summary="Example queries as SHACL executables", openapi_extra=sends(*GRAPHS))
def sparql_examples(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """The query templates, each with its parameters bound to their examples; every one answers as it stands."""
    form = choose_for(request, *GRAPHS)
    view, base = knowledge.view(), base_of(request)
    found = partial(examples, knowledge.templates, f"{base}/sparql", view.as_of)
    versions = (template.version for template in knowledge.templates)

    def body() -> bytes:
        return graph_bytes(found(), form, {**PREFIXES, **EXTRA_PREFIXES})

    return reply(request, form, body, tag=(base, view.as_of, *versions))
