"""Evidence in, for people: a form for one incident, and a look at a workbook before it is sent.

Both end as a submission like any other. Forms work without scripts; with one, suggestions come as one types.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep
from hrdd_api.desk import LICENCE, NEW_LETTER, SUBMIT, WORDS, desk_of, held, shown
from hrdd_api.forms import choices
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.posted import FORM, Posted, PostedDep
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_api.speech import spoken
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.profile import read_profile
from hrdd_graph.submissions.incident import NAMES, Incident, check_incident, read_incident, workbook
from hrdd_graph.submissions.letter import NAMES as LETTER_NAMES
from hrdd_graph.submissions.letter import Letter, read_letter
from hrdd_graph.submissions.preview import as_problems, preview
from hrdd_graph.submissions.reading import XLSX
from hrdd_graph.suggestions.document import suggestions_document
from hrdd_graph.suggestions.suggester import MOST_CHARACTERS

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)
_TAKE = "take-"  # begins the name of a box: take-udhr:23
_SHOWN = 6  # suggestions
_LOOKED_AT = 50  # a suggestion further down is none that a person took from a list
_TEXT = {"type": "string"}
_FIELDS = dict.fromkeys((*NAMES, *LETTER_NAMES, "do"), _TEXT)
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {
                "schema": {
                    "type": "object",
                    "properties": _FIELDS | ({"token": _TEXT} if media_type == FORM else {}),
                    "patternProperties": {f"^{_TAKE}": _TEXT},
                    "additionalProperties": False,
                }
            }
            for media_type in ("application/json", FORM)
        },
    }
}


@router.get("/submissions/incident", summary="The form for one incident", openapi_extra=sends(JSON, HTML))
def incident_form(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """What a single incident is asked for, and the words that may be chosen."""
    chosen = choose_for(request, JSON, HTML)
    if chosen is JSON:
        found = {"fields": list(NAMES), "letter": list(LETTER_NAMES), "choices": choices(knowledge, "en")}
        return reply(request, JSON, lambda: as_json(found))
    return _form(request, knowledge, Incident(), {}, Posted())


@router.post(
    "/submissions/incident",
    summary="Send one incident in",
    openapi_extra=_BODY,
    responses={202: {"description": "On the disk, and waiting for a curator"}},
)
def incident(request: Request, knowledge: KnowledgeDep, asked: AskedDep, body: PostedDep) -> Response:
    """One incident, as a row of the spreadsheet profile; with ``do=suggest`` only the rights that its words suggest.

    A box ``take-udhr:23`` takes a suggestion; the link gets the basis ``hrdd:SuggestedAccepted``.
    """
    fields = dict(body.fields)
    suggests = fields.pop("do", "") == "suggest"
    taken = [name.removeprefix(_TAKE) for name in list(fields) if name.startswith(_TAKE) and fields.pop(name)]
    letter = {name: value for name, value in fields.items() if name in LETTER_NAMES}
    if unknown := sorted(fields.keys() - set(NAMES) - set(letter)):
        problems = [{"parameter": name, "what": "is not a field of this form."} for name in unknown]
        raise Refusal("bad-parameter", f"{unknown[0]} is not a field of this form.", "GET lists them.", problems)
    one = read_incident(_resolved(fields, knowledge), {})
    html = choose_for(request, JSON, HTML) is HTML
    if suggests:
        if html:
            return _form(request, knowledge, one, letter, body, taken=taken)
        return reply(request, JSON, lambda: as_json(_suggested(knowledge, one)))
    token = held(request, SUBMIT)
    desk = desk_of(request)
    try:
        one = read_incident(_resolved(fields, knowledge), _reasons(knowledge, one, taken))
        check_incident(one)
        sent = _letter(one, letter)
        content = workbook(one, sent, read_profile(desk.resources, "spreadsheet"))
        looked = preview(content, XLSX, sent, desk.resources, token.readable, repair=False)
        if looked.refused:  # no part of it is kept
            raise as_problems(looked)
        form = json.dumps([fields, taken], sort_keys=True).encode()
        kept = desk.receive(content, XLSX, sent, by=token.id, key=_key(form, sent), form=form, readable=token.readable)
    except UnusableInput as error:
        if not html:
            raise
        return _form(request, knowledge, one, letter, body, taken=taken, problems=error)
    return shown(request, desk, kept, token, status=202, secret=body.secret)


def _key(form: bytes, letter: Letter) -> str:
    """A key of what is sent, so that a form that is sent twice is one submission.

    The reasons of the suggestions are not part of it: they change with the graph, and a person does not send them.
    """
    return hashlib.sha256(form + json.dumps(letter.document()).encode()).hexdigest()


def _resolved(fields: dict[str, str], knowledge: Knowledge) -> dict[str, str]:
    """The same, with the id of the party where the name is that of one that the graph knows.

    Whoever says where the party is based describes it anew; then the import tells whether it is one that is known.
    """
    if fields.get("party_country", "").strip():
        return fields
    name = fields.get("party", "").strip()
    same = [choice["id"] for choice in choices(knowledge, "en")["party"] if choice["label"] == name]
    return fields | ({"party": same[0]} if len(same) == 1 else {})


def _letter(one: Incident, given: dict[str, str]) -> Letter:
    return read_letter({"title": one.label[:200], "issued": date.today().isoformat(), "licence": LICENCE} | {
        name: value for name, value in given.items() if value.strip()} | {"profile": "spreadsheet"})  # fmt: skip


def _suggested(knowledge: Knowledge, one: Incident, limit: int = _SHOWN) -> dict[str, Any]:
    text = one.text[:MOST_CHARACTERS]
    if not text:
        return {"suggestions": [], "note": "", "language": ""}
    return suggestions_document(knowledge.suggester(knowledge.view()).suggest(text, limit=limit))


def _reasons(knowledge: Knowledge, one: Incident, taken: list[str]) -> dict[str, str]:
    """The words that led to each right that was taken. Refuses one that the incident's words do not suggest."""
    found = {s["id"]: s for s in _suggested(knowledge, one, _LOOKED_AT)["suggestions"]} if taken else {}
    if strange := [right for right in taken if right not in found]:
        raise UnusableInput.one(
            "rights", f"{strange[0]} is not suggested by these words.", fix="Ask for suggestions again, or write it."
        )
    told = {}
    for right in taken:
        words = dict.fromkeys(word["text"] for reason in found[right]["reasons"] for word in reason["words"])
        told[right] = f"suggested by the words: {', '.join(list(words)[:10])}, accepted by the submitter"
    return told


def _form(
    request: Request,
    knowledge: Knowledge,
    one: Incident,
    letter: dict[str, str],
    body: Posted,
    *,
    taken: list[str] | None = None,
    problems: UnusableInput | None = None,
) -> Response:
    context = {
        "one": one,
        "letter": NEW_LETTER | letter,
        "answer": _suggested(knowledge, one),
        "taken": taken or [],
        "problems": problems.problems if problems else (),
        "choices": choices(knowledge, spoken(request)),
        "words": WORDS,
        "secret": body.secret,
    }
    answer = reply(request, HTML, lambda: page(request, "incident.html", **context))
    answer.status_code = 422 if problems else 200
    return answer
