"""The language of the pages: gettext messages in ``messages/<language>.po``, read as they are.

Add a file, get a language. What a file lacks is said in English, which the templates themselves are written in.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

from hrdd_api.negotiation import choose_language

FOLDER = Path(__file__).parent / "messages"
OWN = "en"  # the language that the templates are written in


@cache
def languages() -> dict[str, str]:
    """The languages of the pages, each with its own name for itself: ``{"en": "English", "fr": "Français", ...}``."""
    tags = [OWN, *sorted(path.stem for path in FOLDER.glob("*.po"))]
    return {tag: (Locale.parse(tag).get_display_name(tag) or tag).capitalize() for tag in tags}


@cache
def messages(language: str) -> gettext.NullTranslations:
    """The messages of a language."""
    if language == OWN:
        return gettext.NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def spoken(request: Request) -> str:
    """The language in which to show this reader a page."""
    wanted = (request.query_params.get("language") or "").lower().partition("-")[0]
    return wanted if wanted in languages() else choose_language(languages(), request.headers.get("accept-language"))
