"""What a party that is named says itself: its own word, as a record of equal standing."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep, IdempotencyKey
from hrdd_api.desk import KEPT, SUBMIT, desk_of, held, shown
from hrdd_api.fields import LETTER, takes
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.openapi import needs
from hrdd_api.posted import PostedDep
from hrdd_api.problems import Refusal
from hrdd_api.routing import ContainedRoute
from hrdd_graph.submissions.letter import read_letter
from hrdd_graph.submissions.reading import statement_sheet

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)


@router.post(
    "/submissions/statements",
    summary="A party's own word on a record",
    openapi_extra=takes(
        {
            "party": {"type": "string", "description": "The id of the party, such as organisation/example."},
            "about": {"type": "string", "description": "The id of the record, or the path of a finding about one."},
            "text": {"type": "string", "description": "What the party says, in its own words."},
            "date": {"type": "string", "format": "date", "description": "The day of the statement; otherwise today."},
            **{name: LETTER[name] for name in ("title", "licence", "access", "consent", "risk", "note", "replaces")},
        },
        ("party", "about", "text", "title", "licence"),
    )
    | needs(SUBMIT),
    responses=KEPT,
    status_code=202,
)
def state(
    request: Request, knowledge: KnowledgeDep, asked: AskedDep, body: PostedDep, idempotency_key: IdempotencyKey = ""
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
