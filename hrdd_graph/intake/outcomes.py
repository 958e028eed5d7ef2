"""The outcomes of all rows: in memory while they are few, and on disk from then on."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from hrdd_graph.intake.outcome import Outcome

_IN_MEMORY = 8 * 1024 * 1024  # bytes: some 30,000 rows


class Outcomes(Collection[Outcome]):
    """Outcomes in the order of the rows. They can be read while more come in, and as often as is wanted."""

    def __init__(self) -> None:
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - goes when the outcomes go
        weakref.finalize(self, self._spool.close)
        self.counts: Counter[str] = Counter()

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Put some more behind the others."""
        some = list(outcomes)
        self.counts.update(outcome.state for outcome in some)
        self._spool.seek(0, 2)
        pickle.dump(some, self._spool, pickle.HIGHEST_PROTOCOL)

    def __len__(self) -> int:
        return self.counts.total()

    def __iter__(self) -> Iterator[Outcome]:
        place = 0
        end = self._spool.seek(0, 2)
        while place < end:
            self._spool.seek(place)
            some = pickle.load(self._spool)  # noqa: S301 - a file without a name, which we wrote
            place = self._spool.tell()
            yield from some

    def __contains__(self, outcome: object) -> bool:
        return any(outcome == each for each in self)
