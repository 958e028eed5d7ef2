"""The embedded store: Oxigraph, in memory or in a folder.

Oxigraph answers a query over one graph many times faster than over the union of a list of graphs. So the public union
is kept ready in the store's default graph, beside the named graphs, and any other choice of graphs is copied once into
memory and kept while it is asked for (docs/decisions/0004-public-union.md has the measurement).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import pyoxigraph

from hrdd_graph.namespaces import sparql_prologue
from hrdd_graph.store.base import Answer, QueryError, Scope, StoreError
from hrdd_graph.terms import BlankNode, DefaultGraph, NamedNode, Quad

_CURRENT = "current"
_KEPT_SNAPSHOTS = 4


class EmbeddedStore:
    """An Oxigraph store. Readers open a folder read-only, so that many can read while one builds anew."""

    def __init__(
        self, store: pyoxigraph.Store, name: str, union: Iterable[str] = (), folder: Path | None = None
    ) -> None:
        self._store = store
        self._name = name
        self.folder = folder
        self.generation: Path | None = None  # the one that was opened; ``None`` of a store that is being made
        self._union = frozenset(union)
        self._snapshots: OrderedDict[tuple[frozenset[str], frozenset[str]], pyoxigraph.Store] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def union(self) -> frozenset[str]:
        """The graphs whose statements are also in the default graph."""
        return self._union

    @classmethod
    def in_memory(cls) -> EmbeddedStore:
        return cls(pyoxigraph.Store(), "memory:")

    @classmethod
    def open(cls, folder: Path) -> EmbeddedStore:
        """Open the current generation of a folder for reading. Raises ``StoreError``."""
        generation = current_generation(folder)
        if generation is None:
            raise StoreError(f"{folder} holds no store. Make one with `hrdd build --store {folder}`.")
        try:
            return cls.open_generation(generation)
        except StoreError:
            if current_generation(folder) == generation:
                raise
        return cls.open(folder)  # another was built in between, and this one went

    @classmethod
    def open_generation(cls, generation: Path) -> EmbeddedStore:
        """Open one generation of a folder for reading, the current one or one before it. Raises ``StoreError``."""
        folder = generation.parent
        try:
            union = json.loads((generation / "union.json").read_text(encoding="utf-8"))
            opened = cls(pyoxigraph.Store.read_only(str(generation / "quads")), str(folder), union, folder)
        except (OSError, ValueError) as error:
            raise StoreError(f"{folder} cannot be opened: {error}. Build it anew with `hrdd build`.") from error
        opened.generation = generation
        return opened

    def current(self) -> EmbeddedStore:
        """The store of the present state: this one, or the newer generation of its folder. Raises ``StoreError``."""
        if self.generation is None or current_generation(self.generation.parent) == self.generation:
            return self
        return EmbeddedStore.open(self.generation.parent)

    def query(self, text: str, scope: Scope) -> Answer:
        try:
            # Oxigraph's own union of graphs counts a statement once for each graph that makes it.
            graphs = tuple(self._every_graph()) if scope.graphs is None else scope.graphs
            reached = graphs if scope.named is None else scope.named
            named: list[NamedNode | BlankNode] = [NamedNode(graph) for graph in reached]
            chosen = frozenset(graphs)
            # Of all the graphs none is left out where each is in the union; those of it that are empty are not listed.
            if chosen == self._union or (scope.graphs is None and chosen <= self._union):
                return self._store.query(text, default_graph=DefaultGraph(), named_graphs=named)
            if len(chosen) == 1:
                return self._store.query(text, default_graph=NamedNode(graphs[0]), named_graphs=named)
            snapshot = self._snapshot(chosen, chosen.union(reached))
            return snapshot.query(text, default_graph=DefaultGraph(), named_graphs=named)
        except SyntaxError as error:
            raise QueryError(f"This is not SPARQL: {_placed(error.msg, text)}") from error
        except (OSError, RuntimeError, ValueError) as error:
            if str(error).startswith("The custom function"):
                raise QueryError(f"{error}.") from error
            raise StoreError(f"The store could not answer: {error}") from error

    def _every_graph(self) -> Iterator[str]:
        return (graph.value for graph in self._store.named_graphs() if isinstance(graph, NamedNode))

    def _snapshot(self, graphs: frozenset[str], reached: frozenset[str]) -> pyoxigraph.Store:
        """The chosen graphs in memory: the union of the ones as the default graph, the others under their names."""
        key = (graphs, reached)
        with self._lock:
            if key in self._snapshots:
                self._snapshots.move_to_end(key)
                return self._snapshots[key]
            snapshot = pyoxigraph.Store()
            for graph in graphs | reached:
                quads = list(self.quads(graph))
                if graph in reached:
                    snapshot.bulk_extend(quads)
                if graph in graphs:
                    snapshot.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)
            self._snapshots[key] = snapshot
            while len(self._snapshots) > _KEPT_SNAPSHOTS:
                self._snapshots.popitem(last=False)
            return snapshot

    def load(self, quads: Iterable[Quad], union: Iterable[str]) -> None:
        """Fill the store, and the default graph with the statements of the ``union`` graphs.

        Only who makes a store does this, on one that nobody reads yet: each call writes files of its own.
        """
        self._union = frozenset(union)
        self._store.bulk_extend(self._with_union(quads))

    def _with_union(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        default = DefaultGraph()
        for quad in quads:
            yield quad
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in self._union:
                yield Quad(quad.subject, quad.predicate, quad.object, default)

    def quads(self, graph: str) -> Iterable[Quad]:
        """The statements of one named graph."""
        return self._store.quads_for_pattern(None, None, None, NamedNode(graph))

    def warm(self) -> None:
        """Answer something small, so that what the store prepares at its first query is prepared."""
        next(iter(self._store.quads_for_pattern(None, None, None)), None)

    def save(self, folder: Path) -> None:
        """Write a store that is in memory into a folder, for other processes to read."""

        def fill(copy: EmbeddedStore) -> dict[str, str]:
            copy._union = self._union
            copy._store.bulk_extend(self._store)
            return {}

        replace_generation(folder, fill)

    def close(self) -> None:
        """Write everything out and let go of the files."""
        self._store.flush()
        self._store.optimize()
        del self._store


def current_generation(folder: Path) -> Path | None:
    """The folder of the generation that readers use, or ``None`` where there is none."""
    named = ""
    while True:
        before = named
        try:
            named = (folder / _CURRENT).read_text(encoding="utf-8").strip()
        except OSError:
            return None
        if (folder / named).is_dir():
            return folder / named
        if named == before:  # otherwise others may have been built between the two looks
            return None


def generation_facts(folder: Path) -> dict[str, str]:
    """What the build wrote beside the current generation; empty where there is none."""
    generation = current_generation(folder)
    if generation is None:
        return {}
    try:
        facts = json.loads((generation / "build.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in facts.items()}


def replace_generation(folder: Path, fill: Callable[[EmbeddedStore], dict[str, str]]) -> None:
    """Build a new generation with ``fill`` and make it the current one, all or nothing.

    Readers of the old generation keep it until they close; a failed build leaves the folder as it was. ``fill``
    returns facts that are kept beside the generation. Whoever builds at the same time waits for this build to end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder):
        _build_next(folder, fill)


def forget_graphs(folder: Path, graphs: Collection[str], seconds: float) -> bool:
    """Remove generations before the current one that hold any of these graphs, once it has been that for some seconds.

    Until then they have readers. Gives whether none is left.
    """
    with _held(folder):
        present = current_generation(folder)
        if present is None:
            return True
        has_readers = time.time() < (folder / _CURRENT).stat().st_mtime + seconds
        left = False
        for old in folder.glob("generation-*"):
            if old == present or not _holds(old, graphs):
                continue
            if has_readers:
                left = True
            else:
                shutil.rmtree(old, ignore_errors=True)
        return not left


def _holds(generation: Path, graphs: Collection[str]) -> bool:
    """Whether a generation has any of these graphs; one that nobody can open may."""
    try:
        return any(graph in graphs for graph in EmbeddedStore.open_generation(generation)._every_graph())
    except StoreError:
        return True


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Only one process at a time changes which generations a folder has."""
    lock = os.open(folder, os.O_RDONLY)  # the folder itself is what is held: no file of the lock's own is left
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _build_next(folder: Path, fill: Callable[[EmbeddedStore], dict[str, str]]) -> None:
    previous = current_generation(folder)
    generation = folder / f"generation-{uuid.uuid4().hex[:12]}"
    try:
        generation.mkdir()
        store = EmbeddedStore(pyoxigraph.Store(str(generation / "quads")), str(folder))
        facts = fill(store)
        (generation / "union.json").write_text(json.dumps(sorted(store.union)), encoding="utf-8")
        store.close()
        (generation / "build.json").write_text(json.dumps(facts, indent=1, sort_keys=True), encoding="utf-8")
        pointer = folder / f"{_CURRENT}.{generation.name}"
        pointer.write_text(generation.name, encoding="utf-8")
        pointer.replace(folder / _CURRENT)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    for old in folder.glob("generation-*"):
        if old not in (generation, previous):
            shutil.rmtree(old, ignore_errors=True)
    for left in folder.glob(f"{_CURRENT}.*"):  # by a build that was killed
        left.unlink(missing_ok=True)


def _placed(message: str | None, text: str) -> str:
    """A parser's message with the place in the text as its writer has it, without the prefixes put before it."""
    before = sparql_prologue()
    lines = before.count("\n") if text.startswith(before) else 0
    words = (message or "").partition(", [")[0]  # what follows are ranges of characters
    return re.sub(r"error at (\d+):", lambda found: f"error at line {int(found[1]) - lines}, column ", words)
