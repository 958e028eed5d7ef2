"""The application: routers, and what stands around all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from hrdd_api import openapi, problems
from hrdd_api.access import Authentication
from hrdd_api.admission import Admission
from hrdd_api.agents import PATH as AGENTS
from hrdd_api.agents import AgentTools
from hrdd_api.audit import Audit, AuditLog
from hrdd_api.knowledge import Knowledge
from hrdd_api.methods import Methods
from hrdd_api.middleware import Head, Headers, Suffix
from hrdd_api.public_address import PublicAddress
from hrdd_api.publisher import Publisher
from hrdd_api.rates import Rates
from hrdd_api.remembered import Remembered
from hrdd_api.routers import (
    agents,
    catalog,
    dumps,
    evidence_files,
    evidence_in,
    gaps,
    guides,
    health,
    interviews,
    linked_data,
    pictures,
    queries,
    reconcile,
    reports,
    rights,
    rules,
    search,
    sparql,
    start,
    statements,
    steps,
    submissions,
    suggestions,
    timelines,
    token,
    well_known,
    workbooks,
)
from hrdd_api.settings import Settings
from hrdd_api.warming import Warming
from hrdd_graph import __version__
from hrdd_graph.access import TokenFile
from hrdd_graph.resources import Resources
from hrdd_graph.store import Store
from hrdd_graph.submissions.desk import Desk

_ABOUT = (
    "Human-rights due diligence as a graph: firms, clusters, rights, evidence, and the gaps between words and deeds. "
    "Every address has a page for browsers and data for programs: by `Accept`, by a suffix such as `.csv`, or by "
    "`?format=csv`. Failures are RFC 9457 problem documents."
)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    if app.state.publisher:
        app.state.publisher.start()
    app.state.knowledge.prepare()
    yield
    if app.state.publisher:
        app.state.publisher.stop()
    app.state.knowledge.close()


def create_app(resources: Resources, store: Store, settings: Settings | None = None) -> FastAPI:
    """The HTTP layer over a store. Raises ``UnusableInput`` where a rule or a template is broken."""
    app = FastAPI(
        title="hrdd-graph",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        generate_unique_id_function=openapi.operation_id,
    )
    settings = settings or Settings()
    knowledge = Knowledge(resources, store, settings)
    app.state.knowledge = knowledge
    app.state.warming = Warming(knowledge)
    app.state.tokens = TokenFile(settings.tokens) if settings.tokens else None
    app.state.desk = Desk(settings.submissions, resources) if settings.submissions else None
    app.state.publisher = Publisher(app.state.desk, store, resources) if app.state.desk else None
    problems.install(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    graph = (queries, start, search, gaps, reports, rights, rules, pictures, timelines, sparql, reconcile, suggestions)
    desk = (evidence_in, interviews, workbooks, statements, submissions, steps, evidence_files)
    modules = (*graph, *desk, catalog, dumps, well_known, agents, guides, health, token)
    for module in modules:
        app.include_router(module.router)
    openapi.install(app, knowledge)
    app.include_router(linked_data.router)  # last: it answers for every other address
    routes = (route for module in (*modules, linked_data) for route in module.router.routes)
    app.state.methods = Methods(routes, beside={AGENTS: {"POST"}})
    # The first one added is the innermost.
    app.add_middleware(Remembered, most=settings.kept_answer_megabytes << 20)
    app.add_middleware(Suffix)
    app.add_middleware(AgentTools, largest_body=settings.max_query_bytes)
    app.add_middleware(
        Admission,
        authentication=Authentication(app.state.tokens),
        rates=Rates(address=settings.rate_address, token=settings.rate_token, loopback=settings.rate_loopback),
        largest_body=settings.max_body_bytes,
        longest_address=settings.max_address_bytes,
        body_seconds=settings.body_seconds,
    )
    app.add_middleware(Head)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],  # pages of other sites may ask; none is asked with cookies
        allow_headers=["*"],
        expose_headers=[
            *("Content-Digest", "Content-Location", "ETag", "Link", "Receipt", "Repr-Digest"),
            *("RateLimit", "RateLimit-Policy", "Retry-After"),
        ],
    )
    app.add_middleware(Headers)
    if settings.public_address:
        app.add_middleware(PublicAddress, address=settings.public_address)
    if settings.audit_log:
        app.add_middleware(Audit, log=AuditLog(settings.audit_log))
    return app
