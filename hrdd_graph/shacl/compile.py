"""From shapes to queries: each constraint of each shape becomes one SELECT for all its focus nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from hrdd_graph.namespaces import SH, XSD
from hrdd_graph.shacl.checks import Broken, Check, branches_of, checks_of
from hrdd_graph.shacl.components import Component, components
from hrdd_graph.shacl.datatypes import INTEGERS
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.place import Nodes, NotCompilable, Place
from hrdd_graph.shacl.shapes import Shape, Shapes
from hrdd_graph.shacl.targets import Target, subjects_of, target_pattern, target_test
from hrdd_graph.terms import Iri, Term


@dataclass(frozen=True)
class Fallback:
    """A shape that no query can stand for, and why."""

    shape: Shape
    reason: str


@dataclass(frozen=True)
class Compiled:
    """Shapes that are ready to run: ``shapes`` as read, those that ``fall_back`` to a SHACL engine, and the others."""

    shapes: Shapes
    compiled: tuple[Shape, ...]
    fall_back: tuple[Fallback, ...]
    _kept: dict[str, tuple[Hierarchy, tuple[Check, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # the last of each kind: data that change their classes do not change them back

    def checks(self, hierarchy: Hierarchy | None = None, *, among: str = "") -> tuple[Check, ...]:
        """The queries, for data with the given classes below classes (those of the shapes graph are added).

        ``among`` are the terms among which the focus nodes are, as SPARQL, where they are few.
        """
        whole = self.shapes.hierarchy | (hierarchy or Hierarchy())
        kept, checks = self._kept.get(among, (None, ()))
        if kept != whole:
            own = frozenset() if among else own_properties(self.shapes)
            compilers = ((_Compiler(whole, own, among), shape) for shape in self.compiled)
            checks = tuple(check for compiler, shape in compilers for check in compiler.root(shape))
            self._kept[among] = whole, checks
        return checks


def compile_shapes(shapes: Shapes) -> Compiled:
    """Compile every shape that has a target. Raises ``IllFormed`` where one breaks SHACL's syntax rules."""
    compiled: list[Shape] = []
    fall_back: list[Fallback] = []
    for shape in shapes.roots:
        try:
            list(_Compiler(shapes.hierarchy).root(shape))
            compiled.append(shape)
        except NotCompilable as error:
            fall_back.append(Fallback(shape, str(error)))
    return Compiled(shapes, tuple(compiled), tuple(fall_back))


@dataclass
class _Compiler:
    hierarchy: Hierarchy
    own: frozenset[Iri] = frozenset()
    among: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    above: tuple[Term, ...] = ()  # the shapes around the one that is being compiled

    def root(self, shape: Shape) -> Iterator[Check]:
        try:
            target = target_pattern(shape.targets, self.hierarchy, self.among)
        except ValueError as error:
            raise NotCompilable(f"{shape.node} has a target that no query can stand for: {error}") from error
        if self.among:
            focus = Nodes(target, "this")
        else:
            test = target_test(shape.targets, self.hierarchy)
            focus = Nodes(target, "this", subjects_of=subjects_of(shape.targets), own=self.own, test=test)
        yield from checks_of(shape, self.broken(shape, focus))

    def broken(self, shape: Shape, focus: Nodes) -> Iterator[tuple[Place, list[Broken]]]:
        """How a shape can be broken at its focus nodes, and the property shapes at its value nodes."""
        if not shape.is_active:
            return
        self.enter(shape)
        place = self.place(shape, focus)
        broken: list[Broken] = []
        for component, parameter in _constraints(shape):
            if component.parameter == "property":
                yield from self.broken(shape.shape(parameter), place.values)
            else:
                broken += ((component, violation) for violation in component.violations(place, parameter))
        yield place, broken
        self.leave()

    def fails(self, shape: Shape, nodes: Nodes) -> Nodes:
        """Those of the nodes that do not conform to a shape, each once, as a group of its own."""
        branches: list[str] = []
        if shape.is_active:
            self.enter(shape)
            place = self.place(shape, nodes)
            broken = [
                (c, violation) for c, parameter in _constraints(shape) for violation in c.violations(place, parameter)
            ]
            branches += (f"{{ {branch} }}" for branch in branches_of(place, broken))
            self.leave()
        failing = " UNION ".join(branches) or f"VALUES {nodes.var} {{ }}"
        return Nodes(f"{{ SELECT DISTINCT {nodes.var} WHERE {{ {failing} }} }}", nodes.variable)

    def condition(self, shape: Shape, nodes: Nodes) -> str:
        """What is true of a node if and only if it conforms to a shape; empty where an expression cannot say it."""
        if shape.path is not None or not shape.is_active:
            return ""
        self.enter(shape)
        place = self.place(shape, nodes)
        violations = [v for c, parameter in _constraints(shape) for v in c.violations(place, parameter)]
        self.leave()
        if not violations or any(not v.condition or v.is_absence for v in violations):
            return ""
        return f"({' && '.join(f'COALESCE({v.condition}, false)' for v in violations)})"

    def place(self, shape: Shape, focus: Nodes) -> Place:
        return Place(shape, focus, self.hierarchy, self.fresh, self.fails, self.condition, few=bool(self.among))

    def fresh(self) -> str:
        return f"v{next(self.numbers)}_"

    def enter(self, shape: Shape) -> None:
        if shape.node in self.above:
            raise NotCompilable(f"{shape.node} refers to itself, and a query cannot.")
        if own := shape.own_parameters:
            raise NotCompilable(f"{shape.node} has a constraint component of the shapes graph's own, by {own[0]}.")
        self.above = (*self.above, shape.node)

    def leave(self) -> None:
        self.above = self.above[:-1]


def _constraints(shape: Shape) -> Iterator[tuple[Component, Term]]:
    stated = shape.facts.predicates(shape.node)
    for component in components():
        if component.property in stated:
            for parameter in shape.objects(component.property):
                yield component, parameter


def own_properties(shapes: Shapes) -> frozenset[Iri]:
    """The properties of which all that is said is said of the focus nodes of the same targets."""
    targets: dict[Iri, set[tuple[Target, ...]]] = defaultdict(set)
    for root in shapes.roots:
        for shape in reached(root):
            if shape.path is not None and shape.path.predicate is not None:
                targets[shape.path.predicate].add(root.targets)
    return frozenset(predicate for predicate, where in targets.items() if len(where) == 1)


def reached(shape: Shape) -> Iterable[Shape]:
    """The shape and every shape that it names, each once."""
    found: dict[Term, Shape] = {}
    todo = [shape]
    while todo:
        this = todo.pop()
        if this.node in found:
            continue
        found[this.node] = this
        for parameter in ("node", "property", "not", "qualifiedValueShape"):
            todo += [this.shape(node) for node in this.objects(SH[parameter])]
        for parameter in ("and", "or", "xone"):
            todo += [this.shape(node) for head in this.objects(SH[parameter]) for node in this.members(head)]
    return found.values()


def looks_at_spelling(shape: Shape) -> bool:
    """Whether the shape, or one that it names, has a constraint on how literals are spelled."""
    return any(component.spelling for this in reached(shape) for component, _ in _constraints(this))


def looks_at_narrow_integers(shape: Shape) -> bool:
    """Whether the shape, or one that it names, asks for a datatype that the embedded store keeps as xsd:integer."""
    asked = (datatype for this in reached(shape) for datatype in this.objects(SH.datatype))
    return any(datatype.value.removeprefix(XSD[""].value) in INTEGERS for datatype in asked)
