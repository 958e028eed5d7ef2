"""Evidence in, for people: the questionnaire to a key informant, which becomes a submission like any other."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep, AskedOfFormDep
from hrdd_api.desk import KEPT, NEW_LETTER, SUBMIT, WORDS, desk_of, held, shown
from hrdd_api.forms import choices
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.pages.questionnaire import QUESTIONS
from hrdd_api.posted import PostedDep
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_api.sending import body_of_form, check_fields, letter_in, letter_of, receive_form
from hrdd_api.speech import spoken
from hrdd_api.suggested import TAKE, reasons, suggested, taken_of
from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.profile_file import read_profile
from hrdd_graph.submissions.interview import (
    NAMES,
    NEVER_KEPT,
    Interview,
    check_interview,
    claim_field,
    read_interview,
    workbook,
)
from hrdd_graph.submissions.letter import NAMES as LETTER_NAMES

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)
_LISTS = ("status", "country", "cluster", "conduct")


@router.get("/submissions/interview", summary="The form for an interview", openapi_extra=sends(JSON, HTML))
def interview_form(request: Request, knowledge: KnowledgeDep, asked: AskedOfFormDep) -> Response:
    """The twelve questions to a key informant, and what else the form asks; with the words that may be chosen."""
    if choose_for(request, JSON, HTML) is JSON:
        lists = choices(knowledge, "en")
        found = {
            "fields": list(NAMES),
            "letter": list(LETTER_NAMES),
            "questions": QUESTIONS,
            "choices": {name: lists[name] for name in _LISTS},
        }
        return reply(request, JSON, lambda: as_json(found))
    return _form(request, knowledge, {"replaces": asked.replaces})


@router.post(
    "/submissions/interview",
    summary="Send an interview in",
    openapi_extra=body_of_form(NAMES),
    responses=KEPT,
)
def interview(request: Request, knowledge: KnowledgeDep, asked: AskedDep, body: PostedDep) -> Response:
    """A talk, as rows of the interview profile; with ``do=suggest`` only the rights that its claims suggest.

    A box ``take-1-udhr:24`` takes a suggestion for the first claim; the link gets the basis
    ``hrdd:SuggestedAccepted``. Names in ``unnamed`` are looked for in every text, and never kept.
    """
    fields = dict(body.fields)
    check_fields(fields, NAMES)
    suggests = fields.pop("do", "") == "suggest"
    html = choose_for(request, JSON, HTML) is HTML
    if suggests:
        if html:
            return _form(request, knowledge, fields, body.secret)
        return reply(request, JSON, lambda: as_json({"claims": _suggested(knowledge, read_interview(fields))}))
    token = held(request, SUBMIT)
    desk = desk_of(request)
    try:
        one = _accepting(knowledge, fields)
        check_interview(one)
        letter = letter_of(one.talk, fields, "interview")
        content = workbook(one, letter, read_profile(desk.resources, letter.profile))
        kept = {name: value for name, value in fields.items() if name not in NEVER_KEPT}
        done = receive_form(desk, token, content, letter, kept)
    except UnusableInput as error:
        if not html:
            raise
        return _form(request, knowledge, fields, body.secret, error.problems)
    return shown(request, desk, done, token, status=202, secret=body.secret)


def _boxes(number: int) -> str:
    return f"{TAKE}{number}-"


def _accepting(knowledge: Knowledge, fields: dict[str, str]) -> Interview:
    """The interview with the reasons of the suggestions that were taken."""
    claims = enumerate(read_interview(fields).claims, start=1)
    told = [
        reasons(knowledge, claim.text, taken_of(fields, _boxes(number)), claim_field(number, "rights"))
        for number, claim in claims
    ]
    return read_interview(fields, told)


def _suggested(knowledge: Knowledge, one: Interview) -> list[dict[str, object]]:
    return [suggested(knowledge, claim.text) for claim in one.claims]


def _form(
    request: Request,
    knowledge: Knowledge,
    fields: dict[str, str],
    secret: str = "",
    problems: tuple[Problem, ...] = (),
) -> Response:
    one = read_interview(fields)
    context = {
        "given": dict.fromkeys(NAMES, "") | fields,
        "questions": QUESTIONS,
        "letter": NEW_LETTER | letter_in(fields),
        "answers": _suggested(knowledge, one),
        "taken": [taken_of(fields, _boxes(number)) for number, _ in enumerate(one.claims, start=1)],
        "problems": problems,
        "choices": choices(knowledge, spoken(request)),
        "words": WORDS,
        "secret": secret,
    }
    answer = reply(request, HTML, lambda: page(request, "interview.html", **context))
    answer.status_code = 422 if problems else 200
    return answer
