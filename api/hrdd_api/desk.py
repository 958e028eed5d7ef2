"""The desk as the routes see it: who may see which submission, and how one is shown."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from hrdd_api.access import caller_of, token_with
from hrdd_api.knowledge import Knowledge
from hrdd_api.methods import check_method
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.problems import Refusal
from hrdd_api.publisher import Publisher
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.speech import spoken
from hrdd_graph.access import Token
from hrdd_graph.labels import labels_for
from hrdd_graph.submissions.desk import Desk
from hrdd_graph.submissions.letter import ACCESS, CONSENT, NAMES, RISK, Letter
from hrdd_graph.submissions.plain import Told, in_words, terms_of
from hrdd_graph.submissions.state import Submission

SUBMIT, DECIDE = "submit", "decide"
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


def summary(desk: Desk, one: Submission, token: Token) -> dict[str, Any]:
    """A submission in a list."""
    letter = desk.letter(one)
    return {
        "id": one.id,
        "state": one.state,
        "title": letter.title,
        "asks": letter.access,
        "received": one.steps[0].time,
        "path": f"/submissions/{one.id}",
        "replaces": one.replaces,
        "replacedBy": one.replaced_by,
        **({"by": one.by} if DECIDE in token.scopes else {}),
    }


def document(request: Request, desk: Desk, one: Submission, token: Token) -> dict[str, Any]:
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
        "steps": [
            {"event": s.event, "time": s.time, "text": s.text, "hash": s.hash} | ({"by": s.by} if curator else {})
            for s in one.steps
        ],
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
    if one.erased:
        return []
    knowledge: Knowledge = request.app.state.knowledge
    quads = desk.quads(one)
    view = knowledge.seen_by(token.readable).view()
    return in_words(quads, labels_for(view, terms_of(quads), spoken(request)))


def form_page(request: Request) -> Response:
    """The page on which a submission is made."""
    return reply(
        request, HTML, lambda: page(request, "submissions.html", words=WORDS, letter=NEW_LETTER, found=None, secret="")
    )
