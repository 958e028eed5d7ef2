"""Submissions: evidence in, and what a curator decides. Nobody else sees one before it is accepted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from pydantic import Field
from starlette.responses import Response

from hrdd_api.access import caller_of
from hrdd_api.answers import graph_bytes
from hrdd_api.asked import Asked, AskedDep
from hrdd_api.desk import (
    DECIDE,
    KEPT,
    NEW_LETTER,
    SUBMIT,
    WORDS,
    SubmissionDocument,
    SubmissionsDocument,
    desk_of,
    form_page,
    held,
    mine,
    publisher_of,
    shown,
    summary,
)
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import GRAPHS, HTML, JSON, Format, choose_for
from hrdd_api.openapi import needs, sends
from hrdd_api.paging import cursor_after, thing_before
from hrdd_api.policies import FILE_POLICY
from hrdd_api.posted import FORM, MULTIPART, Posted, PostedDataDep, PostedDep
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page, with_query
from hrdd_api.replies import as_json, link_to, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.access import Token
from hrdd_graph.submissions.blobs import Changed
from hrdd_graph.submissions.desk import ACTIONS, Decision, Desk
from hrdd_graph.submissions.letter import ACCESS, CONSENT, RISK, read_letter
from hrdd_graph.submissions.reading import MEDIA_TYPES, statement_sheet
from hrdd_graph.submissions.rights import accept_right, suggestions_for
from hrdd_graph.submissions.state import Submission

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)
_STATES = ("received", "asked", "accepted", "rejected", "withdrawn")
_TEXT = {"type": "string"}
_LETTER = {
    "title": {"type": "string", "description": "What it is called."},
    "licence": {"type": "string", "format": "iri", "description": "The address of the licence."},
    "access": {"enum": list(ACCESS), "description": "Who may read it once it is accepted."},
    "consent": {"enum": list(CONSENT), "description": "What those concerned agreed to."},
    "risk": {"enum": list(RISK), "description": "How likely reprisals are."},
    "embargo": {"type": "string", "format": "date", "description": "The first day on which it may be public."},
    "issued": {"type": "string", "description": "For a table: the day by which it was public."},
    "profile": {"type": "string", "description": "For a table: the import profile that reads it."},
    "note": {"type": "string", "description": "A word for the curator."},
    "replaces": {"type": "string", "description": "The id of a submission of yours that leaves when this is accepted."},
}


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


def _body(fields: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": list(required), "additionalProperties": False}
    by_form = {**schema, "properties": {**fields, "token": {"type": "string", "description": "Instead of the header."}}}
    content = {"application/json": {"schema": schema}, FORM: {"schema": by_form}}
    return {"requestBody": {"required": True, "content": content}}


_FORM_OF_SUBMISSION = {
    "type": "object",
    "properties": {
        **_LETTER,
        "data": {"type": "string", "format": "binary", "description": "The data, as one of the other types here."},
        "evidence": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "evidence_node": {"type": "array", "items": _TEXT, "description": "The source that each file belongs to."},
        "archived": {"type": "array", "items": _TEXT, "description": "The address of an archived copy of each."},
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
_SHOWN = sends(JSON, HTML, shape=SubmissionDocument)
_LISTED = sends(JSON, HTML, shape=SubmissionsDocument, headers=["Link"]) | needs(SUBMIT, DECIDE)
_FILE = Format("", "application/octet-stream")
Key = Annotated[
    str, Header(max_length=200, description="The same key with the same content gives the same submission.")
]


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
    openapi_extra=_body({}) | _LISTED,
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
    idempotency_key: Key = "",
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


@router.post(
    "/submissions/statements",
    summary="A party's own word on a record",
    openapi_extra=_body(
        {
            "party": {"type": "string", "description": "The id of the party, such as organisation/example."},
            "about": {"type": "string", "description": "The id of the record, or the path of a finding about one."},
            "text": {"type": "string", "description": "What the party says, in its own words."},
            "date": {"type": "string", "format": "date", "description": "The day of the statement; otherwise today."},
            **{name: _LETTER[name] for name in ("title", "licence", "access", "consent", "risk", "note", "replaces")},
        },
        ("party", "about", "text", "title", "licence"),
    )
    | needs(SUBMIT),
    responses=KEPT,
    status_code=202,
)
def state(
    request: Request, knowledge: KnowledgeDep, asked: AskedDep, body: PostedDep, idempotency_key: Key = ""
) -> Response:
    """The reply of whoever is named becomes a record of equal standing, once a curator has accepted it.

    It answers a record, or the impact that a finding is about.
    """
    token = held(request, SUBMIT)
    desk = desk_of(request)
    fields = dict(body.fields)
    party, about, text = (fields.pop(name, "").strip() for name in ("party", "about", "text"))
    day = fields.pop("date", "") or date.today().isoformat()
    lacking = [name for name, value in (("party", party), ("about", about), ("text", text)) if not value]
    try:
        when = date.fromisoformat(day)
    except ValueError:
        lacking.append("date")
    if lacking:
        problems = [{"parameter": name, "what": "is missing or cannot be used."} for name in lacking]
        raise Refusal("bad-parameter", f"{lacking[0]} is missing or cannot be used.", "Fill it in.", problems)
    letter = read_letter({"consent": "published", "risk": "none-known", **fields})
    record = _record_of(knowledge, about)

    def sheet(name: str) -> bytes:
        return statement_sheet(name, party=party, about=record, text=text, day=when, title=letter.title or "Statement")

    one = desk.receive(sheet, "application/yaml", letter, by=token.id, key=idempotency_key, readable=token.readable)
    return shown(request, desk, one, token, status=202, secret=body.secret)


def _record_of(knowledge: KnowledgeDep, about: str) -> str:
    """The record that a finding is about, or the record that was named."""
    rule, slash, digest = about.replace("/finding/", "/gaps/").partition("/gaps/")[2].partition("/")
    if not slash:
        return about
    chosen = knowledge.rule(rule)
    findings = knowledge.run(knowledge.view(), (chosen,), "en").findings if chosen else ()
    finding = next((f for f in findings if f.iri.endswith(f"/{digest}")), None)
    impact = finding.impact if finding else ""
    if not impact:
        raise Refusal("not-found", "No finding about a record is at this path.", "Name the record itself.")
    return impact


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
    if one.erased:
        raise Refusal("gone", "What was sent was erased.", "Its steps are still on record.")
    return reply(request, form, lambda: graph_bytes((quad.triple for quad in desk.quads(one)), form))


@router.post(
    "/submissions/{submission}/view",
    summary="The same, for a form without scripts",
    openapi_extra=_body({}) | _SHOWN | needs(SUBMIT, DECIDE),
)
def view(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """The token is a field of the form."""
    desk, one, token = mine(request, submission)
    return shown(request, desk, one, token, secret=body.secret)


@router.post(
    "/submissions/{submission}/decision",
    summary="Accept, reject or ask",
    openapi_extra=_body(
        {
            "action": {"enum": list(ACTIONS)},
            "reason": {"type": "string", "description": "Why, or what is asked; needed but for a plain acceptance."},
            "access": {"enum": ["", *ACCESS], "description": "Otherwise as the submitter asked."},
        },
        ("action",),
    )
    | _SHOWN
    | needs(DECIDE),
)
def decide(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """What is accepted joins the graph, in public or for those with a token, and the gap rules see it."""
    desk, one, token = mine(request, submission, decide=True)
    fields = _only(body, "action", "reason", "access")
    decision = Decision(fields["action"], fields["reason"], fields["access"])
    one = desk.decide(one.id, decision, by=token.id)
    publisher_of(request).wake()
    return shown(request, desk, one, token, secret=body.secret)


@router.post(
    "/submissions/{submission}/answer",
    summary="Answer a curator",
    openapi_extra=_body({"text": _TEXT}, ("text",)) | _SHOWN | needs(SUBMIT),
)
def answer(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """The submitter's answer to a question; the submission waits for a decision again."""
    held(request, SUBMIT)
    desk, one, token = mine(request, submission)
    one = desk.answer(one.id, _only(body, "text")["text"], by=token.id)
    return shown(request, desk, one, token, secret=body.secret)


@router.post(
    "/submissions/{submission}/withdrawal",
    summary="Take a submission back",
    openapi_extra=_body(
        {
            "reason": {"type": "string", "description": "What readers of its addresses will see."},
            "erase": {"type": ["boolean", "string"], "description": "Also remove what was sent."},
        },
        ("reason",),
    )
    | _SHOWN
    | needs(SUBMIT, DECIDE),
)
def withdraw(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """It leaves the graph. Its addresses answer 410 with the reason, and are never used again."""
    desk, one, token = mine(request, submission)
    fields = _only(body, "reason", "erase")
    one = desk.withdraw(one.id, fields["reason"], by=token.id, erase=bool(fields["erase"]))
    publisher_of(request).wake()
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
    openapi_extra=_body(
        {
            "impact": {"type": "string", "description": "The address of the impact."},
            "provision": {"type": "string", "description": "The address of a provision that was suggested for it."},
            "rationale": {"type": "string", "description": "Why, in your words; otherwise the words that led there."},
        },
        ("impact", "provision"),
    )
    | _SHOWN
    | needs(SUBMIT),
)
def add_right(request: Request, knowledge: KnowledgeDep, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """The link gets the basis ``hrdd:SuggestedAccepted``: a program suggested it, and the submitter accepted it."""
    held(request, SUBMIT)
    desk, one, token = mine(request, submission)
    fields = _only(body, "impact", "provision", "rationale")
    suggester = knowledge.suggester(knowledge.view())
    quads = accept_right(desk.quads(one), one.graph, suggester, **fields)
    one = desk.complete(
        one.id, quads, by=token.id, readable=token.readable, text=f"suggested right accepted: {fields['provision']}"
    )
    return shown(request, desk, one, token, secret=body.secret)


@router.get(
    "/submissions/{submission}/files/{digest}",
    summary="A file of evidence as it was sent",
    responses={200: {"content": {"application/octet-stream": {}}}},
    openapi_extra=sends(_FILE) | needs(DECIDE),
)
def evidence_as_sent(request: Request, asked: AskedDep, submission: str, digest: str) -> Response:
    """The evidentiary copy, with its metadata, for curators alone. Its hash is checked anew."""
    desk, one, _ = mine(request, submission, decide=True)
    if digest not in {file.sha256 for file in one.files} or one.erased:
        raise Refusal("not-found", "The submission has no such file.", "Its document lists them.")
    return _file(request, desk, one, digest)


@router.get(
    "/evidence/{digest}",
    summary="A file of evidence, as it is published",
    responses={200: {"content": {"application/octet-stream": {}}}},
    openapi_extra=sends(_FILE),
)
def evidence(request: Request, knowledge: KnowledgeDep, asked: AskedDep, digest: str) -> Response:
    """The copy without metadata, of a file whose graph is in the caller's view. Its hash is checked anew."""
    desk: Desk | None = request.app.state.desk
    visible = {entry.graph for entry in knowledge.view().entries}
    for one in desk.all().values() if desk else ():
        if one.state == "accepted" and one.graph in visible and digest in {file.published for file in one.files}:
            assert desk is not None
            return _file(request, desk, one, digest)
    raise Refusal("not-found", "No file in this view has this hash.", "The graph says which there are: hrdd:sha256.")


def _file(request: Request, desk: Desk, one: Submission, digest: str) -> Response:
    kind = next(file.media_type for file in one.files if digest in (file.sha256, file.published))
    try:
        content = desk.file(one, digest)
    except Changed:
        publisher_of(request).wake()
        fix = "Do not rely on it. The operator restores it from a backup; the change is on record."
        raise Refusal("conflict", "The file no longer has the hash that it was kept under.", fix) from None
    headers = {
        "Content-Disposition": f'attachment; filename="{digest[:16]}"',
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Evidence-Type": kind,
    }
    return Response(content, 200, headers, media_type="application/octet-stream")


def _only(body: Posted, *names: str) -> dict[str, str]:
    """The fields of these names, empty where they were not sent. Refuses any other."""
    if unknown := sorted(body.fields.keys() - set(names)):
        problems = [{"parameter": name, "what": "is not a field of this address."} for name in unknown]
        raise Refusal(
            "bad-parameter", f"{unknown[0]} is not a field of this address.", f"It has {', '.join(names)}.", problems
        )
    return {name: body.fields.get(name, "").strip() for name in names}
