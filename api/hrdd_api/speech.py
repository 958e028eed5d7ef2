"""The language of the pages: messages in ``messages/<language>.po``, and which of them a reader gets.

Add a file, get a language. What a file lacks is said in English, which the templates themselves are written in.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from babel import Locale
from starlette.requests import Request

from hrdd_api.negotiation import choose_language
from hrdd_graph import speech

FOLDER = Path(__file__).parent / "messages"


@cache
def languages() -> dict[str, str]:
    """The languages of the pages, each with its own name for itself: ``{"en": "English", "fr": "Français", ...}``."""
    return {tag: (Locale.parse(tag).get_display_name(tag) or tag).capitalize() for tag in speech.languages(FOLDER)}


def messages(language: str) -> gettext.NullTranslations:
    """The messages of a language."""
    return speech.messages(language, FOLDER)


def spoken(request: Request) -> str:
    """The language in which to show this reader a page."""
    wanted = (request.query_params.get("language") or "").lower().partition("-")[0]
    return wanted if wanted in languages() else choose_language(languages(), request.headers.get("accept-language"))
