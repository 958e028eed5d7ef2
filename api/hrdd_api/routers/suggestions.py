"""Suggestions: rights that a text may be about, with the words that led there. Nothing that is sent is kept."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from hrdd_api.asked import Asked, AskedDep, Tag
from hrdd_api.bodies import small_body
from hrdd_api.knowledge import Knowledge, KnowledgeDep
from hrdd_api.negotiation import HTML, JSON, Format, choose_for
from hrdd_api.problems import Refusal
from hrdd_api.rendering import page
from hrdd_api.replies import as_json, reply
from hrdd_api.routing import ContainedRoute
from hrdd_graph.suggestions.document import suggestions_document
from hrdd_graph.suggestions.suggester import MOST_CHARACTERS, check
from hrdd_graph.suggestions.words import LANGUAGES

router = APIRouter(tags=["Suggestions"], route_class=ContainedRoute)
_FORM = "application/x-www-form-urlencoded"


class AskedText(BaseModel):
    """A text to suggest rights for, and its language where that is known."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description=f"What was done to whom, in up to {MOST_CHARACTERS} characters.",
    )
    language: Tag = Field(None, description=f"One of {', '.join(LANGUAGES)}; otherwise it is guessed.")


class AskedOfSuggestions(Asked):
    """How many provisions, and the language of a text that is sent as text/plain."""

    limit: int = Field(5, ge=1, le=50, description="How many provisions at most.")


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": AskedText.model_json_schema(),
                "example": {"text": "Workers are paid less than the minimum wage.", "language": "en"},
            },
            "text/plain": {"schema": {"type": "string"}},
            _FORM: {"schema": AskedText.model_json_schema()},
        },
    }
}


@router.get("/suggestions/rights", summary="The form for suggestions")
def form(request: Request, knowledge: KnowledgeDep, asked: AskedDep) -> Response:
    """Where to send a text, in which languages, and how long it may be."""
    chosen = choose_for(request, HTML, JSON)
    about = {"languages": list(LANGUAGES), "mostCharacters": MOST_CHARACTERS, "send": "POST text/plain or JSON"}
    if chosen is JSON:
        return reply(request, JSON, lambda: as_json(about), tag=("suggestions",))
    return _shown(request, knowledge, chosen, None, 0)


@router.post("/suggestions/rights", summary="Rights that a text may be about", openapi_extra=_BODY)
def suggest(
    request: Request,
    knowledge: KnowledgeDep,
    asked: Annotated[AskedOfSuggestions, Query()],
    body: Annotated[bytes, Depends(small_body)],
) -> Response:
    """Provisions of the Declaration and the ILO, likeliest first, each with the words that led there and the reason.

    The text is not kept. A person decides; what she accepts has the basis ``hrdd:SuggestedAccepted``.
    """
    chosen = choose_for(request, JSON, HTML)
    given = _read(request, body, asked.language)
    check(given.text, given.language)
    return _shown(request, knowledge, chosen, given, asked.limit)


def _shown(request: Request, knowledge: Knowledge, form: Format, given: AskedText | None, limit: int) -> Response:
    document: dict[str, Any] | None = None
    if given is not None:
        suggester = knowledge.suggester(knowledge.view())
        document = suggestions_document(suggester.suggest(given.text, language=given.language, limit=limit))
    if form is JSON:
        return reply(request, JSON, lambda: as_json(document))
    context = {"given": given, "answer": document, "languages": LANGUAGES, "most": MOST_CHARACTERS}
    return reply(request, HTML, lambda: page(request, "suggestions.html", **context))


def _read(request: Request, body: bytes, language: str | None) -> AskedText:
    """The text of the body, by its media type. Refuses what is no text."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if media_type == "application/json":
            given = AskedText.model_validate_json(body)
            return given.model_copy(update={"language": given.language or language})
        text = body.decode("utf-8-sig")
        if media_type == "text/plain":
            return AskedText(text=text, language=language)
        if media_type == _FORM:
            fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=10)
            return AskedText.model_validate({name: values[0] for name, values in fields.items()})
    except ValidationError as error:
        problems = [
            {"parameter": ".".join(map(str, found["loc"])) or "body", "what": f"{found['msg']}."}
            for found in error.errors(include_url=False, include_input=False, include_context=False)[:10]
        ]
        raise Refusal(
            "bad-parameter",
            f"{problems[0]['parameter']}: {problems[0]['what']}",
            'Send {"text": "...", "language": "en"}, or the text alone as text/plain.',
            problems,
        ) from None
    except ValueError:
        raise Refusal("bad-request", "The body is not text in UTF-8.", "Send it in UTF-8.") from None
    raise Refusal(
        "unsupported-media-type",
        f"A body of type {media_type or 'none'} is not understood.",
        'Send text/plain, or application/json with {"text": "...", "language": "en"}.',
    )
