"""Triple patterns one by one, with their property paths as trees (https://www.w3.org/TR/sparql11-query/#propertypaths).

What rules write is read: subjects, ``;`` and ``,``, and paths of ``/ | ^ + * ?`` with parentheses. Blank nodes in
brackets and negated property sets are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hrdd_graph.sparql.tokens import Token, joined, tokens


@dataclass(frozen=True)
class Link:
    """One property, as it stands in the query (``hrdd:owns``, ``a``)."""

    name: str


@dataclass(frozen=True)
class Inverse:
    path: Path


@dataclass(frozen=True)
class Sequence:
    first: Path
    rest: Path


@dataclass(frozen=True)
class Alternative:
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """``path`` followed by ``+``, ``*`` or ``?``."""

    path: Path
    mark: str


Path: TypeAlias = Link | Inverse | Sequence | Alternative | Repeat


@dataclass(frozen=True)
class Pattern:
    """A triple pattern. ``subject`` and ``object`` are single tokens: a variable, a name, an address, a literal."""

    subject: str
    path: Path
    object: str
    text: str


def patterns_of(text: str) -> list[Pattern]:
    """The triple patterns in a run of them. Raises ``ValueError`` where the grammar is not known."""
    return _Reader(tokens(text)).patterns()


def path_text(path: Path) -> str:
    """A path as SPARQL."""
    if isinstance(path, Link):
        return path.name
    if isinstance(path, Inverse):
        return f"^({path_text(path.path)})"
    if isinstance(path, Sequence):
        return f"({path_text(path.first)}/{path_text(path.rest)})"
    if isinstance(path, Alternative):
        return "(" + "|".join(path_text(each) for each in path.paths) + ")"
    return f"({path_text(path.path)}){path.mark}"


class _Reader:
    def __init__(self, stream: list[Token]) -> None:
        self.stream = stream
        self.at = 0

    def peek(self, *marks: str) -> bool:
        return self.at < len(self.stream) and any(self.stream[self.at].is_mark(mark) for mark in marks)

    def take(self) -> Token:
        if self.at >= len(self.stream):
            raise ValueError("a triple pattern ends too soon.")
        self.at += 1
        return self.stream[self.at - 1]

    def term(self) -> str:
        begun = self.at
        token = self.take()
        if token.kind not in ("variable", "name", "iri", "string", "number", "word", "blank"):
            raise ValueError(f"{token.text!r} is no term that is read here.")
        if token.kind == "string" and self.at < len(self.stream):
            if self.peek("^^"):
                self.at += 2
            elif self.stream[self.at].kind == "language":
                self.at += 1
        return joined(self.stream[begun : self.at])

    def patterns(self) -> list[Pattern]:
        found: list[Pattern] = []
        while self.at < len(self.stream):
            subject = self.term()
            while True:
                begun = self.at
                path = self.alternative()
                words = joined(self.stream[begun : self.at])
                while True:
                    value = self.term()
                    found.append(Pattern(subject, path, value, f"{subject} {words} {value}"))
                    if not self.peek(","):
                        break
                    self.at += 1
                while self.peek(";"):
                    self.at += 1
                    again = self.at < len(self.stream) and not self.peek(".", ";")
                    if again:
                        break
                else:
                    break
                if not again:
                    break
            while self.peek("."):
                self.at += 1
        return found

    def alternative(self) -> Path:
        paths = [self.sequence()]
        while self.peek("|"):
            self.at += 1
            paths.append(self.sequence())
        return paths[0] if len(paths) == 1 else Alternative(tuple(paths))

    def sequence(self) -> Path:
        first = self.step()
        if self.peek("/"):
            self.at += 1
            return Sequence(first, self.sequence())
        return first

    def step(self) -> Path:
        if self.peek("^"):
            self.at += 1
            return Inverse(self.step())
        path: Path
        if self.peek("("):
            self.at += 1
            path = self.alternative()
            if not self.take().is_mark(")"):
                raise ValueError("a parenthesis of a path is not closed.")
        else:
            token = self.take()
            if token.kind not in ("name", "iri", "word", "variable"):
                raise ValueError(f"{token.text!r} is no property.")
            path = Link(token.text)
        if self.peek("+", "*", "?"):
            path = Repeat(path, self.take().text)
        return path
