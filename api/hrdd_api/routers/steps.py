"""What becomes of a submission: a curator decides or asks, its submitter answers, and it is taken back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep
from hrdd_api.desk import DECIDE, SHOWN, SUBMIT, held, mine, publisher_of, shown
from hrdd_api.fields import TEXT, only, takes
from hrdd_api.openapi import needs
from hrdd_api.posted import PostedDep
from hrdd_api.routing import ContainedRoute
from hrdd_graph.submissions.desk import ACTIONS, Decision
from hrdd_graph.submissions.letter import ACCESS

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)


@router.post(
    "/submissions/{submission}/decision",
    summary="Accept, reject or ask",
    openapi_extra=takes(
        {
            "action": {"enum": list(ACTIONS)},
            "reason": {"type": "string", "description": "Why, or what is asked; needed but for a plain acceptance."},
            "access": {"enum": ["", *ACCESS], "description": "Otherwise as the submitter asked."},
        },
        ("action",),
    )
    | SHOWN
    | needs(DECIDE),
)
def decide(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """What is accepted joins the graph, in public or for those with a token, and the gap rules see it."""
    desk, one, token = mine(request, submission, decide=True)
    fields = only(body, "action", "reason", "access")
    decision = Decision(fields["action"], fields["reason"], fields["access"])
    one = desk.decide(one.id, decision, by=token.id)
    publisher_of(request).wake()
    return shown(request, desk, one, token, secret=body.secret)


@router.post(
    "/submissions/{submission}/answer",
    summary="Answer a curator",
    openapi_extra=takes({"text": TEXT}, ("text",)) | SHOWN | needs(SUBMIT),
)
def answer(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """The submitter's answer to a question; the submission waits for a decision again."""
    held(request, SUBMIT)
    desk, one, token = mine(request, submission)
    one = desk.answer(one.id, only(body, "text")["text"], by=token.id)
    return shown(request, desk, one, token, secret=body.secret)


@router.post(
    "/submissions/{submission}/withdrawal",
    summary="Take a submission back",
    openapi_extra=takes(
        {
            "reason": {"type": "string", "description": "What readers of its addresses will see."},
            "erase": {"type": ["boolean", "string"], "description": "Also remove what was sent."},
        },
        ("reason",),
    )
    | SHOWN
    | needs(SUBMIT, DECIDE),
)
def withdraw(request: Request, asked: AskedDep, submission: str, body: PostedDep) -> Response:
    """It leaves the graph. Its addresses answer 410 with the reason, and are never used again."""
    desk, one, token = mine(request, submission)
    fields = only(body, "reason", "erase")
    one = desk.withdraw(one.id, fields["reason"], by=token.id, erase=bool(fields["erase"]))
    publisher_of(request).wake()
    return shown(request, desk, one, token, secret=body.secret)
