"""A change of a graph, as whoever asks again needs to know it."""

from __future__ import annotations

from dataclasses import dataclass

from hrdd_graph.terms import Triple


@dataclass(frozen=True)
class Change:
    """Statements that a view has gained and lost, with what follows from them. One that it had or still has through
    another graph may be among them.
    """

    added: frozenset[Triple] = frozenset()
    removed: frozenset[Triple] = frozenset()

    @property
    def statements(self) -> frozenset[Triple]:
        return self.added | self.removed
