"""A workbook before it is sent: the empty one to fill in, what would become of each row, and the mended one.

Nothing is kept between two pages: the page that shows the rows holds the workbook itself, and sends it on.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hrdd_api.asked import AskedOfForm
from hrdd_api.desk import KEPT, NEW_LETTER, SUBMIT, WORDS, desk_of, held, shown
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, XLSX, choose_for
from hrdd_api.openapi import needs, sends
from hrdd_api.posted import FORM, MULTIPART, Posted, PostedDep
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.retelling import retelling_for
from hrdd_api.routing import ContainedRoute
from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.profile_file import profiles, read_profile
from hrdd_graph.intake.review import WORDS as WORDS_OF_LINKS
from hrdd_graph.intake.template import vocabulary_lists, write_template
from hrdd_graph.kept_out import KeptOut
from hrdd_graph.submissions.letter import NAMES, read_letter
from hrdd_graph.submissions.preview import Preview, check_names, preview
from hrdd_graph.submissions.reading import TABLES
from hrdd_graph.submissions.who import BEGINS, LATER, decisions_in, field_of

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)
KEPT_OUT = "unnamed"  # names to look for, which are never kept
_OURS = ("spreadsheet", "interview")  # profiles for people who fill in a workbook; the others are for what exists
_DOES = ("look", "mend", "send")
_TEXT = {"type": "string"}
_FIELDS = dict.fromkeys((*NAMES, "token", KEPT_OUT), _TEXT) | {"do": {"enum": ["", *_DOES]}, "media_type": _TEXT}
_WHO = {"patternProperties": {f"^{BEGINS}": {"enum": ["", *WORDS_OF_LINKS, LATER]}}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {"type": "object", "required": ["data"], **_WHO, "properties": {**_FIELDS, "data": {
                    "type": "string", "contentMediaType": "application/octet-stream"}}}
            },
            FORM: {
                "schema": {"type": "object", "required": ["workbook"], **_WHO, "properties": {**_FIELDS, "workbook": {
                    "type": "string", "contentEncoding": "base64"}}}
            },
        },
    },
}  # fmt: skip


class AskedOfWorkbook(AskedOfForm):
    """Which workbook."""

    profile: str = Field("spreadsheet", description="The import profile that reads it.")


@router.get("/submissions/workbook", summary="An empty workbook to fill in", openapi_extra=sends(JSON, HTML, XLSX))
def empty(request: Request, knowledge: KnowledgeDep, asked: Annotated[AskedOfWorkbook, Query()]) -> Response:
    """As XLSX the workbook, with help and drop-downs; as a page the form that takes a filled-in one."""
    form = choose_for(request, JSON, HTML, XLSX)
    if form is HTML:
        return _page(request, Posted(), {"profile": asked.profile, "replaces": asked.replaces}, None, None)
    profile = read_profile(knowledge.resources, asked.profile)
    if form is JSON:
        sheets = {sheet.name: sheet.headers for sheet in profile.sheets}
        found = {"profiles": [each.name for each in profiles(knowledge.resources)], "sheets": sheets}
        return reply(request, JSON, lambda: as_json(found))

    told = retelling_for(request)

    def made() -> bytes:
        with tempfile.TemporaryDirectory(prefix="hrdd-graph-") as folder:
            path = Path(folder) / "empty.xlsx"
            write_template(profile, vocabulary_lists(knowledge.resources), path, told)
            return path.read_bytes()

    return reply(request, XLSX, made, language=told.language)


@router.post(
    "/submissions/workbook",
    summary="A workbook, row by row, before it is sent",
    openapi_extra=sends(JSON, HTML, XLSX) | _BODY | needs(SUBMIT),
    responses=KEPT,
)
def look(request: Request, asked: Annotated[AskedOfWorkbook, Query()], body: PostedDep) -> Response:
    """What would become of each row. Nothing is kept, unless ``do`` is ``send``.

    ``do=mend`` answers with the workbook again, its bad cells marked and the reasons beside them. ``links`` are
    parties that may be one; a field ``who:PARTY|CANDIDATE`` says ``same``, ``different`` or ``later``, and goes with
    what is sent. ``unnamed`` are names, apart by semicolons, that are looked for in the whole file and never kept: a
    file that has one is not taken.
    """
    token = held(request, SUBMIT)
    desk = desk_of(request)
    fields = dict(body.fields)
    do, packed = fields.pop("do", "") or "look", fields.pop("workbook", "")
    media_type = fields.pop("media_type", "") or body.media_type
    who = {name: value for name, value in fields.items() if name.startswith(BEGINS)}
    fields = {name: value for name, value in fields.items() if name not in who}
    kept_out = KeptOut.listed(unnamed := fields.pop(KEPT_OUT, ""))
    letter = read_letter({name: value for name, value in fields.items() if value.strip()})
    content = body.data or _unpacked(packed)
    if do not in _DOES or media_type not in TABLES or not content:
        what = "There is no table." if do in _DOES else "That cannot be done with a workbook."
        raise Refusal("bad-request", what, f"Send one of {', '.join(TABLES)} as data, and do as {', '.join(_DOES)}.")
    html = choose_for(request, JSON, HTML, XLSX) is HTML
    sent = Posted(fields, content, media_type, secret=body.secret)
    try:
        decisions = decisions_in(who)
        if do == "send":
            check_names(content, media_type, kept_out)
            one = desk.receive(content, media_type, letter, by=token.id, readable=token.readable, decisions=decisions)
            return shown(request, desk, one, token, status=202, secret=body.secret)
        found = preview(
            content, media_type, letter, desk.resources, token.readable,
            repair=do == "mend", decisions=decisions, kept_out=kept_out, retelling=retelling_for(request),
        )  # fmt: skip
    except UnusableInput as error:
        if not html:
            raise
        return _page(request, sent, fields | {KEPT_OUT: unnamed}, None, error)
    if do == "mend":
        if not found.repaired:
            raise Refusal("not-found", "No row is refused, so that there is nothing to mend.", "Send it.")
        headers = {"Content-Disposition": 'attachment; filename="to-mend.xlsx"'}
        return Response(found.repaired, 200, headers, media_type=XLSX.media_type)
    if not html:
        told = found.rows | {"naming": [_line(problem) for problem in found.naming]}
        return reply(request, JSON, lambda: as_json(told))
    return _page(request, sent, fields | {KEPT_OUT: unnamed}, found, None)


def _line(problem: Problem) -> dict[str, Any]:
    return {"sheet": problem.path, "row": problem.line, "what": problem.what, "fix": problem.fix}


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("bad-request", "The workbook is not in base64.", "Choose the file again.") from None


def _asked(found: Preview) -> list[dict[str, Any]]:
    """The pairs that may be one, those first that a person has to decide, each with its field."""
    links = sorted(found.rows["links"], key=lambda link: (link["sure"], link["sheet"], link["row"]))
    return [{**link, "field": field_of(link["party"], link["candidate"])} for link in links]


def _page(
    request: Request, sent: Posted, fields: dict[str, str], found: Preview | None, error: UnusableInput | None
) -> Response:
    letter: dict[str, Any] = NEW_LETTER | {name: value for name, value in fields.items() if name in NEW_LETTER}
    context = {
        "letter": letter,
        "given": {name: value for name, value in fields.items() if value},
        "media_type": sent.media_type,
        "workbook": base64.b64encode(sent.data).decode() if found else "",
        "found": found,
        "problems": error.problems if error else found.naming if found else (),
        "unnamed": fields.get(KEPT_OUT, ""),
        "asked": _asked(found) if found else (),
        "profiles": _OURS,
        "words": WORDS,
        "secret": sent.secret,
    }
    answer = reply(request, HTML, lambda: page(request, "workbook.html", **context))
    answer.status_code = 422 if error else 200
    return answer
