"""What is erased is gone: from the blobs, from what is laid out, whoever reads it meanwhile, and after a crash too."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hrdd_graph.opening import build_folder
from hrdd_graph.resources import Resources, open_resources
from hrdd_graph.submissions.blobs import Blobs
from hrdd_graph.submissions.desk import Decision, Desk, Gone
from hrdd_graph.submissions.files import Sent
from hrdd_graph.submissions.letter import Letter
from hrdd_graph.submissions.state import Submission
from hrdd_graph.terms import Literal, Quad
from tests.api.processes import least_root, letter_of


@pytest.fixture(scope="module")
def least(tmp_path_factory: pytest.TempPathFactory) -> Resources:
    root = tmp_path_factory.mktemp("erasing") / "root"
    least_root(root)
    return open_resources(root)


@pytest.fixture
def desk(least: Resources, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "submissions", least)


def taken(desk: Desk, name: str = "x") -> Submission:
    letter = Letter(title=f"Report {name}", licence="https://creativecommons.org/licenses/by/4.0/", consent="published")
    return desk.receive(letter_of(name).encode(), "text/turtle", letter, by="sender")


def holding(desk: Desk, words: bytes) -> list[Path]:
    """The files of a desk in which these words stand."""
    return [path for path in desk.blobs.folder.rglob("*") if path.is_file() and words in path.read_bytes()]


def completed(desk: Desk, one: Submission) -> Submission:
    """The same with another label."""

    def change(quads: list[Quad]) -> list[Quad]:
        other = Literal("Other words")
        return [
            Quad(q.subject, q.predicate, other if "label" in q.predicate.value else q.object, q.graph_name)
            for q in quads
        ]

    return desk.complete(one.id, change, by="sender", text="other words")


def test_what_was_there_before_a_completion_is_erased_too(desk: Desk) -> None:
    one = completed(desk, taken(desk))
    assert desk.verify() == []
    assert len(holding(desk, b"stream-x>")) == 3, "the body, and the statements before and after"
    desk.withdraw(one.id, "She asked.", by="sender", erase=True)
    assert holding(desk, b"stream-x>") == []
    assert desk.verify() == []


def test_what_another_submission_has_too_stays(desk: Desk) -> None:
    one, other = taken(desk, "same"), taken(desk, "other")
    assert one.letter != other.letter
    again = desk.receive(letter_of("third").encode(), "text/turtle", desk.letter(one), by="sender")
    assert again.letter == one.letter
    desk.withdraw(one.id, "She asked.", by="sender", erase=True)
    assert desk.letter(again).title == "Report same"
    assert desk.verify() == []


@pytest.mark.parametrize("repeat", ["withdraw", "build"])
def test_an_erasure_that_was_broken_off_is_finished(desk: Desk, monkeypatch: pytest.MonkeyPatch, repeat: str) -> None:
    one = completed(desk, taken(desk))

    class Killed(BaseException):
        pass

    def killed(self: Blobs, digest: str) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Blobs, "remove", killed)
        with pytest.raises(Killed):
            desk.withdraw(one.id, "She asked.", by="sender", erase=True)
    assert holding(desk, b"stream-x>")
    if repeat == "build":
        desk.bring_up_to_date()
    else:
        desk.withdraw(one.id, "She asked.", by="sender", erase=True)
    assert holding(desk, b"stream-x>") == []
    assert [step.event for step in desk.all()[one.id].steps] == ["received", "completed", "withdrawn"]


def test_what_was_laid_out_goes_at_once(desk: Desk) -> None:
    one = desk.decide(taken(desk).id, Decision("accept", "We looked."), by="curator")
    desk.bring_up_to_date()
    laid = desk.folder / "accepted" / f"submission-{one.id}"
    assert laid.is_dir()
    desk.withdraw(one.id, "She asked.", by="sender", erase=True)
    assert not laid.exists()


@pytest.mark.parametrize(
    "look",
    [
        lambda desk, one: desk.letter(one).title == "(erased)",
        lambda desk, one: desk.report(one)["statements"] == 0,
        lambda desk, one: desk.state() == "",
    ],
)
def test_who_reads_it_meanwhile_finds_it_erased(
    desk: Desk, least: Resources, look: Callable[[Desk, Submission], bool]
) -> None:
    seen = taken(desk)
    Desk(desk.folder, least).withdraw(seen.id, "She asked.", by="sender", erase=True)
    assert look(desk, seen)
    with pytest.raises(Gone):
        desk.quads(seen)


def test_a_file_that_was_erased_is_not_told_to_have_changed(desk: Desk, least: Resources) -> None:
    letter = Letter(title="With a file", licence="https://creativecommons.org/licenses/by/4.0/", consent="published")
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    photo = out.getvalue()
    one = desk.receive(letter_of("file").encode(), "text/turtle", letter, by="sender", files=[Sent(photo)])
    assert desk.file(one, one.files[0].sha256) == photo
    Desk(desk.folder, least).withdraw(one.id, "She asked.", by="sender", erase=True)
    with pytest.raises(Gone):
        desk.file(one, one.files[0].sha256)
    assert [step.event for step in desk.all()[one.id].steps] == ["received", "withdrawn"]


def test_what_is_withdrawn_while_a_build_reads_it_breaks_no_build(least: Resources, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "store.submissions", least)
    one = desk.decide(taken(desk).id, Decision("accept", "We looked."), by="curator")
    told: list[str] = []

    def withdraw(progress: str) -> None:
        if not told:
            desk.withdraw(one.id, "She asked.", by="sender", erase=True)
        told.append(progress)

    facts = build_folder(least, tmp_path / "store", withdraw)
    assert told
    assert desk.state() != facts["submissions"], "what was built is known to be out of date"
    assert build_folder(least, tmp_path / "store")["submissions"] == desk.state()
    assert {path.name for path in desk.folder.iterdir()} == {"accepted", "blobs", "lock", "log.head", "log.jsonl"}
