"""Where each submission stands, told from the log alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from hrdd_graph.submissions.log import Line
from hrdd_graph.submissions.reading import graph_of

OPEN = ("received", "asked")
# What readers of its addresses see. It does not say that there is another, which may be restricted or under embargo.
REPLACED = "It was withdrawn by the one who sent it."


@dataclass(frozen=True)
class File:
    """A file of evidence: the SHA-256 of the copy that was sent and of the one without metadata, if one can be made.

    ``node`` is the address of the source or evidence that it belongs to, ``archived`` an address of a copy elsewhere.
    """

    sha256: str
    published: str
    media_type: str
    size: int
    node: str = ""
    archived: str = ""


@dataclass(frozen=True)
class Step:
    """Something that happened to a submission. ``by`` is the id of a token; ``hash`` is the line's."""

    event: str
    time: str
    by: str
    text: str
    hash: str


@dataclass(frozen=True)
class Submission:
    """A submission as it stands. ``state`` is received, asked, accepted, rejected or withdrawn.

    ``body``, ``data``, ``report`` and ``letter`` name blobs. ``access`` is public or restricted once it was accepted,
    ``day`` the day of that; ``nodes`` are the addresses that a withdrawn one had in the graph.
    """

    id: str
    by: str
    state: str
    body: str
    media_type: str
    data: str
    report: str
    letter: str
    digest: str
    key: str = ""
    files: tuple[File, ...] = ()
    steps: tuple[Step, ...] = ()
    access: str = ""
    day: str = ""
    nodes: tuple[str, ...] = ()
    erased: bool = False
    replaces: str = ""  # the id of one that leaves when this one is accepted
    replaced_by: str = ""  # the id of the one that was accepted in its place
    data_before: tuple[str, ...] = ()  # what ``data`` was before each completion
    changed: tuple[tuple[str, str, str], ...] = ()  # of evidence: the file, the hash found, the day

    @property
    def graph(self) -> str:
        return graph_of(self.id)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def named(self) -> tuple[str, ...]:
        """Every file that the log ever named for it."""
        of_files = [digest for file in self.files for digest in (file.sha256, file.published) if digest]
        return (self.body, self.data, *self.data_before, self.report, self.letter, *of_files)

    @property
    def blobs(self) -> tuple[str, ...]:
        """Every file of it that has to be there."""
        return () if self.erased else self.named


def fold(lines: Iterable[Line], before: dict[str, Submission] | None = None) -> dict[str, Submission]:
    """The submissions by id, oldest first, after these lines."""
    found = dict(before or {})
    for line in lines:
        name = line.facts.get("submission", "")
        if line.event == "received":
            found[name] = _received(line)
        elif name in found:
            found[name] = _after(found[name], line)
            if (earlier := line.facts.get("replaces", "")) in found and line.event == "accepted":
                found[earlier] = _replaced(found[earlier], line)
    return found


def _received(line: Line) -> Submission:
    facts = line.facts
    return Submission(
        facts["submission"], facts["by"], "received", facts["body"], facts["mediaType"], facts["data"],
        facts["report"], facts["letter"], facts["digest"], facts["key"],
        tuple(File(**each) for each in facts["files"]), (_step(line),),
        replaces=facts.get("replaces", ""),
    )  # fmt: skip


def _replaced(one: Submission, line: Line) -> Submission:
    """The one in whose place another was accepted, by the same line of the log."""
    step = replace(_step(line), event="replaced", text=REPLACED)
    return replace(
        one, steps=(*one.steps, step), state="withdrawn", nodes=tuple(line.facts["nodes"]),
        replaced_by=line.facts["submission"],
    )  # fmt: skip


def _after(one: Submission, line: Line) -> Submission:
    facts: dict[str, Any] = line.facts
    stepped = replace(one, steps=(*one.steps, _step(line)))
    match line.event:
        case "asked":
            return replace(stepped, state="asked")
        case "answered":
            return replace(stepped, state="received")
        case "completed":  # a suggestion was accepted: there are more statements now
            return replace(stepped, data=facts["data"], data_before=(*one.data_before, one.data))
        case "accepted":
            return replace(stepped, state="accepted", access=facts["access"], day=line.day)
        case "rejected":
            return replace(stepped, state="rejected")
        case "withdrawn":
            return replace(stepped, state="withdrawn", nodes=tuple(facts["nodes"]), erased=facts["erased"])
        case "evidence-changed":
            return replace(stepped, changed=(*one.changed, (facts["file"], facts["observed"], line.day)))
    return one


def _step(line: Line) -> Step:
    return Step(line.event, line.time, line.facts.get("by", ""), line.facts.get("text", ""), line.hash)
