"""Record shapes: checking what a record must be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Store as Oxigraph

from hrdd_graph.derive import consequences
from hrdd_graph.namespaces import HOME, RDF, RDFS
from hrdd_graph.ontology import Vocabulary, read_turtle
from hrdd_graph.shacl.compile import Compiled, compile_shapes
from hrdd_graph.shacl.hierarchy import Hierarchy
from hrdd_graph.shacl.result import Result
from hrdd_graph.shacl.run import WHOLE, StorePart, run
from hrdd_graph.shacl.shapes import read_shapes
from hrdd_graph.store import Scope
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.terms import DefaultGraph, Iri, Quad, Triple

_DEFAULT = DefaultGraph()
_CORE = HOME + "ontology#"


@dataclass(frozen=True, order=True)
class ShapeResult:
    """One SHACL result: the node, what is wrong with it, how grave, and what to do (from the shape's description).

    ``shape`` is the address of the shape.
    """

    focus: str
    path: str
    value: str
    message: str
    severity: str
    fix: str
    shape: str = ""


def check_shapes(
    folder: Path,
    checked: Iterable[Quad | Triple],
    known: Iterable[Quad | Triple],
    vocabulary: Vocabulary,
    *others: Path,
) -> list[ShapeResult]:
    """Check statements, whatever graph they are in, against every shape file in ``folder`` and the ``others``.

    ``known`` are the statements that the checked ones may refer to. Results are about nodes of ``checked`` only.
    """
    mine = list(checked)
    subjects = {t.subject.value for t in mine if not isinstance(t.subject, Triple)}
    if any(subject.startswith(_CORE) for subject in subjects):
        mine = [t for t in mine if _is_data(t)]
    data = [_in_default_graph(t) for t in (*filter(_is_data, known), *mine)]
    store = Oxigraph()
    store.bulk_extend(data)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in consequences(data, vocabulary))
    embedded = EmbeddedStore(store, "memory:")
    found = {
        _described(result, compiled)
        for compiled in map(compiled_folder, (folder, *others))
        for result in run(embedded, compiled, hierarchy=Hierarchy(), about=subjects)
    }
    return sorted(found)


def _in_default_graph(statement: Quad | Triple) -> Quad:
    if isinstance(statement, Quad) and statement.graph_name == _DEFAULT:
        return statement
    return Quad(statement.subject, statement.predicate, statement.object)


def check_store(folder: Path, store: EmbeddedStore, checked: Iterable[Quad], scope: Scope = WHOLE) -> list[ShapeResult]:
    """Check the graphs of a filled store that are in scope, with what follows, against every shape file in ``folder``.

    Results are about nodes that ``checked`` speaks of.
    """
    compiled = compiled_folder(folder)
    subjects = {quad.subject.value for quad in checked if not isinstance(quad.subject, Triple)}
    found = run(StorePart(store, scope), compiled, hierarchy=Hierarchy(), about=subjects)
    return sorted({_described(result, compiled) for result in found})


def _is_data(triple: Quad | Triple) -> bool:
    """Whether a statement is no axiom; what is said of list values is data."""
    subject = triple.subject
    if not isinstance(subject, Iri) or not subject.value.startswith(_CORE) or triple.predicate == RDFS.label:
        return True
    value = triple.object
    return triple.predicate == RDF.type and isinstance(value, Iri) and value.value.startswith(_CORE)


def compiled_folder(folder: Path) -> Compiled:
    """The shapes of every file in a folder, ready to run."""
    return _compiled(tuple((file, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.ttl"))))


@cache
def _compiled(files: tuple[tuple[Path, int], ...]) -> Compiled:
    return compile_shapes(read_shapes(quad for file, _ in files for quad in read_turtle(file)))


def _described(result: Result, compiled: Compiled) -> ShapeResult:
    return ShapeResult(
        focus=result.focus.value,
        path=str(result.path or "").removeprefix("<").removesuffix(">"),
        value="" if result.value is None else result.value.value,
        message=result.message,
        severity=result.severity.value,
        fix=compiled.shapes.description(result.shape),
        shape=result.shape.value,
    )
