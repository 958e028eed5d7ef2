"""Linked data: every address of ours answers, for programs with statements and for people with a page.

The server answers under its own base for ``https://w3id.org/hrdd-graph/<path>``. An address that nothing describes but
that others lie below (``/id/organisation``) lists them.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.answers import graph_bytes
from hrdd_api.asked import AskedOfView, AskedOfViewDep, reader_language
from hrdd_api.describe import Description, describe, labels_of, node_document, pick_languages
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.methods import check_method
from hrdd_api.negotiation import GRAPHS, HTML, JSON, Format, choose_for
from hrdd_api.openapi import sends
from hrdd_api.pages import node as nodes
from hrdd_api.problems import Refusal, near, our_node
from hrdd_api.rendering import href, page, speech
from hrdd_api.replies import as_json, link_to, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.namespaces import HOME, IDS, compact
from hrdd_graph.report._document import finding_document
from hrdd_graph.submissions.desk import Desk
from hrdd_graph.view import EVERY_GRAPH, View

router = APIRouter(tags=["Linked data"], route_class=ContainedRoute)

OFFERED = (JSON, HTML, *GRAPHS)


@router.get("/id/{kind}/{slug:path}", summary="A thing of the data", openapi_extra=sends(JSON, HTML, *GRAPHS))
def thing(request: Request, knowledge: KnowledgeDep, kind: str, slug: str, asked: AskedOfViewDep) -> Response:
    """Statements about an organisation, a cluster, an abuse, a source, ... and those that point to it."""
    return linked(request, knowledge, f"id/{kind}/{slug}", asked)


@router.get("/{path:path}", summary="Any other address of ours", openapi_extra=sends(JSON, HTML, *GRAPHS))
def anything(request: Request, knowledge: KnowledgeDep, path: str, asked: AskedOfViewDep) -> Response:
    """Statements about a provision, a standard, a topic, a regime, a graph, ...: ``/udhr/article/23.4``."""
    return linked(request, knowledge, path, asked)


def linked(request: Request, knowledge: Knowledge, path: str, asked: AskedOfView) -> Response:
    """The description of ``HOME + path``, or the list of what lies below it."""
    check_method(request)
    form = choose_for(request, *OFFERED)
    iri = our_node(path).value
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    found = describe(view, iri, knowledge.settings.incoming)
    tag = (view.digest, view.as_of, knowledge.settings.incoming)
    if iri not in found.about and (withdrawn := _withdrawn(request, knowledge, iri)):
        raise withdrawn  # others may still point to it
    if found:
        headers = {"Link": link_to(iri, "canonical")}
        return reply(
            request,
            form,
            lambda: _node(request, knowledge, view, found, form, language, asked),
            tag=tag,
            language=language,
            headers=headers,
        )
    folder = iri.rstrip("/") + "/"
    members = knowledge.names(view).within(folder, language)
    if not members and folder == IDS:
        members = _kinds(knowledge, view)
    if not members:
        raise _missing(knowledge, view, iri)
    if form not in (JSON, HTML):
        form = choose_for(request, JSON, HTML)
    return reply(request, form, lambda: _folder(request, folder, members, form), tag=tag, language=language)


def _node(
    request: Request,
    knowledge: Knowledge,
    view: View,
    found: Description,
    form: Format,
    language: str,
    asked: AskedOfView,
) -> bytes:
    if form not in (JSON, HTML):
        return graph_bytes(found.triples(), form)
    document = node_document(found, view, labels_of(view, found, language), knowledge.vocabulary)
    if form is JSON:
        return as_json(document)
    root = str(request.scope.get("root_path", ""))
    more = nodes.about(knowledge, view, found.iri, language, lambda iri: href(iri, root), speech(request))
    gaps = [finding_document(more.run, f) for f in more.gaps[: nodes.GAPS if more.listed else None]] if more else []
    return page(
        request,
        "node.html",
        node=document,
        more=more,
        gaps=gaps[: nodes.GAPS],
        rest=gaps[nodes.GAPS :],
        asked=asked,
        language=language,
        offered=OFFERED,
        pick=lambda values: pick_languages(values, language),
    )


def _folder(request: Request, folder: str, members: list[tuple[str, str]], form: Format) -> bytes:
    document = {
        "folder": folder,
        "count": len(members),
        "members": [{"iri": iri, "id": compact(iri), "label": label} for iri, label in members],
    }
    if form is JSON:
        return as_json(document)
    return page(
        request, "folder.html", folder=document, name=folder.removeprefix(HOME).strip("/"), offered=(JSON, HTML)
    )


def _kinds(knowledge: Knowledge, view: View) -> list[tuple[str, str]]:
    """The kinds of things that the data has, each a folder."""
    kinds = {iri.removeprefix(IDS).partition("/")[0] for iri in knowledge.names(view).labels if iri.startswith(IDS)}
    return [(f"{IDS}{kind}", kind.replace("-", " ")) for kind in sorted(kinds)]


def _withdrawn(request: Request, knowledge: Knowledge, iri: str) -> Refusal | None:
    """That something was there and was taken out, for those who could have seen it."""
    desk: Desk | None = request.app.state.desk
    stone = desk.tombstone(iri) if desk else None
    if stone is None or not (stone.public or {stone.graph, EVERY_GRAPH} & knowledge.readable):
        return None
    detail = f"{iri} was withdrawn on {stone.day}. Reason: {stone.reason}"
    return Refusal("gone", detail, "Do not rely on copies. The address is not used again.")


def _missing(knowledge: Knowledge, view: View, iri: str) -> Refusal:
    """That nothing is there, and what may have been meant."""
    folder = iri.rpartition("/")[0] + "/"
    names = knowledge.names(view)
    siblings = {sibling.removeprefix(HOME): label for sibling, label in names.within(folder)}
    hint = near(iri.removeprefix(HOME), siblings)
    if not hint and siblings:
        hint = f"/{folder.removeprefix(HOME).rstrip('/')} lists the {len(siblings)} that there are."
    return Refusal(
        "not-found", f"Nothing in this view is known as {iri}.", hint or "The start page / lists what there is."
    )
