"""What the server knows, and the little that it keeps in memory: views, runs of the rules, and names of things."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request

from hrdd_api.access import caller_of
from hrdd_api.dumps import Dumps
from hrdd_api.kept import Kept
from hrdd_api.settings import Settings
from hrdd_graph import __version__
from hrdd_graph.answers._findings import Findings
from hrdd_graph.description.void import Numbers, numbers
from hrdd_graph.gaps.counts import Counts, counts_of
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.matching.directory import Directory
from hrdd_graph.matching.graph import directory_of
from hrdd_graph.matching.names import folded, legal_forms
from hrdd_graph.memory import Memory
from hrdd_graph.namespaces import HOME
from hrdd_graph.ontology import Vocabulary, read_vocabulary
from hrdd_graph.reference.ontology_page import Part, ontology_parts
from hrdd_graph.resources import Resources
from hrdd_graph.rules import Rule, read_rules
from hrdd_graph.search import SearchIndex, index_of
from hrdd_graph.speech import best
from hrdd_graph.store import Store, StoreError
from hrdd_graph.store.embedded import EmbeddedStore
from hrdd_graph.store.limited import LimitedQueries, limited
from hrdd_graph.store.limits import Limits, Turns
from hrdd_graph.suggestions.suggester import Suggester, suggester_of
from hrdd_graph.templates import Template, read_templates
from hrdd_graph.terms import Iri, Literal
from hrdd_graph.view import View, open_view

_EVALUATIONS = 2  # of all rules at once, for other days, languages or views; each may keep a processor busy
_WAITING = 16  # requests that wait for one; each holds one of the threads in which all others are answered


@dataclass(frozen=True)
class Names:
    """Everything of ours that has a label: each address with its labels by language; and the languages of them all."""

    labels: dict[str, dict[str, str]]
    languages: frozenset[str]

    def within(self, folder: str, language: str = "en") -> list[tuple[str, str]]:
        """Addresses of what lies directly in a folder, each with its label in a language, else in English, else in any;
        by label.
        """
        found = [
            (iri, labels[best(labels, language)])
            for iri, labels in self.labels.items()
            if iri.startswith(folder) and not set("/#") & set(iri[len(folder) :])
        ]
        return sorted(found, key=lambda pair: (folded(pair[1]), pair[0]))


@dataclass(frozen=True)
class _Generation:
    """A state of the store: its number from 0, the store itself, and the way to answer callers' queries over it."""

    number: int
    store: Store
    queries: LimitedQueries


class _Opened:
    """The generation of the store that answers. Where there is a newer one, that one is opened."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._size = settings.query_workers
        self._limits = Limits(settings.query_seconds, settings.query_rows, settings.query_megabytes << 20)
        self._lock = Lock()
        self._prepared = False
        self.present = self._generation(0, store)
        self._before = self.present

    def _generation(self, number: int, store: Store) -> _Generation:
        return _Generation(number, store, limited(store, size=self._size, limits=self._limits))

    def follow(self) -> _Generation:
        """Go over to the newest state of the store; gives it. Views that exist keep theirs. Raises ``StoreError``."""
        with self._lock:
            known = self.present.store
            store = known.current() if isinstance(known, EmbeddedStore) else known
            if store is not known:
                self._before, self.present = self.present, self._generation(self.present.number + 1, store)
                self._before.queries.close()  # a query that runs is answered
                if self._prepared:
                    self.present.queries.prepare()
            return self.present

    def queries_over(self, store: Store) -> LimitedQueries:
        """The way to answer callers' queries over a store that is open, or was until now. Raises ``StoreError``."""
        for generation in (self.present, self._before):
            if generation.store is store:
                return generation.queries
        raise StoreError("two generations were built while a request was read")

    def prepare(self) -> None:
        """Have what callers' queries need ready from now on, where the store is one that others can open too."""
        store = self.present.store
        if not isinstance(store, EmbeddedStore) or store.folder:  # one in memory would be written out first
            self._prepared = True
            self.present.queries.prepare()


class Knowledge:
    """The store with its rules and templates; one for each application, and what one caller may see of it.

    Everything kept is kept by the digest of the view that it was made from, which names the graphs in the view.
    """

    readable: frozenset[str] = frozenset()  # the restricted graphs that are in the caller's views

    def __init__(self, resources: Resources, store: Store, settings: Settings) -> None:
        self.resources = resources
        self.settings = settings
        self._opened = _Opened(store, settings)
        self.rules: tuple[Rule, ...] = read_rules(resources)
        self.active_rules = tuple(rule for rule in self.rules if rule.active)
        self.templates: tuple[Template, ...] = read_templates(resources)
        self.texts = {template.name: template.path.read_bytes() for template in self.templates}
        # The languages in which any rule has its texts.
        self.rule_languages = frozenset(tag for rule in self.rules for tag in rule.label)
        self.build = _build()
        self._states: dict[frozenset[str], tuple[Hashable, date, str]] = {}
        self._views: Kept[Hashable, View] = Kept(64)
        self._memories: Kept[str, Memory] = Kept(8)
        self._evaluated_runs: Kept[Hashable, Run] = Kept(settings.kept_runs)
        self._runs: Kept[Hashable, Run] = Kept(settings.kept_runs)
        self._evaluations = Turns(_EVALUATIONS, _WAITING)
        self._findings: Kept[Hashable, Findings] = Kept(4)
        self._counts: Kept[Hashable, Counts] = Kept(8)
        self._names: Kept[str, Names] = Kept(4)
        self._ontology: Kept[str, tuple[Part, ...]] = Kept(2)
        self._languages: Kept[str, frozenset[str]] = Kept(4)
        self._directories: Kept[str, Directory] = Kept(4)
        self._indexes: Kept[str, SearchIndex] = Kept(4)
        self._suggesters: Kept[str, Suggester] = Kept(2)
        self.dumps = Dumps()
        self._numbers: Kept[Hashable, Numbers] = Kept(4)

    def prepare(self) -> None:
        """Make ready what is slow the first time."""
        self._opened.prepare()

    def close(self) -> None:
        """Let go of processes and files."""
        self._opened.present.queries.close()
        self.dumps.close()

    def queries_over(self, view: View) -> LimitedQueries:
        """The way to answer callers' queries in the generation that a view is of. Raises ``StoreError``."""
        return self._opened.queries_over(view.store)

    def seen_by(self, readable: frozenset[str]) -> Knowledge:
        """The same knowledge for a caller who may read these restricted graphs too."""
        if readable == self.readable:
            return self
        seen = copy(self)
        seen.readable = readable
        return seen

    @property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.resources.ontology / "hrdd.ttl")

    def view(self, as_of: date | None = None, known_on: date | None = None) -> View:
        """The caller's view on a day: what is public, and what the caller's token lets in. Raises ``StoreError``."""
        day = as_of or date.today()
        tick = self._tick()

        def look() -> View:
            generation, seen = self._look(day, known_on)
            if as_of is None and known_on is None:
                state = hashlib.sha256(repr(seen.entries).encode()).hexdigest()
                self._states[self.readable] = ((tick, generation), day, state)
            return replace(seen, memory=self._memories.get(seen.digest, Memory))

        # Once one caller has seen a newer generation, nobody sees the one before: no answer mixes the two.
        return self._views.get((self.readable, day, known_on, tick, self._opened.present.number), look)

    def fresh_view(self, as_of: date | None = None, known_on: date | None = None) -> View:
        """The same, asked of the store itself in its newest state. Raises ``StoreError``."""
        return self._look(as_of, known_on)[1]

    def _look(self, as_of: date | None, known_on: date | None) -> tuple[int, View]:
        """A view of the newest generation, with its number."""
        newest = self._opened.follow()
        return newest.number, open_view(newest.store, as_of=as_of, known_on=known_on, restricted=self.readable)

    def state(self) -> Hashable | None:
        """What every answer to the caller depends on: the day, and the graphs. ``None`` where a look at them is due."""
        moment, *state = self._states.get(self.readable, (None, date.min, ""))
        present = (self._tick(), self._opened.present.number)
        return tuple(state) if moment == present and state[0] == date.today() else None

    def _tick(self) -> int:
        """The number of the span of time in which the list of graphs is looked at once."""
        seconds = self.settings.catalog_seconds
        return int(time.monotonic() / seconds) if seconds else time.monotonic_ns()

    def run(self, view: View, rules: tuple[Rule, ...], language: str) -> Run:
        """What the rules find in a view, told in a language. Raises ``Busy``."""
        key = _run_key(view, rules, language)
        if (run := self._runs.kept(key)) is not None:
            return run
        evaluated = self._evaluated(view, rules)
        return self._runs.get(key, lambda: evaluated.in_language(language))

    def _evaluated(self, view: View, rules: tuple[Rule, ...]) -> Run:
        """The run from which those of all languages are made, evaluated once for each state of the graph."""
        key = _run_key(view, rules)
        if (run := self._evaluated_runs.kept(key)) is not None:
            return run
        with self._evaluations.take(self.settings.query_wait_seconds):
            return self._evaluated_runs.get(key, lambda: run_rules(view, rules))

    def is_evaluated(self, view: View) -> bool:
        """Whether what all the active rules find in a view is in memory."""
        return self._evaluated_runs.kept(_run_key(view, self.active_rules)) is not None

    def counts(self, view: View, language: str) -> tuple[Run, Counts]:
        """What all the active rules find in a view, and what ties each finding to the values of each facet."""
        run = self.run(view, self.active_rules, language)
        return run, self._counts.get(_run_key(view, run.rules, language), lambda: counts_of(run))

    def findings(self, view: View, language: str) -> Findings:
        """What all the active rules find in a view, as a graph that templates ask."""
        run = self.run(view, self.active_rules, language)
        return self._findings.get(_run_key(view, run.rules, language), lambda: Findings(run))

    def ontology(self, view: View) -> tuple[Part, ...]:
        """The parts of the core ontology, with examples from the view."""
        path = self.resources.ontology / "hrdd.ttl"
        return self._ontology.get(view.digest, lambda: ontology_parts(path, view))

    def names(self, view: View) -> Names:
        """The names of everything of ours in a view."""
        return self._names.get(view.digest, lambda: _read_names(view))

    def languages(self, view: View) -> frozenset[str]:
        """The languages in which a view has labels, or a rule its texts."""
        return self._languages.get(view.digest, lambda: self.names(view).languages | self.rule_languages)

    def directory(self, view: View) -> Directory:
        """The names in a view that others may mean."""
        forms = legal_forms(self.resources.data)
        return self._directories.get(view.digest, lambda: directory_of(view, forms))

    def search_index(self, view: View) -> SearchIndex:
        """What finds the things in a view by words."""
        return self._indexes.get(view.digest, lambda: index_of(view, self.rules, self.templates))

    def suggester(self, view: View) -> Suggester:
        """What suggests rights from what is in a view."""
        return self._suggesters.get(view.digest, lambda: suggester_of(view))

    def numbers(self, view: View) -> Numbers:
        """How much a view holds."""
        return self._numbers.get((view.graphs, view.digest), lambda: numbers(view))

    def rule(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def template(self, name: str) -> Template | None:
        return next((template for template in self.templates if template.name == name), None)


def _run_key(view: View, rules: tuple[Rule, ...], language: str = "") -> Hashable:
    versions = tuple((rule.name, rule.version) for rule in rules)
    return (view.digest, versions, view.as_of, view.known_on, language)


def _build() -> str:
    """A digest of this package's own files: an answer's tag changes when the code or a page does."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".js", ".po"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _read_names(view: View) -> Names:
    rows = view.select(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?thing ?label WHERE { ?thing rdfs:label ?label }"
    )
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    languages = set()
    for thing, label in rows.rows:
        if isinstance(label, Literal):
            language = label.language or "en"
            languages.add(language)
            if isinstance(thing, Iri) and thing.value.startswith(HOME):
                known = labels[thing.value]
                known[language] = min(label.value, known.get(language, label.value))
    return Names(dict(labels), frozenset(languages))


async def _knowledge_of(request: Request) -> Knowledge:
    knowledge: Knowledge = request.app.state.knowledge
    return knowledge.seen_by(caller_of(request.scope).readable)


KnowledgeDep = Annotated[Knowledge, Depends(_knowledge_of)]
