"""What went wrong, as RFC 9457 problem documents for programs and as a page for browsers.

Every kind of problem has an address of its own that explains it. Nothing that a caller sent is ever executed or echoed
as markup, and no answer holds a stack trace.
"""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hrdd_api.methods import WrongMethod, methods_of
from hrdd_api.middleware import SECURITY_HEADERS
from hrdd_api.negotiation import HTML, JSON, PROBLEM, NotAcceptable, accept_header, choose
from hrdd_api.rendering import page
from hrdd_graph.errors import UnusableInput
from hrdd_graph.namespaces import HOME
from hrdd_graph.store import QueryError, StoreError
from hrdd_graph.store.limits import Busy, LimitReached
from hrdd_graph.submissions.desk import Conflict, Gone, Withheld
from hrdd_graph.terms import Iri

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status, its name, and what it means for whoever meets it."""

    slug: str
    status: int
    title: str
    about: str

    @property
    def iri(self) -> str:
        return f"{HOME}problem/{self.slug}"


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "bad-query",
            400,
            "The query cannot be answered",
            "Its text is not SPARQL 1.1, or asks for what this read-only service refuses.",
        ),
        Kind("bad-request", 400, "The request is malformed", "It does not keep to the protocol of this address."),
        Kind(
            "unauthorized",
            401,
            "The token does not hold",
            "The request carries no token where one is needed, or one that is unknown, has expired or was revoked.",
        ),
        Kind("forbidden", 403, "The token does not allow this", "It lacks a scope that this address needs."),
        Kind("not-found", 404, "There is nothing at this address", "No such resource is in this view of the graph."),
        Kind("method-not-allowed", 405, "This method is not for this address", "The Allow field names those that are."),
        Kind(
            "not-acceptable",
            406,
            "None of the formats on offer would do",
            "Accept, the suffix or ?format= ask for what this resource does not have.",
        ),
        Kind(
            "stale-cursor",
            409,
            "The list has changed",
            "A cursor leads to the next page of a list only as long as neither graph nor query changes.",
        ),
        Kind("conflict", 409, "This does not fit what is on record", "It was decided, or sent, otherwise before."),
        Kind(
            "withheld",
            409,
            "A public view may not show this",
            "The release shapes, the consent of those concerned, the risk of reprisals or an embargo forbid it.",
        ),
        Kind(
            "gone", 410, "This was withdrawn", "It was in the graph, and was taken out. Its address is not used again."
        ),
        Kind("too-long", 414, "The address is too long", "It is longer than the server reads; send a body by POST."),
        Kind(
            "too-slow",
            408,
            "The body did not arrive",
            "It stopped half-way, or came more slowly than the server waits.",
        ),
        Kind("too-large", 413, "The request is too large", "Its body is larger than the server reads."),
        Kind("no-such-range", 416, "The file has no such part", "Content-Range says how long it is."),
        Kind("unsupported-media-type", 415, "The body is of no known type", "The address takes other media types."),
        Kind(
            "bad-parameter",
            422,
            "A parameter cannot be used",
            "A parameter is missing, unknown, or has a value of the wrong kind.",
        ),
        Kind(
            "too-many",
            429,
            "Too many requests",
            "This token or address has asked more often than it may. Retry-After says when it may ask again.",
        ),
        Kind("internal", 500, "Something went wrong in the server", "The operator's log has the details."),
        Kind(
            "query-limit",
            503,
            "The query was stopped",
            "It needed more time or memory than one query may have. Asked again as it is, it will be stopped again.",
        ),
        Kind(
            "no-submissions",
            503,
            "This server takes no submissions",
            "They need a folder: that of the store, or one that HRDD_SUBMISSIONS names.",
        ),
        Kind("preparing", 503, "The server is getting ready", "What takes long the first time is being made."),
        Kind("no-room", 507, "The server's disk is full", "What was asked needs room on it, and was not done."),
        Kind("busy", 503, "The server is at work for others", "All places for queries are taken. Ask again shortly."),
        Kind(
            "store-unavailable",
            503,
            "The graph does not answer",
            "The store behind the server is out of reach. Nothing can be said about its content meanwhile.",
        ),
    )
}
_BY_STATUS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    415: "unsupported-media-type",
}


@dataclass
class Refusal(Exception):
    """An answer that says no: the kind of problem, what was wrong here, and what to do."""

    slug: str
    detail: str
    fix: str = ""
    problems: list[dict[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)


def near(name: str, known: Iterable[str]) -> str:
    """A sentence that names what a mistyped name may have meant, or an empty one."""
    found = get_close_matches(name, sorted(known), n=3)
    return f"Did you mean {' or '.join(found)}?" if found else ""


def answer(request: Request, refusal: Refusal) -> Response:
    """The problem document, or the page, for a refusal."""
    kind = KINDS[refusal.slug]
    document = {
        "type": kind.iri,
        "title": kind.title,
        "status": kind.status,
        "detail": refusal.detail,
        "instance": _instance(request),
        **({"fix": refusal.fix} if refusal.fix else {}),
        **({"problems": refusal.problems} if refusal.problems else {}),
    }
    try:
        form = choose((PROBLEM, JSON, HTML), accept_header(request))
    except NotAcceptable:
        form = PROBLEM
    if form is HTML:
        body = page(request, "problem.html", kind=kind, problem=document)
    else:
        body = json.dumps(document, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n"
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", **refusal.headers}
    return Response(body, kind.status, headers, media_type=form.content_type)


def install(app: FastAPI) -> None:
    """Let every failure of the application become a problem document."""

    def refuse(request: Request, error: Exception) -> Response:
        refusal = as_refusal(request, error)
        if request.method == "OPTIONS" and "Allow" in refusal.headers:
            return Response(None, 204, refusal.headers)
        return answer(request, refusal)

    kinds = (Refusal, UnusableInput, Conflict, Gone, Withheld, QueryError, LimitReached, Busy, StoreError)
    for kind in (*kinds, NotAcceptable, WrongMethod, RequestValidationError, HTTPException, OSError):
        app.add_exception_handler(kind, refuse)
    app.add_exception_handler(Exception, refuse)


def as_refusal(request: Request, error: Exception) -> Refusal:
    """What to tell the caller about an exception."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UnusableInput):
        return _bad_parameters([_parameter_problem(p.where, p.path, p.what, p.fix) for p in error.problems])
    if isinstance(error, Conflict):
        return Refusal("conflict", str(error), error.fix)
    if isinstance(error, Gone):
        return Refusal("gone", "What was sent was erased.", "Its steps are still on record.")
    if isinstance(error, Withheld):
        problems = [{"parameter": r.about, "what": r.what, "fix": r.fix} for r in error.remarks]
        return Refusal("withheld", str(error), "Accept it as restricted, or ask for what is lacking.", problems)
    if isinstance(error, QueryError):
        return Refusal("bad-query", str(error), "Mend the query. /sparql says which forms are answered.")
    if isinstance(error, LimitReached):
        fix = "Ask for less: bind more of the pattern, add LIMIT, or take a dump and query it on your own machine."
        return Refusal("query-limit", str(error), fix)
    if isinstance(error, Busy):
        return Refusal("busy", "No place became free in time.", "Ask again shortly.", headers={"Retry-After": "5"})
    if isinstance(error, StoreError):
        _LOG.error("store: %s", error)
        return Refusal(
            "store-unavailable", "The store did not answer.", "Try again shortly.", headers={"Retry-After": "5"}
        )
    if isinstance(error, NotAcceptable):
        names = ", ".join(f"{form.media_type} (.{form.suffix})" for form in dict.fromkeys(error.offered))
        return Refusal(
            "not-acceptable", f"This resource has no representation as {error.asked}.", f"There are {names}."
        )
    if isinstance(error, WrongMethod) or (isinstance(error, HTTPException) and error.status_code == 405):
        methods = (error if isinstance(error, WrongMethod) else WrongMethod(methods_of(request))).methods
        detail, fix = f"{request.method} is no method of {request.url.path}.", f"It takes {', '.join(methods)}."
        return Refusal("method-not-allowed", detail, fix, headers={"Allow": ", ".join(methods)})
    if isinstance(error, RequestValidationError):
        return _bad_parameters([_validation_problem(found) for found in error.errors()])
    if isinstance(error, HTTPException):
        slug = _BY_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "bad-request")
        fix = "The start page / lists what there is." if slug == "not-found" else ""
        return Refusal(slug, f"{request.method} {request.url.path}: {error.detail}.", fix, headers=error.headers or {})
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        _LOG.error("%s %s: %s", request.method, request.url.path, error)
        return Refusal("no-room", "There was no room to keep it.", "Send it again later; tell the operator.")
    _LOG.error("unexpected failure at %s %s", request.method, request.url.path, exc_info=error)
    return Refusal("internal", "The server failed to answer this request.", "Try again; tell the operator if it stays.")


def _bad_parameters(problems: list[dict[str, str]]) -> Refusal:
    first = problems[0]
    detail = (
        f"{first['parameter']} {first['what']}" if len(problems) == 1 else f"{len(problems)} parameters cannot be used."
    )
    fix = first.get("fix", "") if len(problems) == 1 else ""
    return Refusal("bad-parameter", detail, fix, problems)


def _parameter_problem(where: str, path: str, what: str, fix: str) -> dict[str, str]:
    name = path if path and not where.startswith("--") else where
    name = name.removeprefix("--").replace("-", "_") if where.startswith("--") else name
    return {"parameter": name, "what": what} | ({"fix": fix} if fix else {})


def _validation_problem(found: Mapping[str, object]) -> dict[str, str]:
    """One error of FastAPI's own checks in our words."""
    place = found.get("loc")
    names = [str(part) for part in place if not isinstance(part, int)] if isinstance(place, tuple) else []
    name = names[-1] if len(names) > 1 else "request"
    message = str(found.get("msg", "cannot be used")).removeprefix("Value error, ")
    if found.get("type") == "missing":
        return {"parameter": name, "what": "is required."}
    context = found.get("ctx")
    cause = context.get("error") if isinstance(context, dict) else None
    if isinstance(cause, UnknownParameter):
        return {"parameter": cause.name, "what": "is not a parameter of this address.", "fix": cause.fix}
    return {
        "parameter": name,
        "what": message if message.startswith(("is ", "takes ")) else f"cannot be used: {message}.",
    }


def our_node(path: str) -> Iri:
    """The address of ours with this path. Refuses what cannot be part of an address."""
    try:
        return Iri(HOME + path)
    except ValueError:
        raise Refusal("not-found", "This is not an address of ours.", "The start page / lists what there is.") from None


class UnknownParameter(ValueError):
    """A query parameter that the address does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        names = sorted(known)
        self.fix = near(name, names) or (f"It has {', '.join(names)}." if names else "It has none.")
        super().__init__(f"{name} is not a parameter of this address. {self.fix}")


def _instance(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
