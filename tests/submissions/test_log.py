"""The log of submissions: whatever is changed, lost, put in or swapped is found; what a crash tears is set aside."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.store import StoreError
from hrdd_graph.submissions.blobs import Blobs, Changed
from hrdd_graph.submissions.log import Log, digest_of
from tests.conftest import Hrdd

_LINES = 6


class Fresh(Protocol):
    def __call__(self) -> Log: ...


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    log = Log(folder)
    with log.locked():
        for number in range(_LINES):
            log.append("received", submission=f"s{number}", text="wörds")
    return folder


@pytest.fixture(scope="module")
def copy(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Log]:
    def make() -> Log:
        folder = tmp_path_factory.mktemp("copy") / "log"
        shutil.copytree(written, folder)
        return Log(folder)

    return make


def rewrite(log: Log, lines: list[bytes]) -> None:
    log.path.write_bytes(b"".join(line + b"\n" for line in lines))


def test_a_log_that_nobody_touched_is_whole(copy: Fresh) -> None:
    log = copy()
    assert log.verify() == []
    assert log.verify(log.lines()[2].hash) == []
    assert log.verify("0" * 64) != []


@given(place=st.integers(0, _LINES - 1), data=st.data())
def test_a_changed_character_is_found(copy: Fresh, place: int, data: st.DataObject) -> None:
    log = copy()
    lines = log.path.read_bytes().splitlines()
    at = data.draw(st.integers(0, len(lines[place]) - 1))
    other = data.draw(st.integers(0x20, 0x7E).filter(lambda c: c != lines[place][at]))
    changed = lines[place][:at] + bytes([other]) + lines[place][at + 1 :]
    lines[place] = changed
    rewrite(log, lines)
    assert log.verify() != []


@given(place=st.integers(0, _LINES - 1))
def test_a_lost_line_is_found_the_last_one_too(copy: Fresh, place: int) -> None:
    log = copy()
    lines = log.path.read_bytes().splitlines()
    rewrite(log, lines[:place] + lines[place + 1 :])
    assert log.verify() != []


@given(order=st.permutations(range(_LINES)).filter(lambda o: list(o) != sorted(o)))
def test_swapped_lines_are_found(copy: Fresh, order: list[int]) -> None:
    log = copy()
    lines = log.path.read_bytes().splitlines()
    rewrite(log, [lines[place] for place in order])
    assert log.verify() != []


def test_a_line_that_was_changed_together_with_its_hash_is_found(copy: Fresh) -> None:
    log = copy()
    lines = log.path.read_bytes().splitlines()
    content = json.loads(lines[2])
    content.pop("hash")
    content["text"] = "other words"
    lines[2] = json.dumps(content | {"hash": digest_of(content)}).encode()
    rewrite(log, lines)
    assert any("does not follow" in problem.what for problem in log.verify())


@given(kept=st.integers(1, 400))
def test_half_a_line_is_set_aside_and_loses_none_before_it(copy: Fresh, kept: int) -> None:
    log = copy()
    last = log.path.read_bytes().splitlines()[-1]
    with log.path.open("ab") as file:
        file.write(last[: min(kept, len(last) - 1)])
    again = Log(log.path.parent)
    assert again.verify() == [], "a torn line was acknowledged to nobody"
    with again.locked():
        again.append("received", submission="after")
    assert [line.event for line in again.lines()] == ["received"] * _LINES + ["torn", "received"]
    assert again.verify() == []


def test_a_second_process_sees_what_the_first_wrote(copy: Fresh) -> None:
    first = copy()
    second = Log(first.path.parent)
    assert len(second.lines()) == _LINES
    with first.locked():
        first.append("received", submission="new")
    assert second.lines()[-1].facts["submission"] == "new"
    with second.locked():
        assert second.append("asked", submission="new").number == _LINES + 2


def test_the_command_tells_what_is_wrong_and_where(copy: Fresh, hrdd: Hrdd) -> None:
    log = copy()
    folder = ("--submissions", str(log.path.parent))
    assert len(hrdd("log", "show", *folder, store=None).stdout.splitlines()) == _LINES
    text = log.path.read_bytes()
    log.path.write_bytes(text.replace(b'"s3"', b'"s9"'))
    done = hrdd("log", "verify", *folder, store=None)
    assert done.returncode == 1
    assert "log.jsonl:4" in done.stdout


def test_a_file_is_checked_whenever_it_is_read(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put(b"what was seen")
    assert blobs.get(digest) == b"what was seen"
    blobs.place(digest).write_bytes(b"what was not")
    with pytest.raises(Changed) as changed:
        blobs.get(digest)
    assert changed.value.observed != digest
    assert blobs.put(b"what was seen") == digest, "the same content sent again mends it"
    assert blobs.get(digest) == b"what was seen"
    blobs.remove(digest)
    with pytest.raises(Changed):
        blobs.get(digest)
    with pytest.raises(ValueError, match="no SHA-256"):
        blobs.get("../../etc/passwd")


def test_threads_that_read_while_others_write_see_every_line_once(tmp_path: Path) -> None:
    """A server's threads share one log; where they read too far or too little, a writer would cut lines off."""
    shared, other_process = Log(tmp_path), Log(tmp_path)
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                numbers = [line.number for line in shared.lines()]
            except StoreError as error:
                wrong.append(error)
            else:
                wrong.extend([numbers] if numbers != list(range(1, len(numbers) + 1)) else [])

    readers = [threading.Thread(target=read) for _ in range(6)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for reader in readers:
            reader.start()
        for number in range(60):
            log = (shared, other_process)[number % 2]
            with log.locked():
                log.append("received", submission=str(number))
    finally:
        done.set()
        for reader in readers:
            reader.join(30)
        sys.setswitchinterval(usual)
    assert not wrong
    assert len(Log(tmp_path).lines()) == 60
    assert Log(tmp_path).verify() == []


def test_where_the_disk_is_full_neither_line_nor_head_is_written(copy: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    log = copy()
    lines, head = log.lines(), log.head.read_bytes()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def refused() -> None:
        with log.locked():
            log.append("accepted", submission="x")

    for place in ("fsync", "write"):
        with monkeypatch.context() as patched:
            patched.setattr(os, place, full)
            with pytest.raises(OSError, match="No space left"):
                refused()
        assert Log(log.path.parent).lines() == lines
        assert log.head.read_bytes() == head
        assert log.verify() == []
        assert not list(log.path.parent.glob(".log.head.*"))
