"""Words for the things of the ontology: what a person may write in a cell, and the address that it stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from hrdd_graph.matching.names import folded
from hrdd_graph.namespaces import HRDD, IDS, PREFIXES, RDF, RDFS, compact
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.speech import OWN, best
from hrdd_graph.terms import Iri, Literal, Quad

_FEW = 12  # choices that an error can name
_NAMES = (RDFS.label, Iri(PREFIXES["skos"] + "altLabel"), HRDD.abbreviation, HRDD.iso2, HRDD.iso3)


@dataclass(frozen=True)
class Choices:
    """The things of some classes: ``exactly`` leads from words as written, in small letters, to ids, ``by_word`` from
    folded words; ``labels`` from ids to labels.
    """

    kinds: tuple[str, ...]
    exactly: Mapping[str, frozenset[str]]
    by_word: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]

    def named(self, text: str) -> frozenset[str]:
        """The ids that the text may stand for. ``ICCPR 22`` is not ``ICCPR 2(2)``, though both fold to the same."""
        return self.exactly.get(_plain(text)) or self.by_word.get(folded(text), frozenset())

    def find(self, text: str) -> str:
        """The id that the text stands for. Raises ``ValueError`` with the nearest words where it is none."""
        if text in self.labels:
            return text
        found = self.named(text)
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise ValueError(f'"{text}" may be {" or ".join(sorted(found))}. Write one of these.')
        near = get_close_matches(folded(text), self.by_word, n=2, cutoff=0.75)
        names = [f'"{self.labels[i]}"' for word in near for i in sorted(self.by_word[word])]
        kind = " or ".join(kind for kind in self.kinds if not kind.endswith(":"))
        hint = f"Did you mean {' or '.join(dict.fromkeys(names))}?" if near else "Take one from the list."
        if len(self.labels) <= _FEW:
            hint = f"Write one of {', '.join(self.labels)}."
        raise ValueError(f'"{text}" is no {kind} that is known. {hint}')


class Lists:
    """Everything in the vocabulary that a cell may name, by class."""

    def __init__(self, quads: Iterable[Quad], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, list[str]] = defaultdict(list)
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)  # by language
        self._beginnings: dict[str, set[str]] = defaultdict(set)
        self._classes: dict[str, set[str]] = defaultdict(set)
        prefix = PREFIXES["hrdd"]
        for quad in quads:
            if not isinstance(quad.subject, Iri):
                continue
            if quad.predicate == RDF.type and isinstance(quad.object, Iri) and quad.object.value.startswith(prefix):
                self._classes[quad.subject.value].add(quad.object.value.removeprefix(prefix))
            elif quad.predicate in _NAMES and isinstance(quad.object, Literal):
                self._names[quad.subject.value].append(quad.object.value)
                if quad.predicate == RDFS.label:
                    self._labels[quad.subject.value].setdefault(quad.object.language or OWN, quad.object.value)
                    # "UDHR 23(4): trade unions" is also known as "UDHR 23(4)"; so it is in every language.
                    self._beginnings[quad.subject.value].add(quad.object.value.partition(":")[0].strip())
        self._made: dict[tuple[tuple[str, ...], str], Choices] = {}

    def of(self, kinds: tuple[str, ...], language: str = OWN) -> Choices:
        """The things of any of the classes, with their labels in a language. ``udhr:`` keeps to ids that begin so."""
        if (kinds, language) not in self._made:
            self._made[kinds, language] = self._make(kinds, language)
        return self._made[kinds, language]

    def known(self, kinds: tuple[str, ...], text: str) -> str:
        """The id of the one thing of the classes that the text names; empty where there is none, or several."""
        found = self.of(kinds).named(text) if kinds else frozenset()
        return next(iter(found)) if len(found) == 1 else ""

    def _label(self, iri: str, language: str, short: str) -> str:
        labels = self._labels[iri]
        return labels.get(best(labels, language), short)

    def _classes_below(self, name: str, language: str) -> Choices:
        found = sorted(each for each in self._vocabulary.parents if self._vocabulary.is_a([each], name))
        names = {each: self._names[PREFIXES["hrdd"] + each] for each in found}
        labels = {each: self._label(PREFIXES["hrdd"] + each, language, each) for each in found}
        return _choices((name,), labels, [(each, 0, [each, *names[each]]) for each in found])

    def _make(self, kinds: tuple[str, ...], language: str) -> Choices:
        if kinds and kinds[0].startswith("subclass:"):
            return self._classes_below(kinds[0].partition(":")[2], language)
        prefixes = tuple(kind for kind in kinds if kind.endswith(":"))
        classes = [kind for kind in kinds if not kind.endswith(":")]
        labels: dict[str, str] = {}
        names: list[tuple[str, int, Iterable[str]]] = []
        for iri in sorted(self._classes):
            short = iri.removeprefix(PREFIXES["hrdd"]) if iri.startswith(PREFIXES["hrdd"]) else compact(iri)
            if short.startswith("id:"):
                short = iri.removeprefix(IDS)
            if not any(self._vocabulary.is_a(self._classes[iri], kind) for kind in classes):
                continue
            if prefixes and not short.startswith(prefixes):
                continue
            labels[short] = self._label(iri, language, short)
            local = short.rpartition(":")[2].rpartition("/")[2]
            # The less, the nearer: an id, a name, a name's beginning.
            ranked = ([short, local], self._names[iri], self._beginnings[iri])
            names += [(short, rank, some) for rank, some in enumerate(ranked)]
        return _choices(kinds, labels, names)


def _choices(
    kinds: tuple[str, ...], labels: Mapping[str, str], names: Iterable[tuple[str, int, Iterable[str]]]
) -> Choices:
    """Choices from ids with their names, and how near the names are to the things: of a word, the nearest count."""
    exactly: dict[str, dict[str, int]] = defaultdict(dict)
    by_word: dict[str, dict[str, int]] = defaultdict(dict)
    for short, rank, some in names:
        for name in some:
            exactly[_plain(name)].setdefault(short, rank)
            by_word[folded(name)].setdefault(short, rank)
    return Choices(kinds, _nearest(exactly), _nearest(by_word), labels)


def _nearest(words: Mapping[str, Mapping[str, int]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(i for i in ids if ids[i] == min(ids.values())) for word, ids in words.items()}


def _plain(text: str) -> str:
    """The text in small letters, its words apart by one space."""
    return " ".join(text.casefold().split())
