"""Names made comparable: one alphabet, one case, no punctuation, and the legal form taken off.

Transliteration is anyascii's (https://github.com/anyascii/anyascii), which knows every script. Legal forms come from
``data/reference/legal-forms/``. "Forward Sports (Pvt.) Ltd." and "FORWARD SPORTS" have the same core.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from anyascii import anyascii

_LONGEST = 400  # characters
_APOSTROPHES = re.compile(r"[’'`´]")
_AND = re.compile(r"&|\+")
_BREAKS = re.compile(r"[^0-9a-z]+")
_INITIALS = re.compile(r"\b(?:[a-z0-9] ){1,}[a-z0-9]\b")
# Forms that the code list has only under longer names, and that stand behind names everywhere.
_COMMON = (
    *("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp", "plc"),
    *("pvt", "pte", "pty", "private", "public", "group", "holding", "holdings", "intl", "international"),
)


def folded(name: str) -> str:
    """The name in lower-case ASCII letters and digits, words apart by one space: ``"Łódź & Co."`` is ``lodz and co``.

    Single letters that stand in a row become one word, so that "S.A." is ``sa``.
    """
    text = anyascii(unicodedata.normalize("NFKC", name)).casefold()
    text = _BREAKS.sub(" ", _AND.sub(" and ", _APOSTROPHES.sub("", text))).strip()
    return _INITIALS.sub(lambda match: match[0].replace(" ", ""), text)


def shortened(text: str) -> str:
    """A text as long as names and addresses are: comparing takes time by the square of the length.

    What is cut off stays as a word of its own, so that two texts are the same only where they are.
    """
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]} {hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Name:
    """A name: as written, folded, and its core without legal form; ``words`` are the core's."""

    raw: str
    folded: str
    core: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.core.split())

    @cached_property
    def squeezed(self) -> str:
        """The core without spaces, for names whose words were cut apart or run together."""
        return self.core.replace(" ", "")


class LegalForms:
    """The legal forms of all countries, folded. A form counts in every country: firms carry theirs abroad."""

    def __init__(self, forms: Iterable[str]) -> None:
        by_last: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for form in (*forms, *_COMMON):
            words = tuple(folded(form).split())
            if words and (len(words) > 1 or len(words[0]) > 1):
                by_last[words[-1]].add(words)
        self._by_last = {last: sorted(found, key=lambda form: (-len(form), form)) for last, found in by_last.items()}

    def name(self, raw: str) -> Name:
        """The name with its core. What would leave nothing is not taken off."""
        whole = folded(shortened(raw))
        words = whole.split()
        if len(words) > 1 and words[0] == "the":
            words = words[1:]
        while len(words) > 1:
            form = next((form for form in self._by_last.get(words[-1], ()) if tuple(words[-len(form) :]) == form), None)
            if form is None or len(form) >= len(words):
                break
            words = words[: -len(form)]
        return Name(raw, whole, " ".join(words) or whole)


@cache
def legal_forms(data: Path) -> LegalForms:
    """The legal forms in a data folder; the common ones alone where it has no list."""
    path = data / "reference" / "legal-forms" / "forms.csv"
    if not path.is_file():
        return LegalForms(())
    with path.open(encoding="utf-8", newline="") as stream:
        return LegalForms(row["form"] for row in csv.DictReader(stream))
