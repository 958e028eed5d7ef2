"""The group of a SPARQL query as a tree: enough of the grammar to move whole patterns about, and no more.

What stands inside a run of triples or an expression stays text; EXISTS inside an expression is a group of its own.
See https://www.w3.org/TR/sparql11-query/#rGroupGraphPattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from hrdd_graph.sparql.tokens import Token, joined, tokens

_ELEMENT_WORDS = ("FILTER", "OPTIONAL", "MINUS", "BIND", "VALUES", "GRAPH", "SERVICE")


@dataclass(frozen=True)
class Exists:
    """EXISTS or NOT EXISTS, as part of an expression."""

    group: Group
    negated: bool


Piece: TypeAlias = str | Exists


@dataclass(frozen=True)
class Expression:
    """An expression: text, its own variables, and the EXISTS in it."""

    pieces: tuple[Piece, ...]
    variables: frozenset[str]

    @property
    def exists(self) -> tuple[Exists, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Exists))

    @property
    def alternatives(self) -> tuple[Expression, ...]:
        """The alternatives of "EXISTS or EXISTS ...", or of "condition or EXISTS ..."; empty for any other form."""
        found: list[Expression] = []
        for place, piece in enumerate(self.pieces):
            if place % 2 == (0 if isinstance(self.pieces[0], Exists) else 1):
                if not isinstance(piece, Exists) or piece.negated:
                    return ()
                found.append(Expression((piece,), frozenset()))
            elif not isinstance(piece, str):
                return ()
            elif place == 0:
                stream = tokens(piece)
                if not stream[-1].is_mark("||") or not _is_comparison(stream[:-1]):
                    return ()
                found.append(Expression((joined(stream[:-1]),), frozenset(t.variable for t in stream if t.variable)))
            elif piece.strip() != "||":
                return ()
        return tuple(found) if len(found) > 1 else ()


@dataclass(frozen=True)
class Triples:
    """The triple patterns of one subject; every variable in it is bound by it."""

    text: str
    variables: frozenset[str]


@dataclass(frozen=True)
class Filter:
    expression: Expression


@dataclass(frozen=True)
class Bind:
    expression: Expression
    variable: str

    @property
    def is_total(self) -> bool:
        """Whether the expression surely has a value: it is made of EXISTS, BOUND, IF and logic over constants."""
        text = " ".join("true" if isinstance(piece, Exists) else piece for piece in self.expression.pieces)
        stream = tokens(text)
        for place, token in enumerate(stream):
            if token.kind == "variable" and not (place > 1 and stream[place - 2].is_word("BOUND")):
                return False
            if token.kind == "word" and not token.is_word("BOUND", "IF", "EXISTS", "NOT", "TRUE", "FALSE"):
                return False
            if token.kind == "mark" and token.text not in ("(", ")", "!", "&&", "||", ","):
                return False
        return True


@dataclass(frozen=True)
class Nested:
    """OPTIONAL, MINUS, GRAPH x, or a group in braces (``keyword`` empty)."""

    keyword: str
    group: Group


@dataclass(frozen=True)
class Union:
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Opaque:
    """VALUES or a sub-select, kept as text; ``variables`` are those that it mentions, ``certain`` those it binds."""

    text: str
    variables: frozenset[str]
    certain: frozenset[str] = frozenset()


Element: TypeAlias = Triples | Filter | Bind | Nested | Union | Opaque


@dataclass(frozen=True)
class Group:
    """A group graph pattern: its elements in the order of the text."""

    elements: tuple[Element, ...]

    def __str__(self) -> str:
        return "{ " + " ".join(render(element) for element in self.elements) + " }"

    @property
    def certain(self) -> frozenset[str]:
        """Variables that every solution of the group binds."""
        return certain_of(self.elements)

    @property
    def visible(self) -> frozenset[str]:
        """Variables that some solution of the group may bind."""
        return frozenset(name for element in self.elements for name in _visible(element))

    @property
    def asked(self) -> frozenset[str]:
        """Variables of its own filters, with those in EXISTS: in OPTIONAL, these filters see the rows around it too."""
        filters = [element.expression for element in self.elements if isinstance(element, Filter)]
        inner = (name for f in filters for exists in f.exists for name in exists.group.mentioned)
        return frozenset([*(name for f in filters for name in f.variables), *inner])

    @property
    def mentioned(self) -> frozenset[str]:
        """Every variable that stands anywhere in the group, also in filters and in EXISTS."""
        return frozenset(name for element in self.elements for name in _mentioned(element))


def certain_of(elements: tuple[Element, ...]) -> frozenset[str]:
    """Variables that every solution of the elements, joined in this order, binds."""
    return frozenset(name for element in elements for name in _certain(element))


def _certain(element: Element) -> frozenset[str]:
    if isinstance(element, Triples):
        return element.variables
    if isinstance(element, Opaque):
        return element.certain
    if isinstance(element, Nested):
        return frozenset() if element.keyword in ("OPTIONAL", "MINUS") else element.group.certain
    if isinstance(element, Union):
        return frozenset.intersection(*(group.certain for group in element.groups))
    if isinstance(element, Bind) and element.is_total:
        return frozenset([element.variable])
    return frozenset()  # a BIND whose expression fails binds nothing


def _visible(element: Element) -> frozenset[str]:
    if isinstance(element, Triples | Opaque):
        return element.variables
    if isinstance(element, Bind):
        return frozenset([element.variable])
    if isinstance(element, Nested):
        return frozenset() if element.keyword == "MINUS" else element.group.visible
    if isinstance(element, Union):
        return frozenset(name for group in element.groups for name in group.visible)
    return frozenset()


def _mentioned(element: Element) -> frozenset[str]:
    if isinstance(element, Triples | Opaque):
        return element.variables
    if isinstance(element, Nested):
        return element.group.mentioned
    if isinstance(element, Union):
        return frozenset(name for group in element.groups for name in group.mentioned)
    inner = frozenset(name for exists in element.expression.exists for name in exists.group.mentioned)
    own = frozenset([element.variable]) if isinstance(element, Bind) else frozenset()
    return element.expression.variables | inner | own


def render(element: Element) -> str:
    """An element as SPARQL."""
    if isinstance(element, Triples):
        return element.text + " ."
    if isinstance(element, Opaque):
        return element.text
    if isinstance(element, Filter):
        return f"FILTER ( {render_expression(element.expression)} )"
    if isinstance(element, Bind):
        return f"BIND ( {render_expression(element.expression)} AS ?{element.variable} )"
    if isinstance(element, Nested):
        return f"{element.keyword} {element.group}".lstrip()
    return " UNION ".join(str(group) for group in element.groups)


def render_expression(expression: Expression) -> str:
    """An expression as SPARQL."""
    words = []
    for piece in expression.pieces:
        words.append(piece if isinstance(piece, str) else f"{'NOT ' if piece.negated else ''}EXISTS {piece.group}")
    return " ".join(words)


def parse_group(stream: list[Token]) -> Group:
    """Read the tokens of one group, without its outer braces. Raises ``ValueError`` where the grammar is not known."""
    return Group(tuple(_Reader(stream).elements()))


class _Reader:
    def __init__(self, stream: list[Token]) -> None:
        self.stream = stream
        self.at = 0

    def peek(self) -> Token | None:
        return self.stream[self.at] if self.at < len(self.stream) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise ValueError("the query ends too soon.")
        self.at += 1
        return token

    def expect(self, mark: str) -> None:
        token = self.take()
        if not token.is_mark(mark):
            raise ValueError(f"{token.text!r} stands where {mark!r} was expected.")

    def elements(self) -> Iterator[Element]:
        while (token := self.peek()) is not None and not token.is_mark("}"):
            if token.is_mark("."):
                self.at += 1
            elif token.is_word("FILTER"):
                self.at += 1
                yield Filter(self.constraint())
            elif token.is_word("BIND"):
                self.at += 1
                yield self.bind()
            elif token.is_word("OPTIONAL", "MINUS"):
                self.at += 1
                yield Nested(token.text.upper(), self.group())
            elif token.is_word("GRAPH"):
                self.at += 1
                name = self.take()
                yield Nested(f"GRAPH {name.text}", self.group())
            elif token.is_word("VALUES"):
                yield self.values()
            elif token.is_word("SERVICE"):
                raise ValueError("SERVICE is not allowed.")
            elif token.is_mark("{"):
                yield self.union()
            else:
                yield self.triples()

    def group(self) -> Group:
        self.expect("{")
        found = Group(tuple(self.elements()))
        self.expect("}")
        return found

    def union(self) -> Element:
        following = self.stream[self.at + 1] if self.at + 1 < len(self.stream) else None
        if following is not None and following.is_word("SELECT"):
            return self.braced_text()
        groups = [self.group()]
        while (token := self.peek()) is not None and token.is_word("UNION"):
            self.at += 1
            groups.append(self.group())
        return Nested("", groups[0]) if len(groups) == 1 else Union(tuple(groups))

    def braced_text(self) -> Opaque:
        begun, depth = self.at, 0
        while True:
            token = self.take()
            depth += token.is_mark("{") - token.is_mark("}")
            if depth == 0:
                return Opaque(*_text_of(self.stream[begun : self.at]))

    def values(self) -> Opaque:
        begun = self.at
        while not self.take().is_mark("{"):
            pass
        while not self.take().is_mark("}"):
            pass
        text, variables = _text_of(self.stream[begun : self.at])
        return Opaque(text, variables, frozenset() if "UNDEF" in text.upper() else variables)

    def triples(self) -> Triples:
        begun = self.at
        while (token := self.peek()) is not None:
            if any(token.is_mark(mark) for mark in ".{}") or token.is_word(*_ELEMENT_WORDS):
                break
            self.at += 1
        return Triples(*_text_of(self.stream[begun : self.at]))

    def constraint(self) -> Expression:
        token = self.peek()
        if token is not None and token.is_word("EXISTS", "NOT"):
            return Expression((self.exists(),), frozenset())
        if token is not None and token.is_mark("("):
            return self.parenthesised()
        name = self.take()
        called = self.parenthesised()
        return Expression((f"{name.text}(", *called.pieces, ")"), called.variables)

    def parenthesised(self) -> Expression:
        self.expect("(")
        return self.expression(stop_word="")

    def bind(self) -> Bind:
        self.expect("(")
        expression = self.expression(stop_word="AS")
        variable = self.take().variable
        self.expect(")")
        return Bind(expression, variable)

    def expression(self, *, stop_word: str) -> Expression:
        """Pieces up to the closing parenthesis, which is taken, or up to a keyword at the same depth."""
        pieces: list[Piece] = []
        run: list[Token] = []
        variables: set[str] = set()
        depth = 0
        while True:
            token = self.peek()
            if token is None:
                raise ValueError("a parenthesis is not closed.")
            follower = self.stream[self.at + 1] if self.at + 1 < len(self.stream) else token
            if token.is_word("EXISTS") or (token.is_word("NOT") and follower.is_word("EXISTS")):
                pieces += [joined(run)] if run else []
                run = []
                pieces.append(self.exists())
                continue
            self.at += 1
            if stop_word and depth == 0 and token.is_word(stop_word):
                break
            depth += token.is_mark("(") - token.is_mark(")")
            if depth < 0:
                break
            run.append(token)
            if token.variable:
                variables.add(token.variable)
        return Expression((*pieces, *([joined(run)] if run else [])), frozenset(variables))

    def exists(self) -> Exists:
        negated = self.take().is_word("NOT")
        if negated:
            self.take()
        return Exists(self.group(), negated)


def _is_comparison(stream: list[Token]) -> bool:
    """Whether the tokens compare two variables or constants."""
    return len(stream) == 3 and stream[1].kind == "mark" and all(stream[at].kind != "mark" for at in (0, 2))


def _text_of(stream: list[Token]) -> tuple[str, frozenset[str]]:
    return joined(stream), frozenset(t.variable for t in stream if t.variable)
