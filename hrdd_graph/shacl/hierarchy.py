"""Which classes stand below a class: by ``rdfs:subClassOf`` in the shapes graph and in the data together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from hrdd_graph.namespaces import RDF, RDFS
from hrdd_graph.terms import BlankNode, Iri, Term, sparql_text

_FEW = 6  # so many look-ups are faster than reading every class of a node

SUBCLASSES = f"SELECT DISTINCT ?lower ?upper WHERE {{ ?lower {RDFS.subClassOf} ?upper FILTER(!isLiteral(?upper)) }}"


@dataclass(frozen=True)
class Hierarchy:
    """Pairs of a class and one above it. An empty one is right for data that state every class of a node."""

    pairs: frozenset[tuple[Term, Term]] = frozenset()
    _below: dict[Term, set[Term]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below: dict[Term, set[Term]] = defaultdict(set)
        for lower, upper in self.pairs:
            below[upper].add(lower)
        object.__setattr__(self, "_below", dict(below))

    def __or__(self, other: Hierarchy) -> Hierarchy:
        return Hierarchy(self.pairs | other.pairs)

    def down_from(self, top: Term) -> set[Term]:
        """The class and every class below it."""
        found = {top}
        todo = [top]
        while todo:
            for lower in self._below.get(todo.pop(), ()):
                if lower not in found:
                    found.add(lower)
                    todo.append(lower)
        return found

    def is_named(self, top: Term) -> bool:
        """Whether the class and every class below it has a name."""
        return isinstance(top, Iri) and not self._named(top)[1]

    def instances(self, variable: str, top: Term, kind: str) -> str:
        """A pattern that binds ``variable`` to the instances of a class; ``kind`` is a variable that it may use.

        A node may come more than once. Raises ``ValueError`` where the class has no name.
        """
        names, unnamed = self._named(top)
        if unnamed:
            return f"?{variable} {RDF.type}/{RDFS.subClassOf}* ?{kind} . VALUES ?{kind} {{ {' '.join(names)} }}"
        if len(names) == 1:
            return f"?{variable} {RDF.type} {names[0]} ."
        return f"VALUES ?{kind} {{ {' '.join(names)} }} ?{variable} {RDF.type} ?{kind} ."

    def no_instance(self, variable: str, top: Term, kind: str) -> str:
        """A filter that keeps the rows whose ``variable`` is no instance of the class."""
        names, unnamed = self._named(top)
        if unnamed:
            return f"MINUS {{ {self.instances(variable, top, kind)} }}"
        if len(names) <= _FEW:
            return f"FILTER(!({' || '.join(f'EXISTS {{ ?{variable} {RDF.type} {name} }}' for name in names)}))"
        one_of = f"FILTER(?{kind} IN ({', '.join(names)}))"
        return f"OPTIONAL {{ ?{variable} {RDF.type} ?{kind} . {one_of} }} FILTER(!BOUND(?{kind}))"

    def _named(self, top: Term) -> tuple[list[str], bool]:
        """The classes that have a name, the top one first, and whether there are others."""
        below = self.down_from(top) - {top}
        names = sorted(sparql_text(term) for term in below if isinstance(term, Iri))
        return [sparql_text(top), *names], any(isinstance(term, BlankNode) for term in below)


def hierarchy_of(rows: Iterable[tuple[Term | None, ...]]) -> Hierarchy:
    """The hierarchy in the rows of ``SUBCLASSES``."""
    return Hierarchy(frozenset((row[0], row[1]) for row in rows if row[0] is not None and row[1] is not None))
