"""Submissions: evidence in. Nobody but its submitter and curators sees one before it is accepted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hrdd_api.access import caller_of
from hrdd_api.answers import graph_bytes
from hrdd_api.asked import Asked, AskedDep, IdempotencyKey
from hrdd_api.desk import (
    DECIDE,
    KEPT,
    NEW_LETTER,
    SHOWN,
    SUBMIT,
    WORDS,
    SubmissionDocument,
    SubmissionsDocument,
    desk_of,
    form_page,
    held,
    mine,
    shown,
    summary,
)
from hrdd_api.fields import LETTER, TEXT, only, takes
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import GRAPHS, HTML, JSON, choose_for
from hrdd_api.openapi import needs, sends
from hrdd_api.paging import cursor_after, thing_before
from hrdd_api.posted import MULTIPART, Posted, PostedDataDep, PostedDep
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page, with_query
from hrdd_api.replies import as_json, link_to, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.access import Token
from hrdd_graph.submissions.letter import CONSENT, RISK, read_letter
from hrdd_graph.submissions.reading import MEDIA_TYPES
from hrdd_graph.submissions.rights import accept_right, suggestions_for

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)
_STATES = ("received", "asked", "accepted", "rejected", "withdrawn")


class AskedOfSubmission(Asked):
    """The letter of a submission whose body is the data alone."""

    title: str | None = Field(None, description="What it is called.")
    licence: str | None = Field(None, description="The address of the licence.")
    access: str | None = Field(None, description="Who may read it once accepted: public or restricted.")
    consent: str | None = Field(None, description=f"What those concerned agreed to: {', '.join(CONSENT)}.")
    risk: str | None = Field(None, description=f"How likely reprisals are: {', '.join(RISK)}.")
    embargo: str | None = Field(None, description="The first day on which it may be public.")
    issued: str | None = Field(None, description="For a table: the day by which it was public.")
    profile: str | None = Field(None, description="For a table: the import profile that reads it.")
    note: str | None = Field(None, description="A word for the curator.")
    replaces: str | None = Field(None, description="The id of a submission of yours that leaves when this is accepted.")


class AskedOfSubmissions(Asked):
    """Which submissions to list."""

    state: str = Field("", description="Only those in this state.", json_schema_extra={"enum": ["", *_STATES]})
    limit: int = Field(100, ge=1, le=1000, description="How many at most, newest first.")
    cursor: str = Field("", description="Where the page begins: taken whole from the Link field of the page before.")


_FORM_OF_SUBMISSION = {
    "type": "object",
    "properties": {
        **LETTER,
        "data": {"type": "string", "format": "binary", "description": "The data, as one of the other types here."},
        "evidence": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "evidence_node": {"type": "array", "items": TEXT, "description": "The source that each file belongs to."},
        "archived": {"type": "array", "items": TEXT, "description": "The address of an archived copy of each."},
        "token": {"type": "string", "description": "Instead of the Authorization field."},
    },
    "required": ["data"],
}
_SUBMISSION_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {"schema": _FORM_OF_SUBMISSION},
            **{media_type: {"schema": {"type": "string"}} for media_type in MEDIA_TYPES},
        },
    }
}
_LISTED = sends(JSON, HTML, shape=SubmissionsDocument, headers=["Link"]) | needs(SUBMIT, DECIDE)


@router.get(
    "/submissions",
    summary="Submissions: the queue of a curator, or one's own",
    openapi_extra=_LISTED,
)
def submissions(request: Request, asked: Annotated[AskedOfSubmissions, Query()]) -> Response:
    """Newest first. A browser without a token gets the form."""
    if caller_of(request.scope).token is None and choose_for(request, JSON, HTML) is HTML:
        return form_page(request)
    return _listed(request, held(request, SUBMIT, DECIDE), asked)


@router.post(
    "/submissions/queue",
    summary="The same list, for a form without scripts",
    openapi_extra=takes({}) | _LISTED,
)
def queue(request: Request, asked: Annotated[AskedOfSubmissions, Query()], body: PostedDep) -> Response:
    """The token is a field of the form."""
    return _listed(request, held(request, SUBMIT, DECIDE), asked, body)


def _listed(request: Request, token: Token, asked: AskedOfSubmissions, body: Posted | None = None) -> Response:
    desk = desk_of(request)
    found = [one for one in desk.all().values() if DECIDE in token.scopes or one.by == token.id][::-1]
    wanted = [one for one in found if asked.state in ("", one.state)]
    count = len(wanted)
    if asked.cursor:
        last = thing_before(asked.cursor)
        places = [place for place, one in enumerate(found) if one.id == last]
        if not places:
            raise Refusal("stale-cursor", "What this cursor goes on after is not in your list.", "Begin anew.")
        wanted = [one for one in found[places[0] + 1 :] if asked.state in ("", one.state)]
    listed: SubmissionsDocument = {
        "count": count,
        "submissions": [summary(desk, one, token) for one in wanted[: asked.limit]],
        "next": cursor_after(wanted[asked.limit - 1].id) if len(wanted) > asked.limit else "",
    }
    headers = {}
    if listed["next"]:
        headers["Link"] = link_to(str(request.url.include_query_params(cursor=listed["next"])), "next")
    if choose_for(request, JSON, HTML) is JSON:
        return reply(request, JSON, lambda: as_json(listed), headers=headers)
    onward = with_query("", state=asked.state, limit=asked.limit, cursor=listed["next"])
    context = {
        "found": listed,
        "onward": onward,
        "words": WORDS,
        "letter": NEW_LETTER,
        "secret": body.secret if body else "",
    }
    return reply(request, HTML, lambda: page(request, "submissions.html", **context))


@router.post(
    "/submissions",
    summary="Send evidence in",
    openapi_extra=_SUBMISSION_BODY | needs(SUBMIT),
    responses=KEPT,
    status_code=202,
)
def submit(
    request: Request,
    asked: Annotated[AskedOfSubmission, Query()],
    body: PostedDataDep,
    idempotency_key: IdempotencyKey = "",
) -> Response:
    """RDF, a case sheet, or a table, with files beside it; checked, and on the disk before the answer is 202.

    A record that breaks a record shape is refused with the reason. What breaks a release shape is kept, and can only be
    accepted as restricted. The letter is in the query, or in the fields of a form.
    """
    token = held(request, SUBMIT)
    desk = desk_of(request)
    given = asked.model_dump(exclude={"format", "language"}, exclude_none=True) | body.fields
    letter = read_letter(given)
    if not body.data:
        raise Refusal("bad-request", "There is no data.", "Send it as the body, or as the part named data.")
    one = desk.receive(
        body.data, body.media_type, letter, by=token.id, key=idempotency_key, files=body.files, readable=token.readable
    )
    return shown(request, desk, one, token, status=202, secret=body.secret)


@router.get(
    "/submissions/{submission}",
    summary="A submission",
    openapi_extra=sends(JSON, HTML, *GRAPHS, shape=SubmissionDocument) | needs(SUBMIT, DECIDE),
)
def submission(request: Request, asked: AskedDep, submission: str) -> Response:
    """Where it stands, and what the checks said; as a format for graphs its statements.

    Its submitter and curators see it, and nobody else.
    """
    form = choose_for(request, JSON, HTML, *GRAPHS)
    desk, one, token = mine(request, submission)
    if form in (JSON, HTML):
        return shown(request, desk, one, token)
    return reply(request, form, lambda: graph_bytes((quad.triple for quad in desk.quads(one)), form))


@router.post(
    "/submissions/{submission}/view",
    summary="The same, for a form without scripts",
    openapi_extra=takes({}) | SHOWN | needs(SUBMIT, DECIDE),
)
def view(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """The token is a field of the form."""
    desk, one, token = mine(request, submission)
    return shown(request, desk, one, token, secret=body.secret)


@router.get(
    "/submissions/{submission}/rights",
    summary="Rights that its abuses may touch",
    openapi_extra=sends(JSON) | needs(SUBMIT, DECIDE),
)
def rights(request: Request, knowledge: KnowledgeDep, asked: AskedDep, submission: str) -> Response:
    """For each impact in it, the suggested provisions with the words that led there. The submitter decides."""
    choose_for(request, JSON)
    desk, one, _ = mine(request, submission)
    found = suggestions_for(desk.quads(one), knowledge.suggester(knowledge.view()))
    return reply(request, JSON, lambda: as_json({"submission": one.id, "impacts": found}))


@router.post(
    "/submissions/{submission}/rights",
    summary="Accept a suggested right",
    openapi_extra=takes(
        {
            "impact": {"type": "string", "description": "The address of the impact."},
            "provision": {"type": "string", "description": "The address of a provision that was suggested for it."},
            "rationale": {"type": "string", "description": "Why, in your words; otherwise the words that led there."},
        },
        ("impact", "provision"),
    )
    | SHOWN
    | needs(SUBMIT),
)
def add_right(request: Request, knowledge: KnowledgeDep, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """The link gets the basis ``hrdd:SuggestedAccepted``: a program suggested it, and the submitter accepted it."""
    held(request, SUBMIT)
    desk, one, token = mine(request, submission)
    fields = only(body, "impact", "provision", "rationale")
    suggester = knowledge.suggester(knowledge.view())
    one = desk.complete(
        one.id,
        lambda quads: accept_right(quads, one.graph, suggester, **fields),
        by=token.id,
        readable=token.readable,
        text=f"suggested right accepted: {fields['provision']}",
    )
    return shown(request, desk, one, token, secret=body.secret)
