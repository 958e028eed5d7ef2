"""Two decide on the same submission at the same time: one of them does, and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from tests.api.processes import Home, send, step, until

ROUNDS = 8


@dataclass
class Office:
    """A server, and those who use it, each over a connection of its own."""

    home: Home
    sender: httpx.Client
    one: httpx.Client
    other: httpx.Client
    reader: httpx.Client


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = Home(tmp_path_factory.mktemp("office"), {"sender": ["submit"], "one": ["decide"], "other": ["decide"]})
    home.build()
    with home.serving(HRDD_CATALOG_SECONDS="0") as running, ExitStack() as clients:
        people = [clients.enter_context(home.client(running.address, who)) for who in ("sender", "one", "other", "")]
        yield Office(home, *people)
    assert home.desk().verify() == []


Step = tuple[httpx.Client, str, dict[str, bool]]


def at_once(name: str, *asked: Step) -> list[httpx.Response]:
    """The answers to steps with a submission that are asked for in the same moment."""
    start = threading.Barrier(len(asked))

    def ask(one: Step) -> httpx.Response:
        client, action, more = one
        start.wait(10)
        return step(client, name, action, **more)

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(ask, asked))


def events(office: Office, name: str) -> list[str]:
    found = office.home.desk().find(name)
    assert found is not None
    return [step.event for step in found.steps]


@pytest.mark.parametrize("pair", [("accept", "accept"), ("accept", "reject"), ("reject", "ask"), ("ask", "accept")])
def test_of_two_curators_one_decides_and_the_other_is_told(office: Office, pair: tuple[str, str]) -> None:
    for number in range(ROUNDS):
        name = send(office.sender, f"{'-'.join(pair)}-{number}")
        answers = at_once(name, (office.one, pair[0], {}), (office.other, pair[1], {}))
        told = sorted(answer.status_code for answer in answers)
        happened = events(office, name)
        decided = [event for event in happened if event in ("accepted", "rejected")]
        assert len(decided) == 1, happened
        if pair[0] == pair[1]:  # the same decision again changes nothing
            assert told == [200, 200]
            assert happened == ["received", "accepted"]
        elif happened[1] == "asked":  # a question may come before a decision
            assert told == [200, 200]
        else:
            assert told == [200, 409]
            refused = next(answer for answer in answers if answer.status_code == 409)
            assert decided[0] in refused.json()["detail"]
            assert refused.json()["fix"]
        for answer in answers:
            if answer.status_code == 200:
                assert answer.json()["hash"] in {line.hash for line in office.home.desk().log.lines()}


@pytest.mark.parametrize("erase", [False, True])
def test_a_sender_who_withdraws_while_a_curator_accepts_has_the_last_word(office: Office, erase: bool) -> None:
    for number in range(ROUNDS):
        name = send(office.sender, f"back-{erase}-{number}")
        accepted, withdrawn = at_once(name, (office.one, "accept", {}), (office.sender, "withdraw", {"erase": erase}))
        assert withdrawn.status_code == 200, withdrawn.text
        assert withdrawn.json()["state"] == "withdrawn"
        assert accepted.status_code in (200, 409), accepted.text
        happened = events(office, name)
        assert happened == ["received", *["accepted"] * (accepted.status_code == 200), "withdrawn"]
        until(partial(is_settled, office, name), "the graph did not follow")
        node = f"/id/source/stream-back-{erase}-{number}"
        assert office.reader.get(node).status_code == (410 if accepted.status_code == 200 else 404)
        if erase:
            assert not (office.home.folder / "store.submissions" / "accepted" / f"submission-{name}").exists()


def is_settled(office: Office, name: str) -> bool:
    """Whether the graph holds what was decided of a submission."""
    return bool(office.sender.get(f"/submissions/{name}").json()["waitsFor"] == "")


def test_of_two_corrections_that_are_accepted_at_once_one_takes_the_place_of_the_first(office: Office) -> None:
    for number in range(ROUNDS // 2):
        first = send(office.sender, f"first-{number}")
        assert step(office.one, first, "accept").status_code == 200
        again = [send(office.sender, f"again-{number}-{place}", replaces=first) for place in range(2)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda each: step(each[0], each[1], "accept"), zip((office.one, office.other), again, strict=True)
                )
            )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        accepted, refused = sorted(answers, key=lambda answer: answer.status_code)
        winner = accepted.json()["id"]
        assert winner in refused.json()["detail"]
        assert events(office, first) == ["received", "accepted", "replaced"]
        (other,) = {*again} - {winner}
        assert events(office, other) == ["received"]
