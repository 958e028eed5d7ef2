"""Search: things by the words that are said of them, the likeliest first, with their kinds to narrow down by."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hrdd_api.asked import AskedOfSearch, AskedOfSearchDep, reader_language
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, choose_for
from hrdd_api.openapi import sends
from hrdd_api.paging import cursor_of, offset_of
from hrdd_api.remembered import KEEP_KEY
from hrdd_api.rendering import page, with_query
from hrdd_api.replies import as_json, link_to, not_modified, reply
from hrdd_api.routing import ContainedRoute
from hrdd_api.tools import tool
from hrdd_graph.labels import Labels, labels_for, words
from hrdd_graph.matching.score import Profile
from hrdd_graph.namespaces import HRDD, compact
from hrdd_graph.report._document import EMPTY
from hrdd_graph.search import Found, Thing, search_receipt
from hrdd_graph.view import View

router = APIRouter(tags=["Linked data"], route_class=ContainedRoute)

_ALIKE = 0.7  # how like a name must be to be offered where no word fits
_FACETS = 30  # kinds that a page shows
_TEXT = {"type": "string"}
_THING = {
    "type": "object",
    "required": ["iri", "id", "label", "kind", "kindLabel"],
    "properties": {"iri": {"type": "string", "format": "iri"}, "id": _TEXT, "label": _TEXT, "kind": _TEXT},
}
_SCHEMA = {
    "type": "object",
    "required": ["q", "count", "cut", "allWords", "kinds", "things"],
    "properties": {
        "q": _TEXT,
        "count": {"type": "integer", "minimum": 0},
        "cut": {"type": "boolean", "description": "There are more than are counted."},
        "allWords": {"type": "boolean", "description": "Each thing has all of the words; otherwise some."},
        "kinds": {"type": "array", "items": {"type": "object", "required": ["kind", "label", "count"]}},
        "things": {"type": "array", "items": _THING},
        "near": {"type": "array", "items": _THING, "description": "Names that are spelt alike, where no word fits."},
        "note": _TEXT,
    },
}


@router.get(
    "/search",
    summary="Find things by words",
    openapi_extra=sends(JSON, HTML, schema=_SCHEMA, headers=["Link", "Receipt"]) | tool("search"),
)
def search(request: Request, knowledge: KnowledgeDep, asked: AskedOfSearchDep) -> Response:
    """Things, records, rules and prepared questions, by their labels, other names and definitions in any language."""
    form = choose_for(request, JSON, HTML)
    view = knowledge.view(asked.as_of, asked.known_on)
    language = reader_language(request, knowledge, view, asked)
    kinds = sorted({kind for kind in asked.kind if kind})
    versions = tuple((rule.name, rule.version) for rule in knowledge.rules)
    tag = (view.digest, versions, tuple(template.version for template in knowledge.templates))
    place = hashlib.sha256(repr((asked.q, kinds)).encode()).hexdigest()[:12]
    begin = offset_of(asked.cursor, view, place) if asked.cursor else 0
    if unchanged := not_modified(request, form, tag, language):
        return unchanged
    found = knowledge.search_index(view).find(asked.q, kinds)
    end = begin + asked.page_size
    shown = found.things[begin:end]
    near = _near(knowledge, view, asked.q) if asked.q.strip() and not found.kinds else []
    say = labels_for(view, [HRDD[kind] for kind in _kinds(found, shown, near)], language)
    document: dict[str, Any] = {
        "q": asked.q,
        "count": len(found.things),
        "cut": found.cut,
        "allWords": found.all_words,
        "kinds": [{"kind": kind, "label": _label(kind, say), "count": count} for kind, count in found.kinds],
        "things": [_document(thing, say, language) for thing in shown],
        **({"near": [_document(thing, say, language) for thing in near]} if near else {}),
        **({} if found.things or not asked.q else {"note": EMPTY}),
    }
    headers = {"Receipt": search_receipt(view, asked.q, kinds, found, language).token}
    onward = ""
    if len(found.things) > end:
        onward = str(request.url.include_query_params(cursor=cursor_of(view, place, end)))
        headers["Link"] = link_to(onward, "next")

    def body() -> bytes:
        if form is JSON:
            return as_json(document)
        context = {
            "near": document.get("near", ()),
            "asked": asked,
            "onward": onward,
            "first": begin + 1,
            "language": language,
        }
        return page(request, "search.html", found=document, facets=_facets(request, asked, document), **context)

    request.scope[KEEP_KEY] = True
    return reply(request, form, body, tag=tag, language=language, headers=headers)


def _near(knowledge: Knowledge, view: View, text: str) -> list[Thing]:
    """Things whose names are spelt like the text."""
    directory = knowledge.directory(view)
    alike = directory.find(Profile((directory.forms.name(text),)))
    things = {thing.iri: thing for thing in knowledge.search_index(view).things}
    likely = [found.entry.iri for found in alike if found.likeness.score >= _ALIKE]
    return [things[iri] for iri in likely if iri in things]


def _kinds(found: Found, *shown: tuple[Thing, ...] | list[Thing]) -> list[str]:
    named = {thing.kind for things in shown for thing in things if thing.kind}
    return sorted(named | {kind for kind, _ in found.kinds})


def _document(thing: Thing, say: Labels, language: str) -> dict[str, str]:
    """A thing as plain data."""
    return {
        "iri": thing.iri,
        "id": compact(thing.iri),
        "label": thing.label(language),
        "kind": thing.kind,
        "kindLabel": _label(thing.kind, say) if thing.kind else "",
    }


def _label(kind: str, say: Labels) -> str:
    return say.names.get(HRDD[kind].value) or words(kind).capitalize()


def _facets(request: Request, asked: AskedOfSearch, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The kinds with the links that choose them or let go of them."""
    given = {"q": asked.q, "as_of": asked.as_of, "known_on": asked.known_on, "language": asked.language}
    chosen = [kind for kind in asked.kind if kind]

    def to(kind: str) -> str:
        kept = [one for one in chosen if one != kind]
        return with_query(request.url.path, **given, kind=kept if kind in chosen else [*chosen, kind])

    listed = [
        {**facet, "chosen": facet["kind"] in chosen, "to": to(facet["kind"])}
        for number, facet in enumerate(document["kinds"])
        if number < _FACETS or facet["kind"] in chosen
    ]
    missing = [kind for kind in chosen if kind not in {facet["kind"] for facet in listed}]
    return listed + [
        {"kind": k, "label": words(k).capitalize(), "count": 0, "chosen": True, "to": to(k)} for k in missing
    ]
