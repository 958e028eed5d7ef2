"""Files of evidence: as they were sent, for curators, and as they are published."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedDep
from hrdd_api.desk import DECIDE, mine, publisher_of
from hrdd_api.knowledge import KnowledgeDep
from hrdd_api.negotiation import Format
from hrdd_api.openapi import needs, sends
from hrdd_api.policies import FILE_POLICY
from hrdd_api.problems import Refusal
from hrdd_api.routing import ContainedRoute
from hrdd_graph.submissions.blobs import Changed
from hrdd_graph.submissions.desk import Desk
from hrdd_graph.submissions.state import Submission

router = APIRouter(tags=["Submissions"], route_class=ContainedRoute)
_FILE = Format("", "application/octet-stream")


@router.get(
    "/submissions/{submission}/files/{digest}",
    summary="A file of evidence as it was sent",
    responses={200: {"content": {"application/octet-stream": {}}}},
    openapi_extra=sends(_FILE) | needs(DECIDE),
)
def evidence_as_sent(request: Request, asked: AskedDep, submission: str, digest: str) -> Response:
    """The evidentiary copy, with its metadata, for curators alone. Its hash is checked anew."""
    desk, one, _ = mine(request, submission, decide=True)
    if digest not in {file.sha256 for file in one.files}:
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
