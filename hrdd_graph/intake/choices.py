"""Words for the things of the ontology: what a person may write in a cell, and the address that it stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from hrdd_graph.matching.names import folded
from hrdd_graph.namespaces import HRDD, IDS, PREFIXES, RDF, RDFS, compact
from hrdd_graph.ontology import Vocabulary
from hrdd_graph.terms import Iri, Literal, Quad

_FEW = 12  # choices that an error can name
_NAMES = (RDFS.label, Iri(PREFIXES["skos"] + "altLabel"), HRDD.abbreviation, HRDD.iso2, HRDD.iso3)


@dataclass(frozen=True)
class Choices:
    """The things of some classes: ``by_word`` leads from folded words to ids, ``labels`` from ids to English labels."""

    kinds: tuple[str, ...]
    by_word: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]

    def find(self, text: str) -> str:
        """The id that the text stands for. Raises ``ValueError`` with the nearest words where it is none."""
        found = self.by_word.get(folded(text), frozenset())
        if text in self.labels:
            return text
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
        self._names: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        self._classes: dict[str, set[str]] = defaultdict(set)
        prefix = PREFIXES["hrdd"]
        for quad in quads:
            if not isinstance(quad.subject, Iri):
                continue
            if quad.predicate == RDF.type and isinstance(quad.object, Iri) and quad.object.value.startswith(prefix):
                self._classes[quad.subject.value].add(quad.object.value.removeprefix(prefix))
            elif quad.predicate in _NAMES and isinstance(quad.object, Literal):
                english = quad.predicate == RDFS.label and quad.object.language in ("en", None)
                self._names[quad.subject.value].append((quad.object.value, english))
        self._made: dict[tuple[str, ...], Choices] = {}

    def of(self, kinds: tuple[str, ...]) -> Choices:
        """The things of any of the classes. A kind such as ``udhr:`` keeps to ids that begin so."""
        if kinds not in self._made:
            self._made[kinds] = self._make(kinds)
        return self._made[kinds]

    def known(self, kinds: tuple[str, ...], text: str) -> str:
        """The id of the one thing of the classes that the text names; empty where there is none, or several."""
        found = self.of(kinds).by_word.get(folded(text), frozenset()) if kinds else frozenset()
        return next(iter(found)) if len(found) == 1 else ""

    def _classes_below(self, name: str) -> Choices:
        found = sorted(each for each in self._vocabulary.parents if self._vocabulary.is_a([each], name))
        names = {each: self._names[PREFIXES["hrdd"] + each] for each in found}
        labels = {each: next((text for text, english in names[each] if english), each) for each in found}
        words: dict[str, set[str]] = defaultdict(set)
        for each in found:
            for word in (each, *(text for text, _ in names[each])):
                words[folded(word)].add(each)
        return Choices((name,), {word: frozenset(ids) for word, ids in words.items()}, labels)

    def _make(self, kinds: tuple[str, ...]) -> Choices:
        if kinds and kinds[0].startswith("subclass:"):
            return self._classes_below(kinds[0].partition(":")[2])
        prefixes = tuple(kind for kind in kinds if kind.endswith(":"))
        classes = [kind for kind in kinds if not kind.endswith(":")]
        words: dict[str, dict[str, int]] = defaultdict(dict)  # the less, the nearer: an id, a name, a name's beginning
        labels: dict[str, str] = {}
        for iri in sorted(self._classes):
            short = iri.removeprefix(PREFIXES["hrdd"]) if iri.startswith(PREFIXES["hrdd"]) else compact(iri)
            if short.startswith("id:"):
                short = iri.removeprefix(IDS)
            if not any(self._vocabulary.is_a(self._classes[iri], kind) for kind in classes):
                continue
            if prefixes and not short.startswith(prefixes):
                continue
            labels[short] = next((name for name, english in self._names[iri] if english), short)
            local = short.rpartition(":")[2].rpartition("/")[2]
            # "UDHR 23(4): trade unions" is also known as "UDHR 23(4)".
            beginning = labels[short].partition(":")[0]
            for rank, names in enumerate(([short, local], [name for name, _ in self._names[iri]], [beginning])):
                for name in names:
                    words[folded(name)].setdefault(short, rank)
        by_word = {word: frozenset(i for i in ids if ids[i] == min(ids.values())) for word, ids in words.items()}
        return Choices(kinds, by_word, labels)
