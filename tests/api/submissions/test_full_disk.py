"""A disk that is full: it is said, and nothing is half kept."""

from __future__ import annotations

import errno
import os

import pytest

from tests.api.submissions.world import World, report_of, sent


def test_where_the_disk_is_full_it_is_said_and_nothing_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name, before = sent(world, "no-room"), len(world.desk.log.lines())

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        answers = [world.send(report_of("no-room-either")), world.decide(name)]
    for answer in answers:
        assert answer.status_code == 507
        assert answer.json()["type"].endswith("/problem/no-room")
        assert str(world.folder) not in answer.text
    assert len(world.desk.log.lines()) == before
    assert world.ask("ngo", "GET", f"/submissions/{name}").json()["state"] == "received"
    assert world.desk.verify() == []
