"""Messages in the reader's language: gettext catalogues in a folder, ``<language>.po``, read as they are.

Add a file, get a language. What a catalogue lacks is said in English, which the code itself is written in.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages import Catalog

FOLDER = Path(__file__).parent / "messages"
OWN = "en"


@cache
def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages that there are messages in."""
    return (OWN, *sorted(path.stem for path in folder.glob("*.po")))


@cache
def messages(language: str, folder: Path = FOLDER) -> gettext.NullTranslations:
    """The messages of a language, or of the language that a tag such as ``pt-BR`` begins with; else English."""
    catalogue = _read(language, folder)
    if catalogue is None:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def pairs(language: str, folder: Path) -> dict[str, str]:
    """The messages of a catalogue of one form each, from English to the language; none where it is English."""
    return {str(message.id): str(message.string) for message in _read(language, folder) or () if message.id}


def _read(language: str, folder: Path) -> Catalog | None:
    """The catalogue of a language, or of the language that a tag begins with."""
    base = language.lower().partition("-")[0]
    if base == OWN or base not in languages(folder):
        return None
    from babel.messages.pofile import read_po

    with (folder / f"{base}.po").open("rb") as file:
        return read_po(file, locale=base)


def best(known: Collection[str], language: str) -> str:
    """Of the languages that something is said in, that for a reader: the one wanted, the one that a tag such as
    ``pt-BR`` begins with, English, or else any. Of no languages it is English.
    """
    return next((tag for tag in (language, language.partition("-")[0], OWN) if tag in known), min(known, default=OWN))


def mark(text: str) -> str:
    """The text itself: it is marked for the message files, and said in the reader's language by whoever shows it."""
    return text
