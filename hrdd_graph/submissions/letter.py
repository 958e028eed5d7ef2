"""What goes with a submission: what it is called, who may see it and from when, and what those who speak in it risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from hrdd_graph.errors import Problem, UnusableInput

ACCESS = {"public": "PublicAccess", "restricted": "RestrictedAccess"}
CONSENT = {
    "published": "PublishedBefore",
    "given": "ConsentToPublish",
    "shared": "ConsentToShare",
    "not-asked": "ConsentNotAsked",
}
RISK = {"none-known": "NoKnownReprisalRisk", "possible": "PossibleReprisalRisk", "high": "HighReprisalRisk"}
MOST_WORDS = 2000  # characters of any text


@dataclass(frozen=True)
class Letter:
    """The covering letter. Its words are those of the three tables above; ``embargo`` is the first public day.

    ``replaces`` is the id of an earlier submission of the sender, which leaves the graph when this one is accepted.
    Whoever says nothing of consent or of reprisals gets what is safest: a public view shows none of it.
    """

    title: str = ""
    licence: str = ""
    access: str = "public"
    consent: str = "not-asked"
    risk: str = "possible"
    embargo: str = ""
    issued: str = ""
    profile: str = "spreadsheet"
    note: str = ""
    replaces: str = ""

    def document(self) -> dict[str, str]:
        return {key: value for key, value in asdict(self).items() if value}


NAMES = tuple(field.name for field in fields(Letter))


def read_letter(given: Mapping[str, Any]) -> Letter:
    """The letter from what a caller gave. Raises ``UnusableInput`` with everything that is wrong."""
    problems: list[Problem] = []

    def wrong(name: str, what: str, fix: str) -> None:
        problems.append(Problem(name, 0, "", what, fix))

    texts: dict[str, str] = {}
    for name, value in given.items():
        if name not in NAMES:
            wrong(name, "is not part of the letter.", f"It has {', '.join(NAMES)}.")
        elif not isinstance(value, str) or len(value) > MOST_WORDS or not value.replace("\n", " ").isprintable():
            wrong(name, f"is no plain text of up to {MOST_WORDS} characters.", "Shorten it.")
        elif value.strip():
            texts[name] = value.strip()
    letter = Letter(**texts)
    for name, words in (("access", ACCESS), ("consent", CONSENT), ("risk", RISK)):
        if getattr(letter, name) not in words:
            wrong(name, f'"{getattr(letter, name)}" is not known.', f"Write {' or '.join(words)}.")
    if letter.embargo and not _is_day(letter.embargo):
        wrong("embargo", f'"{letter.embargo}" is not a day.', "Write it as 2026-11-20.")
    if letter.licence and (
        not letter.licence.startswith(("http://", "https://")) or set(letter.licence) & set(' <>"{}|\\^`\n')
    ):
        wrong("licence", f'"{letter.licence}" is no address.', "Such as https://creativecommons.org/licenses/by/4.0/.")
    if problems:
        raise UnusableInput(problems)
    return letter


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
