"""Constraint components, a module for each family. A module here whose ``COMPONENTS`` holds components is all it takes.

A component is a name, the parameter that calls for it, and a function from a place and a value of the parameter to the
ways in which focus nodes can break the constraint (https://www.w3.org/TR/shacl/#core-components).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from hrdd_graph.namespaces import SH
from hrdd_graph.plugins import modules_in
from hrdd_graph.shacl.place import Place, Violation
from hrdd_graph.terms import Iri, Term


@dataclass(frozen=True)
class Component:
    """A constraint component: ``sh:<name>ConstraintComponent``, called for by each value of ``sh:<parameter>``.

    ``spelling`` says that it looks at how literals are spelled, which stores may change.
    """

    name: str
    parameter: str
    violations: Callable[[Place, Term], Iterable[Violation]]
    spelling: bool = False

    @cached_property
    def iri(self) -> Iri:
        return SH[self.name + "ConstraintComponent"]

    @cached_property
    def property(self) -> Iri:
        """The parameter's address."""
        return SH[self.parameter]


@cache
def components() -> tuple[Component, ...]:
    """Every component of every module in this package, in the order of their names."""
    found: list[Component] = []
    for name in modules_in(__path__):
        found += importlib.import_module(f"{__name__}.{name}").COMPONENTS
    return tuple(sorted(found, key=lambda component: component.name))


def single(where: Callable[[Place, Term], Violation]) -> Callable[[Place, Term], Iterator[Violation]]:
    """A component's function that gives one violation."""

    def violations(place: Place, parameter: Term) -> Iterator[Violation]:
        yield where(place, parameter)

    return violations
