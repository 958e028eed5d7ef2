"""Where a constraint is evaluated: the nodes that it looks at, and what it may ask of the compiler around it.

Everything here is a pattern of SPARQL that binds a variable to nodes. A component joins its own pattern with that of
its focus nodes; nothing is bound from outside, so every pattern means the same wherever it stands, and every query is
evaluated once for all nodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.terms import Iri, Literal, Term, sparql_text

if TYPE_CHECKING:
    from hrdd_graph.shacl.shapes import Shape


class NotCompilable(ValueError):
    """A shape that no query can stand for; says why. It is left to a SHACL engine."""


@dataclass(frozen=True)
class Nodes:
    """Elements of a group that bind ``variable`` to nodes, possibly to one more than once.

    ``outer`` are variables of nodes on the way there that keep results apart: a value node that two focus nodes share
    is looked at twice. ``subjects_of`` are properties whose subjects the nodes are, all of them, where that is known.
    ``own`` are properties of which it is likely that most subjects are among the nodes, and ``test`` is a filter that
    keeps the nodes among others, where there is one.
    """

    pattern: str
    variable: str
    outer: tuple[str, ...] = ()
    subjects_of: frozenset[Iri] = frozenset()
    own: frozenset[Iri] = frozenset()
    test: str = ""

    def __str__(self) -> str:
        return self.pattern

    @property
    def var(self) -> str:
        return f"?{self.variable}"

    @property
    def key(self) -> str:
        """The variables that a result is about, as they stand in SELECT and GROUP BY."""
        return " ".join(f"?{name}" for name in (*self.outer, self.variable))


@dataclass(frozen=True)
class Violation:
    """One way in which focus nodes break a constraint.

    ``where`` are the elements of a group that bind the focus variable and, where they are named, ``value``, ``path``
    (to the property that the result is about) and ``others`` (what makes two results of one value different, and what
    messages may name). ``condition``, where there is one, says the same more shortly: what must hold of each value
    node, or (``is_absence``) that there is one. ``message`` is what to say where the shape has no message; ``node`` is
    the SPARQL constraint, with its own ``messages``.
    """

    where: str
    value: str = ""
    path: str = ""
    others: tuple[str, ...] = ()
    message: str = ""
    messages: tuple[Literal, ...] = ()
    node: Term | None = None
    condition: str = ""
    is_absence: bool = False


@dataclass(frozen=True)
class Place:
    """A shape at its focus nodes.

    ``fails`` gives, for a shape and nodes, those of the nodes that do not conform to it; ``condition`` what is true of
    a node if and only if it conforms, empty where no expression says it; ``fresh`` a new variable. ``few`` says that
    there are so few focus nodes that what is asked for each row is asked quickly.
    """

    shape: Shape
    focus: Nodes
    hierarchy: Hierarchy
    fresh: Callable[[], str]
    fails: Callable[[Shape, Nodes], Nodes]
    condition: Callable[[Shape, Nodes], str]
    few: bool = False

    @property
    def this(self) -> str:
        return self.focus.var

    @cached_property
    def values(self) -> Nodes:
        """The focus nodes with their value nodes: the nodes themselves for a node shape, else where the path leads."""
        return self.reached(self.fresh())

    def reached(self, variable: str) -> Nodes:
        """The value nodes under a variable of the caller's choice."""
        path = self.shape.path
        if path is None:
            return self.focus
        outer = (*self.focus.outer, self.focus.variable)
        step = f"{self.this} {path} ?{variable} ."
        if path.may_stay:  # SPARQL's paths do not know nodes that are in no statement
            step = f"{{ {self.focus} {step} }} UNION {{ {self.focus} BIND({self.this} AS ?{variable}) }}"
            return Nodes(step, variable, outer)
        if path.choices and path.choices <= self.focus.subjects_of:  # whoever has a value is a focus node
            if len(path.choices) > 1:  # a path of alternatives is many times slower where both ends are open
                choice, among = f"?{self.fresh()}", " ".join(map(sparql_text, sorted(path.choices, key=str)))
                step = f"VALUES {choice} {{ {among} }} {self.this} {choice} ?{variable} ."
            return Nodes(step, variable, outer)
        return Nodes(f"{self.focus} {step}", variable, outer)

    @property
    def value(self) -> str:
        return self.values.var

    @property
    def scans(self) -> bool:
        """Whether all statements of the property are looked at first, and of the wrong ones whether their subjects are
        focus nodes: several times faster than looking up the values of each node.
        """
        path = self.shape.path
        return path is not None and path.predicate in self.focus.own and bool(self.focus.test)

    def where(self, test: str, *names: str) -> str:
        """The focus nodes with those value nodes that pass a test, which may bind ``names`` and uses nothing else."""
        if not self.scans:
            return f"{self.values} {test}"
        kept = " ".join((self.this, self.value, *names))
        step = f"{self.this} {self.shape.path} {self.value} ."
        return f"{{ SELECT DISTINCT {kept} WHERE {{ {step} {test} }} }} {self.focus.test}"

    def unless(self, condition: str, message: str) -> Violation:
        """The values for which a condition is not true; an error counts as not true."""
        where = self.where(f"FILTER(!COALESCE({condition}, false))")
        return Violation(where, self.value, condition=f"({condition})", message=message)

    def without(self, kept: str, pattern: str, *, step: bool) -> str:
        """``kept`` without what matches ``pattern``; ``step`` says that this is one triple pattern."""
        return f"{kept} FILTER NOT EXISTS {{ {pattern} }}" if step else f"{kept} MINUS {{ {pattern} }}"

    @property
    def is_step(self) -> bool:
        return self.shape.path is not None and self.shape.path.is_step

    def term(self, term: Term) -> str:
        """A constant as a query names it. Raises ``NotCompilable`` for a blank node."""
        try:
            return sparql_text(term)
        except ValueError as error:
            raise NotCompilable(f"{self.shape.node} names a blank node, which a query cannot.") from error
