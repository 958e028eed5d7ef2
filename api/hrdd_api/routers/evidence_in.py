"""Evidence in, for people: a form for one incident, which becomes a submission like any other.

It works without scripts; with one, suggestions come as one types.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep, AskedOfFormDep
from hrdd_api.desk import KEPT, NEW_LETTER, SUBMIT, WORDS, desk_of, held, shown
from hrdd_api.forms import choices
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.posted import PostedDep
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_api.sending import body_of_form, check_fields, letter_in, letter_of, receive_form
from hrdd_api.speech import spoken
from hrdd_api.suggested import reasons, suggested, taken_of
from hrdd_graph.errors import UnusableInput
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.submissions.incident import NAMES, Incident, check_incident, read_incident, workbook
from hrdd_graph.submissions.letter import NAMES as LETTER_NAMES

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)


@router.get("/submissions/incident", summary="The form for one incident", openapi_extra=sends(JSON, HTML))
def incident_form(request: Request, knowledge: KnowledgeDep, asked: AskedOfFormDep) -> Response:
    """What a single incident is asked for, and the words that may be chosen."""
    if choose_for(request, JSON, HTML) is JSON:
        found = {"fields": list(NAMES), "letter": list(LETTER_NAMES), "choices": choices(knowledge, "en")}
        return reply(request, JSON, lambda: as_json(found))
    return _form(request, knowledge, Incident(), {"replaces": asked.replaces})


@router.post(
    "/submissions/incident",
    summary="Send one incident in",
    openapi_extra=body_of_form(NAMES),
    responses=KEPT,
)
def incident(request: Request, knowledge: KnowledgeDep, asked: AskedDep, body: PostedDep) -> Response:
    """One incident, as a row of the spreadsheet profile; with ``do=suggest`` only the rights that its words suggest.

    A box ``take-udhr:23`` takes a suggestion; the link gets the basis ``hrdd:SuggestedAccepted``.
    """
    fields = dict(body.fields)
    check_fields(fields, NAMES)
    suggests = fields.pop("do", "") == "suggest"
    written = read_incident(fields, {})  # as the page shows it again
    html = choose_for(request, JSON, HTML) is HTML
    if suggests:
        if html:
            return _form(request, knowledge, written, fields, body.secret)
        return reply(request, JSON, lambda: as_json(suggested(knowledge, written.text)))
    token = held(request, SUBMIT)
    desk = desk_of(request)
    try:
        one = read_incident(_resolved(fields, knowledge), reasons(knowledge, written.text, taken_of(fields)))
        check_incident(one)
        letter = letter_of(one.label, fields, "spreadsheet")
        content = workbook(one, letter, read_profile(desk.resources, letter.profile))
        kept = receive_form(desk, token, content, letter, fields)
    except UnusableInput as error:
        if not html:
            raise
        return _form(request, knowledge, written, fields, body.secret, error)
    return shown(request, desk, kept, token, status=202, secret=body.secret)


def _resolved(fields: dict[str, str], knowledge: Knowledge) -> dict[str, str]:
    """The same, with the id of the party where the name is that of one that the graph knows.

    Whoever says where the party is based describes it anew; then the import tells whether it is one that is known.
    """
    if fields.get("party_country", "").strip():
        return fields
    name = fields.get("party", "").strip()
    same = [choice["id"] for choice in choices(knowledge, "en")["party"] if choice["label"] == name]
    return fields | ({"party": same[0]} if len(same) == 1 else {})


def _form(
    request: Request,
    knowledge: Knowledge,
    one: Incident,
    fields: dict[str, str],
    secret: str = "",
    problems: UnusableInput | None = None,
) -> Response:
    context = {
        "one": one,
        "letter": NEW_LETTER | letter_in(fields),
        "answer": suggested(knowledge, one.text),
        "taken": taken_of(fields),
        "problems": problems.problems if problems else (),
        "choices": choices(knowledge, spoken(request)),
        "words": WORDS,
        "secret": secret,
    }
    answer = reply(request, HTML, lambda: page(request, "incident.html", **context))
    answer.status_code = 422 if problems else 200
    return answer
