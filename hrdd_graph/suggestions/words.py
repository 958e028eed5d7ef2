"""Texts as stems of words with their places, in the languages that suggestions are made in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_FRENCH, STOPWORDS_PORTUGUESE, STOPWORDS_SPANISH
from snowballstemmer import stemmer

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?;…]\s|\n\s*\n")
_NAMES = {"en": "english", "fr": "french", "es": "spanish", "pt": "portuguese"}
LANGUAGES = tuple(_NAMES)
# Words that turn a phrase round say much in a phrase such as "no union" or "sin contrato", however common they are.
_TURNING = frozenset(
    "no|not|without|never|cannot|nor|sans|pas|ne|ni|jamais|sin|nunca|sem|não|nem".split("|")  # noqa: SIM905
)
_STOPPED = {
    "en": STOPWORDS_EN_PLUS,
    "fr": STOPWORDS_FRENCH,
    "es": STOPWORDS_SPANISH,
    "pt": STOPWORDS_PORTUGUESE,
}


@dataclass(frozen=True)
class Word:
    """A word that may lead somewhere: its stem, its first character and the one after its last, and its sentence."""

    stem: str
    start: int
    end: int
    sentence: int


def normal(text: str) -> str:
    """The text in the Unicode form (NFC) whose characters places are counted in."""
    return unicodedata.normalize("NFC", text)


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text in the form NFC that are neither stop words nor single letters, in order."""
    stopped = _stop_words(language)
    breaks = [found.end() for found in _SENTENCE.finditer(text)]
    words, sentence = [], 0
    for found in _WORD.finditer(text):
        while sentence < len(breaks) and breaks[sentence] <= found.start():
            sentence += 1
        small = found[0].casefold()
        if len(small) > 1 and small not in stopped:
            words.append(Word(_stem(small, language), found.start(), found.end(), sentence))
    return tuple(words)


def stems_of(text: str, language: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [word.stem for word in words_of(normal(text), language)]


def language_of(text: str) -> str:
    """The language whose commonest words the text has most of; English where none has any."""
    found = [word[0].casefold() for word in _WORD.finditer(text)]
    return max(LANGUAGES, key=lambda tag: sum(word in _stop_words(tag) for word in found))


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _STOPPED[language]) - _TURNING


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    """The stem without accents, which writers leave out."""
    # A stemmer keeps state and may not be shared by threads, so that each call makes its own.
    stem = str(stemmer(_NAMES[language]).stemWord(word))
    return "".join(c for c in unicodedata.normalize("NFD", stem) if not unicodedata.combining(c)) or stem
