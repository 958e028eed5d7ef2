"""Tokens of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#sparqlGrammar), with their places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+|\#[^\r\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
      |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$][A-Za-z0-9_\u00B7-\uFFFF]+)
  | (?P<blank>_:[\w.\-]*\w)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<number>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+(?:\.(?=[eE]))?(?:[eE][+-]?[0-9]+)?)
  | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:
      (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[^\w]|\\_)
         (?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\[^\w]|\\_)*(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[^\w]|\\_))?)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,=<>!+\-*/|^?])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A token: its kind, its text, and where it begins and ends in the query."""

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of the keywords, in any case."""
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, mark: str) -> bool:
        return self.kind == "mark" and self.text == mark

    @property
    def variable(self) -> str:
        """The variable's name without its sign; ``$this`` and ``?this`` are one variable."""
        return self.text[1:] if self.kind == "variable" else ""


def tokens(text: str) -> list[Token]:
    """Cut a query into tokens, without white space and comments.

    Raises ``ValueError`` with the line where something is no token of SPARQL.
    """
    return list(_scan(text))


def comments(text: str) -> list[tuple[int, str]]:
    """Each comment of a query: where it begins, and its words."""
    found = []
    place = 0
    while (match := _TOKEN.match(text, place)) is not None and match.end() > place:
        if match.lastgroup == "space" and match.group().startswith("#"):
            found.append((place, match.group().lstrip("# ").rstrip()))
        place = match.end()
    return found


def _scan(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            line = text.count("\n", 0, place) + 1
            raise ValueError(f"line {line}: {text[place : place + 20]!r} is no SPARQL.")
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "", match.group(), place, match.end())
        place = match.end()


def closing(stream: list[Token], opening: int) -> int:
    """The index of the brace that closes the one at ``opening``. Raises ``ValueError`` where there is none."""
    depth = 0
    for index in range(opening, len(stream)):
        if stream[index].is_mark("{"):
            depth += 1
        elif stream[index].is_mark("}"):
            depth -= 1
            if depth == 0:
                return index
    raise ValueError("A brace is not closed.")


def joined(stream: list[Token]) -> str:
    """The tokens as text again, with a space wherever the source had some between them."""
    parts: list[str] = []
    for previous, token in zip([None, *stream], stream, strict=False):
        if previous is not None and previous.end != token.start:
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)
