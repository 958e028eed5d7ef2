"""Reports: an audit file about a firm, a cluster, a country, a law, or a list of suppliers that is sent.

Nothing of a list is kept: it lies in a temporary folder while it is read, and in memory while it is answered.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response

from hrdd_api.asked import AskedDep, AskedOfFinding, narrowing, reader_language
from hrdd_api.bodies import small_body
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import DOCX, HTML, JSON, JSON_LD, PDF, XLSX, Format, choose_for
from hrdd_api.openapi import sends
from hrdd_api.pages import report as above
from hrdd_api.policies import own_style_policy, page_policy, style_hash
from hrdd_api.printing import printed
from hrdd_api.problems import Refusal
from hrdd_api.remembered import KEEP_KEY
from hrdd_api.rendering import page, with_query
from hrdd_api.replies import as_json, not_modified, reply, written
from hrdd_api.routing import ContainedRoute
from hrdd_graph.dossier.ask import NARROWED_BY, Narrowing, Question, report_on, report_on_list
from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier
from hrdd_graph.dossier.portfolio import HEADERS, read_portfolio
from hrdd_graph.dossier.subject import FACET_OF, PORTFOLIO, countries_on_record, slug_of
from hrdd_graph.dossier.writers import formats, writer
from hrdd_graph.dossier.writers.html import page_of, style
from hrdd_graph.dossier.writers.pdf import said
from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.facets import choose, severities_from
from hrdd_graph.gaps.salience import parse_weights
from hrdd_graph.gaps.waivers import read_waivers
from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.scratch import scratch_folder
from hrdd_graph.view import View

router = APIRouter(tags=["Reports"], route_class=ContainedRoute)

_KNOWN = {form.name: form for form in (JSON, HTML, PDF, DOCX, XLSX, JSON_LD)}
# A program gets data unless it asks otherwise, a browser the page; a new format comes last.
OFFERED = tuple(
    _KNOWN.get(name) or Format(name, writer(name).MEDIA_TYPE) for name in dict.fromkeys([*_KNOWN, *formats()])
)
KINDS = tuple(kind for kind in FACET_OF if kind != PORTFOLIO)
# Where things of a kind have their addresses.
_FOLDERS = {"cluster": f"{IDS}cluster/", "country": PREFIXES["country"], "regime": PREFIXES["regime"]}
_MOST_IN_A_FIELD = 6_000  # bytes: proxies let no longer header through
_SUFFIXES = {"text/csv": ".csv", "text/plain": ".csv", XLSX.media_type: ".xlsx"}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}


class AskedOfReport(AskedOfFinding):
    """Which findings come into an audit file. The values of one filter are alternatives."""

    severity: str = Field("", description="Only at or above: high, medium or low.")
    principle: list[str] = narrowing("principle")
    right: list[str] = narrowing("right")
    topic: list[str] = narrowing("topic")


class AskedOfList(AskedOfReport):
    """What a list of suppliers is asked with."""

    encoding: str = Field("", max_length=40, description="Of a list in CSV that is not UTF-8, as cp1252.")


@router.get("/reports", summary="The ways to a report", openapi_extra=sends(JSON, HTML))
def ways(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """What is on record and can be reported on, with the address of each report; where to send a list of suppliers."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.view()
    language = reader_language(request, knowledge, view, asked)

    def body() -> bytes:
        names, countries = knowledge.names(view), countries_on_record(view)
        listed = {
            kind: [
                {"iri": iri, "label": label, "report": f"/reports/{kind}/{iri.removeprefix(folder)}"}
                for iri, label in names.within(folder, language)
                if (kind != "regime" or "." not in iri.removeprefix(folder)) and (kind != "country" or iri in countries)
            ]
            for kind, folder in _FOLDERS.items()
        }
        document = {
            **listed,
            "firm": f"/reports/firm/{{end of the address of anything under {IDS}organisation/}}",
            "portfolio": {"post": "/reports/portfolio", "columns": {n: list(words) for n, words in HEADERS.items()}},
            "formats": [form.suffix for form in OFFERED],
        }
        if form is JSON:
            return as_json(document)
        return page(request, "reports.html", ways=document, offered=OFFERED, most=knowledge.settings.portfolio_lines)

    return reply(request, form, body, tag=(view.digest,), language=language)


@router.get("/reports/{kind}/{slug}", summary="An audit file", openapi_extra=sends(*OFFERED))
def report(
    request: Request,
    knowledge: KnowledgeDep,
    kind: Literal["firm", "cluster", "country", "regime"],
    slug: str,
    asked: Annotated[AskedOfReport, Query()],
) -> Response:
    """Summary, order of the impacts, findings with sources, what is not known, laws, method, receipt."""
    form = choose_for(request, *OFFERED)
    view = knowledge.view(asked.as_of, asked.known_on)
    question = _question(request, knowledge, view, asked)
    tag = (view.digest, view.as_of, *((rule.name, rule.version) for rule in knowledge.rules))
    if unchanged := not_modified(request, form, tag, question.language):
        return unchanged
    try:
        dossier = report_on(question, kind, slug)
    except UnusableInput as error:
        first = error.problems[0]
        raise Refusal("not-found", first.what, first.fix) from None
    name = f"audit-file-{slug_of(dossier.subjects[0].iri)}-{view.as_of}"
    request.scope[KEEP_KEY] = True
    body = partial(_written, knowledge, dossier, form)
    if _is_page(request, form):
        body = partial(_shown, request, knowledge, question, dossier)
    return reply(
        request, form, body, tag=tag, language=question.language,
        headers=_fields(request, dossier, form, name),
    )  # fmt: skip


async def _sent_list(request: Request, body: Annotated[bytes, Depends(small_body)]) -> tuple[str, bytes]:
    """The media type and bytes of the list: the body itself, or the file of a form. Refuses what is no list."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _file_of_form(request, body)
    if kind in _SUFFIXES:
        return kind, body
    raise Refusal(
        "unsupported-media-type",
        f"A body of type {kind or 'none'} is not understood.",
        f"Send text/csv or {XLSX.media_type}, or a form with the file as list.",
    )


async def _file_of_form(request: Request, body: bytes) -> tuple[str, bytes]:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, chunks(), max_files=1, max_fields=10).parse()
    except MultiPartException as error:
        raise Refusal("bad-request", f"The form cannot be read: {error.message}") from None
    try:
        found = form.get("list")
        if not isinstance(found, UploadFile):
            raise Refusal("bad-request", "The form has no file under the name list.", "Name the field list.")
        data = await found.read()
    finally:
        await form.close()
    return (XLSX.media_type if data[:2] == b"PK" else "text/csv"), data


_LIST = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "name,country\nMinería Yanacocha,PE\n"},
            XLSX.media_type: {"schema": _FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"list": _FILE}, "required": ["list"]},
            },
        },
    }
}


@router.post(
    "/reports/portfolio", summary="An audit file of a list of suppliers", openapi_extra=sends(*OFFERED) | _LIST
)
def portfolio(
    request: Request,
    knowledge: KnowledgeDep,
    asked: Annotated[AskedOfList, Query()],
    sent: Annotated[tuple[str, bytes], Depends(_sent_list)],
) -> Response:
    """Each line with the party that it surely means, those that it may mean, or the word that nobody looked.

    Nothing is merged, and nothing that is sent is kept.
    """
    form = choose_for(request, *OFFERED)
    media_type, data = sent
    with scratch_folder() as folder:
        path = folder / f"list{_SUFFIXES[media_type]}"
        path.write_bytes(data)
        try:
            rows = read_portfolio(path, asked.encoding or None, knowledge.settings.portfolio_lines)
        except UnusableInput as error:
            raise UnusableInput(
                replace(p, where=f"list{f', line {p.line}' if p.line else ''}") for p in error.problems
            ) from None
    view = knowledge.view(asked.as_of, asked.known_on)
    question = _question(request, knowledge, view, asked)
    dossier = report_on_list(question, knowledge.directory(view), rows)
    headers = _fields(request, dossier, form, f"audit-file-suppliers-{view.as_of}")
    return reply(request, form, lambda: _written(knowledge, dossier, form), language=question.language, headers=headers)


def _question(request: Request, knowledge: Knowledge, view: View, asked: AskedOfReport) -> Question:
    if asked.severity:
        severities_from(asked.severity, "--severity")
    rules, folder = knowledge.rules, knowledge.resources.data / "waivers"
    return Question(
        view,
        rules,
        knowledge.vocabulary,
        reader_language(request, knowledge, view, asked),
        read_waivers(folder, (rule.name for rule in rules)) if folder.is_dir() else (),
        parse_weights(asked.weights),
        knowledge.run,
        Narrowing(asked.severity, choose(view, {name: getattr(asked, name) for name in NARROWED_BY})),
    )


def _is_page(request: Request, form: Format) -> bool:
    """Whether a report is shown as a page of this server; with ``?format=html`` it is a file to be taken away."""
    return form is HTML and "format" not in request.query_params


def _shown(request: Request, knowledge: Knowledge, question: Question, dossier: Dossier) -> bytes:
    """A report on a page of this server: above it how to take it away, and how to narrow it down."""
    run, counts = knowledge.counts(question.view, question.language)
    kept = {name: request.query_params.get(name, "") for name in ("as_of", "known_on", "weights", "language")}
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    suffixes = ("html", "pdf", "docx", "xlsx", "jsonld")
    context = {
        "dossier": dossier,
        "name": f"audit-file-{slug_of(dossier.subjects[0].iri)}-{dossier.as_of}",
        "files": above.files(request.url.path, suffixes, query),
        "choices": above.choices(dossier, question.only, run, counts),
        "chosen": dossier.left_out is not None,
        "kept": kept,
        "whole": with_query(request.url.path, **kept),
    }
    bar = Markup(page(request, "_report.html", **context).decode())  # noqa: S704  (a template's own)
    return page_of(dossier, bar, icon=f"{request.scope.get('root_path', '')}/static/icon.svg").encode()


def _written(knowledge: Knowledge, dossier: Dossier, form: Format) -> bytes:
    if form is PDF:
        settings = knowledge.settings
        return printed(said(paper_of(dossier)), settings.print_seconds, settings.print_megabytes)
    return written(lambda stream: writer(form.name).write(dossier, stream))


def _fields(request: Request, dossier: Dossier, form: Format, name: str) -> dict[str, str]:
    """The receipt, the policy of the page, and the name of the file for those who keep it."""
    headers = {"Receipt": dossier.receipt} if 0 < len(dossier.receipt) <= _MOST_IN_A_FIELD else {}
    if form is HTML:
        policy = page_policy(styles=style_hash(style())) if _is_page(request, form) else own_style_policy(style())
        return headers | {"Content-Security-Policy": policy}
    kept = form in (PDF, DOCX, XLSX)
    return headers | ({"Content-Disposition": f'attachment; filename="{name}.{form.suffix}"'} if kept else {})
