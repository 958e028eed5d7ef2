"""Running compiled shapes over a view or a store: one query a constraint, results in a stable order."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from hrdd_graph.shacl.checks import Check, Part
from hrdd_graph.shacl.compile import Compiled
from hrdd_graph.shacl.fallback import validated_by_engine
from hrdd_graph.shacl.hierarchy import SUBCLASSES, Hierarchy, hierarchy_of
from hrdd_graph.shacl.paths import Path
from hrdd_graph.shacl.result import Result, filled
from hrdd_graph.store import Answer, Rows, Scope, Store, select, side_by_side
from hrdd_graph.terms import Iri, Literal, Term, Triple


@runtime_checkable
class Data(Protocol):
    """What shapes are checked on: a ``View``, or anything that answers SPARQL as one does."""

    def select(self, text: str) -> Rows: ...

    def query(self, text: str) -> Answer: ...


WHOLE = Scope()


@dataclass(frozen=True)
class StorePart:
    """Some graphs of a store, or all of them."""

    store: Store
    scope: Scope = WHOLE

    def select(self, text: str) -> Rows:
        return select(self.store, text, self.scope)

    def query(self, text: str) -> Answer:
        return self.store.query(text, self.scope)


def run(
    data: Data | Store,
    compiled: Compiled,
    *,
    hierarchy: Hierarchy | None = None,
    notice: Callable[[str], None] = lambda _: None,
    about: Container[str] | None = None,
) -> list[Result]:
    """Every result of the shapes over the data.

    The classes below classes are read from the data unless a ``hierarchy`` is given (an empty one is right where the
    data state every class of a node). Shapes that no query can stand for are left to a SHACL engine, which gets the
    whole of the data; ``notice`` is told of each. ``about`` names the focus nodes whose results are wanted, where
    that is not all of them.
    """
    source = data if isinstance(data, Data) else StorePart(data)
    below = hierarchy_of(source.select(SUBCLASSES).rows) if hierarchy is None else hierarchy
    checks = compiled.checks(below)

    def found_by(check: Check) -> list[Result]:
        return results_of(check, source.select(check.text), about)

    found = [result for results in side_by_side(found_by, checks) for result in results]
    found += [r for r in by_engine(source, compiled, notice) if about is None or r.focus.value in about]
    return sorted(found, key=lambda result: result.sort_key)


def by_engine(source: Data, compiled: Compiled, notice: Callable[[str], None]) -> list[Result]:
    """The results of the shapes that no query can stand for."""
    for fallback in compiled.fall_back:
        notice(f"{fallback.reason} It is left to a SHACL engine, which is slower.")
    if not compiled.fall_back:
        return []
    triples = source.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    statements = (triple for triple in triples if isinstance(triple, Triple))  # type: ignore[union-attr]  # of a CONSTRUCT
    return validated_by_engine(statements, compiled.shapes, [fallback.shape for fallback in compiled.fall_back])


def results_of(check: Check, rows: Rows, about: Container[str] | None = None) -> list[Result]:
    """The results in the rows of a check's query, about those focus nodes."""
    return [
        _result(check, part, row)
        for row in rows.dicts()
        for part in check.parts
        if check.this in row and (about is None or row[check.this].value in about) and _breaks(part, row)
    ]


def _breaks(part: Part, row: dict[str, Term]) -> bool:
    """Whether a row tells that the constraint is broken; where it is about a value, there must be one."""
    if not part.mark:
        return True
    return row[part.mark].value != "true" and (not part.violation.value or part.violation.value[1:] in row)


def _result(check: Check, part: Part, row: dict[str, Term]) -> Result:
    violation, shape = part.violation, part.shape
    focus = row[check.this]
    value = row.get(violation.value[1:]) if violation.value else None
    path = shape.path
    predicate = row.get(violation.path[1:]) if violation.path else None
    if isinstance(predicate, Iri):
        path = Path("predicate", predicate=predicate)
    bindings = {name: row[name] for name in violation.others if name in row}
    named = {**bindings, "this": focus, **({"value": value} if value is not None else {})}
    own = bindings.get("message") if violation.node is not None else None
    texts = (own,) if isinstance(own, Literal) else violation.messages or shape.messages
    if violation.node is not None and value is None and violation.value:
        value = focus if shape.path is None else None
    return Result(
        focus=focus,
        path=path,
        value=value,
        component=part.component.iri,
        shape=shape.node,
        root=check.root.node,
        severity=shape.severity,
        messages=tuple(filled(text, named) for text in texts) or (Literal(violation.message + "."),),
        constraint=violation.node,
        bindings=bindings if violation.node is not None else {},
    )
