"""What the source says of things that go wrong, as messages: each sentence, with places for what is put into it.

It is read from the source itself: what exceptions are raised with, and what goes to parameters and keys that are called
``what``, ``fix`` and the like. Local names, constants and functions are followed; what cannot be followed is told, so
that it can be made simpler.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

from hrdd_graph.retelling import JOINED, PLACE, TOLD

NAMES = frozenset({"what", "fix", "detail", "problem"})  # of parameters, fields and keys that hold a text
_JOINS = {word: name for name, word in JOINED.items()}
_MADE = NAMES | {"message", "help", "summary", "msg"}  # of results of shapes, of columns, of parameters, of libraries
_CHANGED = frozenset({"replace", "removeprefix", "removesuffix", "strip", "rstrip"})  # methods that keep what is said
_BETWEEN = re.compile(r"(?<=[.?!])(?<!\.\.\.)\s+(?=[^a-z}])")  # where one sentence of ours ends and another begins
_LETTERS = re.compile(r"[^\W\d_]{2}")
_TEXT = re.compile(r"[^\W\d_]{2,} |[^\W\d_]{2,}[.?]$|^is$")  # words, as against a key or a name


@dataclass(frozen=True)
class Place:
    """A place in a text: what the source puts there, and a name for it."""

    source: str
    name: str


Piece = str | Place
Texts = list[tuple[Piece, ...]]


@dataclass
class Told:
    """The messages of some modules, and the places (file and line) whose text could not be followed."""

    messages: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)


def told_in(paths: Iterable[Path], raised: frozenset[str]) -> Told:
    """What the modules tell; ``raised`` are the exceptions whose first argument is such a text."""
    modules = [Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]
    world = World(modules, raised)
    found = Told()
    for module in modules:
        for scope in module.scopes:
            for expression in world.told_by(scope):
                Reader(world, scope, found).tell(expression)
    return found


@dataclass(frozen=True, eq=False)
class Scope:
    """A function, or a module outside of its functions: the nodes in it, and the values that its names get."""

    module: Module
    nodes: tuple[ast.AST, ...]
    outer: Scope | None = None
    parameters: frozenset[str] = frozenset()

    @cached_property
    def values(self) -> dict[str, list[ast.expr]]:
        found: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                for target in targets:
                    pairs = [(target, node.value)]
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        pairs = list(zip(target.elts, node.value.elts, strict=True))
                    for one, value in pairs:
                        if isinstance(one, ast.Name):
                            found.setdefault(one.id, []).append(value)
        return found

    @cached_property
    def caught(self) -> frozenset[str]:
        """The names of exceptions that are caught."""
        return frozenset(node.name for node in self.nodes if isinstance(node, ast.ExceptHandler) and node.name)


@dataclass(frozen=True, eq=False)
class Module:
    path: Path
    tree: ast.Module

    @cached_property
    def scopes(self) -> list[Scope]:
        return list(self._scopes(self.tree, None))

    def _scopes(self, node: ast.AST, outer: Scope | None) -> Iterator[Scope]:
        mine: list[ast.AST] = []
        inner: list[ast.AST] = []
        waiting = list(ast.iter_child_nodes(node))
        while waiting:
            each = waiting.pop(0)
            (inner if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) else mine).append(each)
            if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting = list(ast.iter_child_nodes(each)) + waiting
        arguments = getattr(node, "args", None)
        names = [a.arg for a in _parameters(arguments)] if isinstance(arguments, ast.arguments) else []
        scope = Scope(self, tuple(mine), outer, frozenset(names))
        yield scope
        for each in inner:
            yield from self._scopes(each, scope)

    @cached_property
    def functions(self) -> dict[str, Scope]:
        """The functions of the module by name, each as the scope that its ``return`` stands in."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[node.name] = next(self._scopes(node, self.scopes[0]))
        return found

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of the functions and classes of the module."""
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        return frozenset(node.name for node in ast.walk(self.tree) if isinstance(node, kinds))

    @cached_property
    def takes(self) -> dict[str, list[str]]:
        """The parameters of its functions, methods and classes that take a text, without ``self``."""
        found: dict[str, list[str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [each.arg for each in _parameters(node.args) if each.arg not in ("self", "cls")]
            elif isinstance(node, ast.ClassDef):
                fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
                names = [each.target.id for each in fields if isinstance(each.target, ast.Name)]
            else:
                continue
            if NAMES.intersection(names):
                found[node.name] = names
        return found

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """Names that come from other modules: the module, and the name there."""
        return {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


@dataclass(frozen=True, eq=False)
class World:
    """All modules: what their functions and classes take, by simple name."""

    modules: list[Module]
    raised: frozenset[str]

    @cached_property
    def takes(self) -> dict[str, list[list[str]]]:
        """The parameters of the functions, methods and classes of each name that take a text."""
        found: dict[str, list[list[str]]] = {}
        for module in self.modules:
            for name, names in module.takes.items():
                found.setdefault(name, []).append(names)
        return found

    def parameters(self, module: Module, call: ast.Call) -> list[str]:
        """What the arguments of a call are called: by the module itself, by what it imports, else by whoever has it."""
        if isinstance(call.func, ast.Name):
            name = call.func.id
            if name in module.defined:
                return module.takes.get(name, [])
            dotted, name = module.imported.get(name, ("", name))
            other = self.module(dotted) if dotted else None
            return other.takes.get(name, []) if other else []
        if isinstance(call.func, ast.Attribute):
            name = call.func.attr
            return module.takes.get(name) or next(iter(self.takes.get(name, [])), [])
        return []

    def module(self, dotted: str) -> Module | None:
        ending = dotted.replace(".", "/") + ".py"
        return next((m for m in self.modules if str(m.path).endswith((ending, ending[:-3] + "/__init__.py"))), None)

    def told_by(self, scope: Scope) -> Iterator[ast.expr]:
        """The expressions whose values are told."""
        for node in scope.nodes:
            if isinstance(node, ast.Call):
                if ast.unparse(node.func) == "super().__init__":
                    yield from node.args[:1] if any(map(_is_text, node.args[:1])) else ()
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                names = self.parameters(scope.module, node) or (["what", "fix"] if name in self.raised else [])
                yield from (value for key, value in zip(names, node.args, strict=False) if key in NAMES)
                yield from (k.value for k in node.keywords if k.arg in NAMES and names)
            elif isinstance(node, ast.Assign):
                if any(isinstance(each, ast.Attribute) and each.attr in NAMES for each in node.targets):
                    yield node.value
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in NAMES:
                        yield value


@dataclass
class Reader:
    """Follows expressions in a scope to the texts that they can be."""

    world: World
    scope: Scope
    found: Told
    depth: int = 0

    def tell(self, expression: ast.expr) -> None:
        """Note every text that the expression can be."""
        for text in self.texts(expression):
            self.found.messages.update(messages_of(text))

    def texts(self, node: ast.expr) -> Texts:
        match node:
            case ast.Constant(value=str(text)):
                return [(text,)]
            case ast.JoinedStr(values=values):
                return [sum(each, ()) for each in product(*(self.part(value) for value in values))]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [one + two for one in self.texts(left) for two in self.texts(right)]
            case ast.IfExp(body=body, orelse=orelse):
                return self.texts(body) + self.texts(orelse)
            case ast.BoolOp(values=values):
                return [text for value in values for text in self.texts(value)]
            case ast.Name(id=name):
                return self.named(node, name)
            case ast.Call(func=ast.Name(id="str"), args=[ast.Name()]):
                return []  # an exception: told where it was raised
            case ast.Call(func=ast.Name(id="str"), args=[value]):
                return self.texts(value)
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]) if key in _MADE:
                return []
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _CHANGED:
                return self.texts(value)
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=" "), attr="join"), args=[ast.GeneratorExp() as all_]
            ):
                return self.texts(all_.elt)
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                return self.called(node, name)
            case ast.Attribute(attr=name) if name in _MADE:
                return []  # told where it was made
            case ast.Subscript(slice=ast.Constant(value=str(key))) if key in NAMES:
                return []
            case ast.Subscript(value=ast.Name(id=name)):
                return self.one_of(node, name)
        return self.lose(node)

    def lose(self, node: ast.expr) -> Texts:
        self.found.lost.add(f"{self.scope.module.path}:{node.lineno}: {ast.unparse(node)[:120]}")
        return []

    def is_caught(self, name: str) -> bool:
        return name in self.scope.caught

    def values(self, name: str) -> tuple[Scope, list[ast.expr]] | None:
        """What a name stands for, and where that is said: here, in a function around, in another module."""
        scope: Scope | None = self.scope
        while scope:
            if name in scope.values:
                return scope, scope.values[name]
            if name in scope.parameters:
                return None
            scope = scope.outer
        dotted, other = self.scope.module.imported.get(name, ("", ""))
        module = self.world.module(dotted) if dotted else None
        if module and other in module.scopes[0].values:
            return module.scopes[0], module.scopes[0].values[other]
        return None

    def named(self, node: ast.expr, name: str) -> Texts:
        found = self.values(name)
        if found and self.depth < 6:
            scope, values = found
            reader = Reader(self.world, scope, self.found, self.depth + 1)
            return [text for value in values for text in reader.texts(value)]
        return [] if name in NAMES else self.lose(node)  # a parameter: told where it was given

    def called(self, node: ast.expr, name: str) -> Texts:
        module: Module | None = self.scope.module
        if name not in self.scope.module.functions:
            dotted, name = self.scope.module.imported.get(name, ("", name))
            module = self.world.module(dotted) if dotted else None
        function = module.functions.get(name) if module else None
        if function is None or self.depth > 5:
            return self.lose(node)
        reader = Reader(self.world, function, self.found, self.depth + 1)
        returns = [each.value for each in function.nodes if isinstance(each, ast.Return) and each.value]
        return [text for value in returns for text in reader.texts(value)]

    def one_of(self, node: ast.expr, name: str) -> Texts:
        """The values of a table of texts."""
        found = self.values(name)
        values = found[1] if found else []
        if len(values) == 1 and isinstance(values[0], ast.Dict):
            return [text for value in values[0].values for text in self.texts(value)]
        return self.lose(node)

    def part(self, node: ast.expr) -> Texts:
        """A part of an f-string: its literal texts, or a place."""
        if not isinstance(node, ast.FormattedValue):
            return self.texts(node)
        value = node.value
        if isinstance(value, ast.IfExp) and not node.format_spec:
            return self.part(_formatted(value.body)) + self.part(_formatted(value.orelse))
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return [(value.value,)]
        if isinstance(value, ast.JoinedStr):
            return self.texts(value)
        if isinstance(value, ast.BoolOp) and isinstance(value.values[-1], ast.Constant):
            return [text for each in value.values for text in self.part(_formatted(each))]
        if isinstance(value, ast.Name) and value.id.lstrip("_").isupper() and (found := self.values(value.id)):
            constant = found[1][0]
            if isinstance(constant, ast.Constant | ast.JoinedStr) and isinstance(getattr(constant, "value", ""), str):
                return Reader(self.world, found[0], self.found, self.depth + 1).texts(constant)
        return [(self.place(value),)]

    def place(self, value: ast.expr) -> Place:
        source = ast.unparse(value)
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(word)), attr="join")) if word in _JOINS:
                self.found.messages.add(word)
                return Place(source, _JOINS[word])
            case ast.Name(id=name) if self.is_caught(name):
                return Place(source, TOLD)
            case ast.Name(id=name) if name in NAMES | _MADE:
                self.tell(value)
                return Place(source, TOLD)
        if texts := self.ours(value):
            for text in texts:
                self.found.messages.update(messages_of(text))
            return Place(source, TOLD)
        return Place(source, _name(value))

    def ours(self, value: ast.expr) -> Texts:
        """The texts of ours that a value can be, if it is one."""
        quiet = Reader(self.world, self.scope, Told(), self.depth)
        match value:
            case ast.Name() | ast.Call() | ast.Subscript():
                texts = quiet.texts(value)
            case _:
                return []
        said = ["".join(piece if isinstance(piece, str) else "" for piece in text) for text in texts]
        return texts if any(_TEXT.search(each) for each in said) else []


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.Constant)


def _formatted(value: ast.expr) -> ast.FormattedValue:
    return ast.copy_location(ast.FormattedValue(value=value, conversion=-1, format_spec=None), value)


def _name(value: ast.expr) -> str:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(slice=ast.Constant(value=str(name))) if name.isidentifier():
            return name
        case ast.Call(args=[only]) | ast.Subscript(value=only) | ast.BinOp(left=only):
            return _name(only)
        case ast.Call(func=ast.Attribute(value=inner), args=[]):
            return _name(inner)
    return ""


def messages_of(text: tuple[Piece, ...]) -> set[str]:
    """The sentences of a text as messages. A place gets a name: that of what stands there, or a number."""
    names: dict[str, str] = {}
    written = ""
    for number, piece in enumerate(text):
        if isinstance(piece, str):
            written += piece
            continue
        if number and isinstance(text[number - 1], Place):
            continue  # one place with the one before it
        if piece.source not in names:
            wanted, taken = piece.name, set(names.values())
            names[piece.source] = next(
                name for n in range(1, 99) if (name := wanted + (str(n) if n > 1 or not wanted else "")) not in taken
            )
        written += f"%({names[piece.source]})s"
        behind = text[number + 1] if number + 1 < len(text) else ""
        if piece.name == TOLD and isinstance(behind, str) and re.match(r" [A-Z]", behind):
            written += "\0"  # a text of ours ends as a sentence
    pieces = [each for part in written.split("\0") for each in _BETWEEN.split(part.strip())]
    return {renumbered(each) for each in pieces if _LETTERS.search(PLACE.sub("", each))}


def renumbered(message: str) -> str:
    """The message with the numbers of its places beginning anew, since its text may have been cut into sentences."""
    names: dict[str, str] = {}
    for name in PLACE.findall(message):
        if name not in names:
            wanted, taken = name.rstrip("0123456789"), set(names.values())
            names[name] = next(
                new for n in range(1, 99) if (new := wanted + (str(n) if n > 1 or not wanted else "")) not in taken
            )
    return PLACE.sub(lambda match: f"%({names[match[1]]})s", message)
