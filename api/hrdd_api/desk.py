"""The desk as the routes see it: who may see which submission, and how one is shown."""

from __future__ import annotations

from typing import Any, NotRequired

from fastapi import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from hrdd_api.access import caller_of, token_with
from hrdd_api.knowledge import Knowledge
from hrdd_api.methods import check_method
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.problems import Refusal
from hrdd_api.publisher import Publisher
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.shapes import REFERENCE
from hrdd_api.speech import spoken
from hrdd_graph.access import Token
from hrdd_graph.labels import labels_for
from hrdd_graph.submissions.desk import Desk, Gone
from hrdd_graph.submissions.letter import ACCESS, CONSENT, NAMES, RISK, Letter
from hrdd_graph.submissions.plain import Told, in_words, terms_of
from hrdd_graph.submissions.state import Step, Submission

SUBMIT, DECIDE = "submit", "decide"
# What OpenAPI says of an operation that keeps what was sent.
KEPT: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "On the disk, and waiting for a curator",
        "content": {
            JSON.media_type: {"schema": {"$ref": REFERENCE.format(model="SubmissionDocument")}},
            HTML.media_type: {"schema": {"type": "string"}},
        },
    }
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# What the fields of a new letter hold: who says nothing of consent or reprisals gets what is safest.
NEW_LETTER = {name: getattr(Letter(licence=LICENCE), name) for name in NAMES}
WORDS = {
    "access": {"public": "everybody", "restricted": "those with a token for it"},
    "consent": {
        "published": "all of it was published before, in the sources named",
        "given": "those concerned agreed that everybody may read it",
        "shared": "those concerned agreed to share it with those who have access",
        "not-asked": "nobody asked them, or I do not know",
    },
    "risk": {
        "none-known": "I looked, and know of none",
        "possible": "possible, or I have not looked",
        "high": "somebody would probably suffer for it",
    },
}
assert {name: set(words) for name, words in WORDS.items()} == {
    "access": {*ACCESS},
    "consent": {*CONSENT},
    "risk": {*RISK},
}


class SubmissionSummary(TypedDict):
    """A submission in a list. Only curators see ``by``, the id of the token that it came with."""

    id: str
    state: str
    title: str
    asks: str
    received: str
    path: str
    replaces: str
    replacedBy: str
    by: NotRequired[str]


class FileDocument(TypedDict):
    """A file of evidence: the hash of the copy that was sent, and of the one that is published."""

    sha256: str
    published: str
    mediaType: str
    size: int
    node: str
    archived: str
    changed: bool


class SubmissionStep(TypedDict):
    """Something that happened to a submission, with the hash of its line in the log."""

    event: str
    time: str
    text: str
    hash: str
    by: NotRequired[str]


class SubmissionDocument(SubmissionSummary):
    """A submission as its submitter and curators see it; ``may`` names what the caller can do with it now."""

    graph: str
    mediaType: str
    letter: dict[str, str]
    report: dict[str, Any]
    files: list[FileDocument]
    steps: list[SubmissionStep]
    access: str
    inGraph: bool
    waitsFor: str
    may: list[str]
    hash: str


class SubmissionsDocument(TypedDict):
    """A page of submissions, newest first; ``count`` is of all, ``next`` the cursor of the page after it."""

    count: int
    submissions: list[SubmissionSummary]
    next: str


# And of one that shows a submission.
SHOWN = sends(JSON, HTML, shape=SubmissionDocument)


def desk_of(request: Request) -> Desk:
    """The desk. Refuses where this server has none."""
    desk: Desk | None = request.app.state.desk
    if desk is None:
        fix = "The operator names a folder: HRDD_SUBMISSIONS, or a store in a folder."
        raise Refusal("no-submissions", "The store of this server is no folder.", fix)
    return desk


def publisher_of(request: Request) -> Publisher:
    """What brings accepted submissions into the graph; there is one where there is a desk."""
    publisher: Publisher = request.app.state.publisher
    return publisher


def held(request: Request, *scopes: str) -> Token:
    """The caller's token, which has one of the scopes. Refuses otherwise."""
    token = caller_of(request.scope).token
    if token is not None and set(scopes) & set(token.scopes):
        return token
    return token_with(scopes[0])(request)


def mine(request: Request, name: str, *, decide: bool = False) -> tuple[Desk, Submission, Token]:
    """A submission, for whoever sent it and for curators; ``decide`` for curators alone.

    To everybody else it does not exist.
    """
    check_method(request)
    token = held(request, DECIDE) if decide else held(request, SUBMIT, DECIDE)
    desk = desk_of(request)
    found = desk.find(name)
    if found is None or not (DECIDE in token.scopes or found.by == token.id):
        raise Refusal("not-found", "There is no such submission of yours.", "/submissions lists those that there are.")
    return desk, found, token


def summary(desk: Desk, one: Submission, token: Token) -> SubmissionSummary:
    """A submission in a list."""
    letter = desk.letter(one)
    found: SubmissionSummary = {
        "id": one.id,
        "state": one.state,
        "title": letter.title,
        "asks": letter.access,
        "received": one.steps[0].time,
        "path": f"/submissions/{one.id}",
        "replaces": one.replaces,
        "replacedBy": one.replaced_by,
    }
    if DECIDE in token.scopes:
        found["by"] = one.by
    return found


def document(request: Request, desk: Desk, one: Submission, token: Token) -> SubmissionDocument:
    """A submission as its submitter and curators see it. Only curators see by which token it came."""
    curator = DECIDE in token.scopes
    waits = publisher_of(request).waits_for if one.state in ("accepted", "withdrawn") and one.access else ""
    return {
        **summary(desk, one, token),
        "graph": one.graph,
        "mediaType": one.media_type,
        "letter": desk.letter(one).document(),
        "report": desk.report(one),
        "files": [
            {
                "sha256": file.sha256,
                "published": file.published,
                "mediaType": file.media_type,
                "size": file.size,
                "node": file.node,
                "archived": file.archived,
                "changed": any(digest in (file.sha256, file.published) for digest, _, _ in one.changed),
            }
            for file in one.files
        ],
        "steps": [_step_document(step, curator) for step in one.steps],
        "access": one.access,
        "inGraph": one.state == "accepted" and not waits,
        "waitsFor": waits,
        "may": [
            name
            for name, allowed in {
                "decide": curator and one.is_open,
                "answer": one.by == token.id and one.state == "asked",
                "replace": one.by == token.id and one.state != "withdrawn",
                "addRights": one.by == token.id and one.is_open,
                "withdraw": one.state in ("received", "asked", "accepted"),
                "readFiles": curator and bool(one.files),
            }.items()
            if allowed
        ],
        "hash": one.steps[-1].hash,
    }


def _step_document(step: Step, curator: bool) -> SubmissionStep:
    told: SubmissionStep = {"event": step.event, "time": step.time, "text": step.text, "hash": step.hash}
    if curator:
        told["by"] = step.by
    return told


def shown(
    request: Request, desk: Desk, one: Submission, token: Token, *, status: int = 200, secret: str = ""
) -> Response:
    """The answer to whatever was done with a submission: its document, or its page with the forms that fit."""
    form = choose_for(request, JSON, HTML)
    found = document(request, desk, one, token)
    headers = {"Location": f"{request.scope.get('root_path', '')}/submissions/{one.id}"}
    if form is JSON:
        answer = reply(request, JSON, lambda: as_json(found), headers=headers)
    else:
        records = _records(request, desk, one, token)
        context = {"submission": found, "records": records, "secret": secret, "words": WORDS}
        answer = reply(request, HTML, lambda: page(request, "submission.html", **context), headers=headers)
    answer.status_code = status
    return answer


def _records(request: Request, desk: Desk, one: Submission, token: Token) -> list[Told]:
    """What the submission says, in the reader's language."""
    knowledge: Knowledge = request.app.state.knowledge
    try:
        quads = desk.quads(one)
    except Gone:
        return []
    view = knowledge.seen_by(token.readable).view()
    return in_words(quads, labels_for(view, terms_of(quads), spoken(request)))


def form_page(request: Request) -> Response:
    """The page on which a submission is made."""
    return reply(
        request, HTML, lambda: page(request, "submissions.html", words=WORDS, letter=NEW_LETTER, found=None, secret="")
    )
