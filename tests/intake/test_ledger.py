"""What an import keeps on disk while it runs: which record said what, and what became of each row."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.intake import outcomes as module
from hrdd_graph.intake.ledger import Ledger
from hrdd_graph.intake.outcome import Outcome
from hrdd_graph.intake.outcomes import Outcomes
from hrdd_graph.intake.save import added, state_of
from hrdd_graph.namespaces import HRDD, IDS, RDF, RDFS
from hrdd_graph.terms import Iri, Literal, Quad

MILL, UNION = Iri(IDS + "organisation/mill"), Iri(IDS + "organisation/union")
STATEMENTS = [
    Quad(MILL, RDF.type, HRDD.Firm),
    Quad(UNION, RDF.type, HRDD.TradeUnion),
    Quad(MILL, RDF.type, HRDD.NamedParty),
    Quad(Iri(MILL.value + "#in-list"), RDF.type, HRDD.Mention),
    Quad(MILL, RDFS.label, Literal("Mill", language="en")),
]


@pytest.mark.parametrize("quads", [STATEMENTS, STATEMENTS[::-1], sorted(STATEMENTS, key=str)])
def test_an_earlier_import_is_the_same_in_whatever_order_its_statements_come(quads: list[Quad], tmp_path: Path) -> None:
    ledger = Ledger.begun(tmp_path, quads)
    roots = [MILL.value, UNION.value, IDS + "organisation/unheard-of"]
    assert ledger.states(roots) == state_of(STATEMENTS)
    assert ledger.kinds(roots) == {MILL.value: {HRDD.Firm, HRDD.NamedParty}, UNION.value: {HRDD.TradeUnion}}
    assert ledger.continues
    ledger.say({UNION.value: (7, 12)}, {UNION.value: frozenset([HRDD.TradeUnion])})
    with closing(Ledger.opened(tmp_path)) as other:
        assert other.said(roots) == {UNION.value: (7, 12)}, "another process sees it"
    assert list(ledger.left()) == [MILL.value]
    ledger.close()


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_states_add_up_in_any_order_within_64_bits(states: list[int]) -> None:
    total = other = 0
    for one, last in zip(states, reversed(states), strict=True):
        total, other = added(total, one), added(other, last)
    assert total == other
    assert -(2**63) <= total < 2**63


def test_outcomes_are_read_as_often_as_wanted_also_when_they_are_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", 100)
    found = Outcomes()
    expected = [Outcome("", row, f"I{row}", "new" if row % 3 else "refused") for row in range(50)]
    for start in range(0, 50, 10):
        found.add(expected[start : start + 10])
        assert list(found) == expected[: start + 10]
    assert list(found) == expected
    assert len(found) == 50
    assert found.counts == {"new": 33, "refused": 17}
