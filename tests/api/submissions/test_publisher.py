"""What the publisher sees to beside building: that no earlier state of the graph keeps what was erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hrdd_api import publisher as module
from hrdd_api.publisher import Publisher

from hrdd_graph.resources import open_resources
from hrdd_graph.store.embedded import EmbeddedStore, current_generation
from hrdd_graph.submissions.desk import Decision, Desk
from hrdd_graph.submissions.letter import Letter
from hrdd_graph.submissions.state import Submission
from tests.api.processes import Home, letter_of, until

LETTER = Letter(title="Report", licence="https://creativecommons.org/licenses/by/4.0/", consent="published")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path, {})
    home.build()
    return home


@pytest.fixture
def publisher(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setattr(module, "_AGAIN", 0.5)
    made = Publisher(home.desk(), EmbeddedStore.open(home.store), open_resources(home.root))
    yield made
    made.stop()


def accepted(desk: Desk, name: str) -> Submission:
    one = desk.receive(letter_of(name).encode(), "text/turtle", LETTER, by="sender")
    return desk.decide(one.id, Decision("accept", "We looked."), by="curator")


def holding(home: Home, one: Submission) -> list[Path]:
    """The generations of the store that have the graph of a submission."""
    found = home.store.glob("generation-*")
    return [each for each in found if list(EmbeddedStore.open_generation(each).quads(one.graph))]


def test_what_was_erased_leaves_the_generation_before_too(home: Home, publisher: Publisher) -> None:
    desk = home.desk()
    one, other = accepted(desk, "one"), accepted(desk, "other")
    publisher.start()
    until(lambda: not publisher.waits_for, "it was not built")
    (first,) = holding(home, one)
    reader = EmbeddedStore.open_generation(first)
    desk.withdraw(one.id, "She asked.", by="sender", erase=True)
    publisher.wake()
    until(lambda: not first.exists(), "the generation before still holds it")
    assert holding(home, one) == []
    assert holding(home, other) == [current_generation(home.store)]
    assert list(reader.quads(one.graph)), "who has it open goes on"


def test_what_was_only_withdrawn_leaves_the_generation_before_to_its_readers(home: Home, publisher: Publisher) -> None:
    desk = home.desk()
    one, other = accepted(desk, "one"), accepted(desk, "other")
    publisher.start()
    until(lambda: not publisher.waits_for, "it was not built")
    before = current_generation(home.store)
    desk.withdraw(other.id, "A mistake.", by="sender")
    publisher.wake()
    until(lambda: current_generation(home.store) != before and not publisher.waits_for, "it was not built")
    publisher.stop()
    publisher._thread.join(30)
    assert before in holding(home, one)
    assert before in holding(home, other)
