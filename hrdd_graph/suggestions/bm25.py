"""BM25 over a few hundred texts, with what each word of a query adds (bm25s, https://bm25s.github.io)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bm25s import BM25


@dataclass(frozen=True)
class Hit:
    """A text that shares words with a query: its key, its score, and what each stem adds to it."""

    key: str
    score: float
    gains: Mapping[str, float]


class TextIndex:
    """Texts by key, each as a list of stems. Texts without a word are never found."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        kept = {key: list(stems) for key, stems in sorted(texts.items()) if stems}
        self._keys = tuple(kept)
        self._model = BM25(method="lucene", dtype="float64") if kept else None
        if self._model is not None:
            self._model.index(list(kept.values()), create_empty_token=False, show_progress=False)

    def find(self, stems: Iterable[str]) -> list[Hit]:
        """The texts that hold any of the stems, best first; how often a stem comes in the query does not count."""
        if self._model is None:
            return []
        gains: dict[int, dict[str, float]] = {}
        for stem in sorted(set(stems) & set(self._model.vocab_dict)):
            scores = self._model.get_scores([stem])
            for place in scores.nonzero()[0]:
                gains.setdefault(int(place), {})[stem] = float(scores[place])
        hits = [Hit(self._keys[place], sum(found.values()), found) for place, found in gains.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.key))
