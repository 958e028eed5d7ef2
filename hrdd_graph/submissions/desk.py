"""The desk: where submissions come in, wait, and are decided on. One folder, any number of processes."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.links import Decisions
from hrdd_graph.intake.save import root_of
from hrdd_graph.resources import Resources
from hrdd_graph.scratch import scratch_folder
from hrdd_graph.submissions.blobs import Blobs, Changed
from hrdd_graph.submissions.checking import Check, Remark, check, obstacles
from hrdd_graph.submissions.files import Sent, ready
from hrdd_graph.submissions.letter import ACCESS, Letter
from hrdd_graph.submissions.log import Line, Log
from hrdd_graph.submissions.publishing import Accepted, lay_out, stamp_of, take_away
from hrdd_graph.submissions.reading import Readout, graph_of, read
from hrdd_graph.submissions.state import Submission, fold
from hrdd_graph.terms import Quad, RdfFormat, parse
from hrdd_graph.view import EVERY_GRAPH

_EVENTS = {"accept": "accepted", "reject": "rejected", "ask": "asked"}
ACTIONS = tuple(_EVENTS)
_MOST_ADVICE = 200  # remarks that a report keeps


class Conflict(Exception):
    """What was asked does not fit what is on record already; ``fix`` says what to do."""

    def __init__(self, what: str, fix: str) -> None:
        self.fix = fix
        super().__init__(what)


class Gone(Exception):
    """What was sent was erased; nothing but the steps of the submission is left."""


class Withheld(Exception):
    """The release shapes do not let a public view show it. ``remarks`` say why."""

    def __init__(self, remarks: Iterable[Remark]) -> None:
        self.remarks = tuple(remarks)
        super().__init__(" ".join(remark.what for remark in self.remarks[:3]))


@dataclass(frozen=True)
class Decision:
    """What a curator decides: one of ``ACTIONS``, the reason or question, and the access where it is not as asked."""

    action: str
    text: str = ""
    access: str = ""


@dataclass(frozen=True)
class Tombstone:
    """What is left of something that was in the graph and was withdrawn."""

    graph: str
    day: str
    reason: str
    public: bool


def submissions_beside(store: str) -> Path | None:
    """Where the submissions to a store in a folder are kept; ``None`` for a store in memory or far away."""
    folder = Path(store)
    return None if "://" in store or store == "memory:" else folder.with_name(f"{folder.name}.submissions")


class Desk:
    """The submissions in a folder. Every change is one line of the log; nothing else is remembered."""

    def __init__(self, folder: Path, resources: Resources) -> None:
        self.folder = folder
        self._accepted = folder / "accepted"
        self.resources = replace(resources, accepted=self._accepted)
        self.log = Log(folder)
        self.blobs = Blobs(folder / "blobs")
        self._folded: tuple[list[Line], dict[str, Submission]] = ([], {})

    # -- looking -----------------------------------------------------------------------------------------------------

    def all(self) -> dict[str, Submission]:
        """Every submission by id, oldest first."""
        lines = self.log.lines()
        seen, found = self._folded
        if lines is not seen:
            found = fold(lines[len(seen) :], found) if lines[: len(seen)] == seen else fold(lines)
            self._folded = (lines, found)
        return found

    def find(self, name: str) -> Submission | None:
        return self.all().get(name)

    def letter(self, one: Submission) -> Letter:
        """Its covering letter; of an erased one nothing is left. Raises ``Changed``."""
        try:
            return Letter(**json.loads(self._blob(one, one.letter)))
        except Gone:
            return Letter(title="(erased)")

    def report(self, one: Submission) -> dict[str, Any]:
        """What the checks said when it came; of an erased one nothing is left. Raises ``Changed``."""
        try:
            found: dict[str, Any] = json.loads(self._blob(one, one.report))
        except Gone:
            return _report(Readout(()), Check((), (), ()))
        return found

    def quads(self, one: Submission) -> list[Quad]:
        """Its statements. Raises ``Gone`` or ``Changed``."""
        return list(parse(self._blob(one, one.data), format=RdfFormat.N_QUADS))

    def _blob(self, one: Submission, digest: str) -> bytes:
        """A file of a submission. Raises ``Gone`` where it was erased, if only a moment ago, and ``Changed``."""
        if not one.erased:
            try:
                return self.blobs.get(digest)
            except Changed:
                if not self.all()[one.id].erased:
                    raise
        raise Gone

    def tombstone(self, iri: str) -> Tombstone | None:
        """What is left of an address that a withdrawn submission had in the graph."""
        for one in self.all().values():
            if one.state == "withdrawn" and one.access and (iri == one.graph or iri in one.nodes):
                last = next(step for step in one.steps if step.event in ("withdrawn", "replaced"))
                return Tombstone(one.graph, last.time[:10], last.text, one.access == "public")
        return None

    # -- changing ----------------------------------------------------------------------------------------------------

    def receive(
        self,
        content: bytes | Callable[[str], bytes],
        media_type: str,
        letter: Letter,
        *,
        by: str,
        key: str = "",
        form: bytes | None = None,
        files: Iterable[Sent] = (),
        readable: frozenset[str] = frozenset(),
        decisions: Decisions | None = None,
    ) -> Submission:
        """Take a submission in: its content, or what makes it for the submission's id. It is on the disk on return.

        ``by`` is the id of a token, ``readable`` the restricted graphs that it may read and so point into; ``key``
        makes sure that the same submission sent again is not kept twice. ``form`` is what the sender sent, where the
        content was made from it: the same form may lead to other content once the graph knows more. ``decisions`` are
        those on who is who in a table (``submissions.who``); what was decided stands in the report. Raises
        ``UnusableInput`` where it cannot be kept, and ``Conflict`` where the key came with something else before.
        """
        files = tuple(files)
        make = content if callable(content) else lambda _: content
        digest = _digest(make("") if form is None else form, media_type, letter, files, decisions or {})
        key = hashlib.sha256(f"{by} {key}".encode()).hexdigest() if key else ""
        if earlier := self._by_key(key, digest):
            return earlier
        self._may_replace(letter.replaces, by)
        name = secrets.token_hex(8)
        body = make(name)
        found = read(body, media_type, name, letter, self.resources, readable, decisions)
        letter = _completed(letter, found)
        checked = self._check(found.quads, name, readable)
        evidence = [ready(each, found.quads) for each in files]
        blobs = {
            "body": body,
            "data": _lines(found.quads),
            "letter": _json(letter.document()),
            "report": _json(_report(found, checked)),
        }
        with self.log.locked():
            if earlier := self._by_key(key, digest):
                return earlier
            self._may_replace(letter.replaces, by)
            # Whoever erases holds the lock too: no copy goes between this and the line that names it.
            for copy in (copy for each in evidence for copy in each.copies):
                self.blobs.put(copy)
            self.log.append(
                "received",
                submission=name,
                by=by,
                digest=digest,
                key=key,
                mediaType=media_type,
                files=[asdict(each.file) for each in evidence],
                replaces=letter.replaces,
                **{what: self.blobs.put(content) for what, content in blobs.items()},
            )
        return self.all()[name]

    def decide(self, name: str, decision: Decision, *, by: str) -> Submission:
        """Accept, reject or ask. The same decision again changes nothing.

        With the acceptance of one that replaces an earlier submission the earlier one leaves, in one line of the log.
        Raises ``UnusableInput`` where it lacks its reason, ``Conflict`` where it was decided otherwise, and
        ``Withheld`` where a public view may not show it.
        """
        if decision.action not in ACTIONS:
            raise UnusableInput.one("action", f'"{decision.action}" is none.', fix=f"Write {', '.join(ACTIONS)}.")
        if decision.action != "accept" and not decision.text.strip():
            raise UnusableInput.one("reason", "is missing.", fix="Say why, or what you ask.")
        if decision.access not in ("", *ACCESS):
            raise UnusableInput.one("access", f'"{decision.access}" is none.', fix=f"Write {' or '.join(ACCESS)}.")
        event = _EVENTS[decision.action]
        with self.log.locked():
            one = self.all()[name]
            access = decision.access or self.letter(one).access
            if one.state == event != "asked" and (event == "rejected" or access == one.access):
                return one
            if not one.is_open:
                raise Conflict(f"It is {one.state}.", "Withdraw it if it should go; nothing is decided twice.")
            if event == "accepted":
                self._fits(one, access)
                self._may_show(one, access, decision.text)
                replaced = self._what_leaves(one)
                self.log.append(event, submission=name, by=by, access=access, text=decision.text, **replaced)
            else:
                self.log.append(event, submission=name, by=by, text=decision.text)
        return self.all()[name]

    def _may_replace(self, name: str, by: str) -> None:
        """Raises ``UnusableInput`` where a sender cannot replace a submission: another's is none of hers."""
        if not name:
            return
        one = self.find(name)
        if one is None or one.by != by:
            raise UnusableInput.one("replaces", f"{name} is no submission of yours.", fix="Write the id of yours.")
        if one.state == "withdrawn":
            what = f"{name} was {'replaced' if one.replaced_by else 'withdrawn'} already."
            fix = f"Replace {one.replaced_by} instead." if one.replaced_by else "Send the new one by itself."
            raise UnusableInput.one("replaces", what, fix=fix)

    def _what_leaves(self, one: Submission) -> dict[str, Any]:
        """What the line of an acceptance says of the earlier submission that it replaces.

        Raises ``Conflict`` where another correction was accepted before.
        """
        earlier = self.find(one.replaces) if one.replaces else None
        if earlier is None or (earlier.state == "withdrawn" and not earlier.replaced_by):
            return {}
        if earlier.replaced_by:
            what = f"{earlier.replaced_by} was accepted in place of what it replaces."
            raise Conflict(what, f"Ask for one that replaces {earlier.replaced_by}, or reject it.")
        return {"replaces": earlier.id, "nodes": self._nodes(earlier)}

    def _nodes(self, one: Submission) -> list[str]:
        """The addresses that an accepted submission alone has in the graph."""
        if one.state != "accepted":
            return []
        shared = frozenset(self.report(one)["shared"])
        return sorted({root_of(quad.subject) for quad in self.quads(one)} - shared)

    def _check(self, quads: Iterable[Quad], name: str, readable: frozenset[str]) -> Check:
        with scratch_folder() as scratch:
            return check(quads, graph_of(name), self.resources, scratch, self._is_gone, readable)

    def _fits(self, one: Submission, access: str) -> None:
        """Whether it still fits the graph, which has changed since it came.

        Raises ``Conflict``, or ``Withheld`` where it would be public and points to what is not.
        """
        self._lay_out()
        quads = self.quads(one)
        try:
            self._check(quads, one.id, frozenset([EVERY_GRAPH]))
        except UnusableInput as error:
            fix = "Ask for another version, or reject it."
            raise Conflict(
                f"It no longer fits the graph: {error.problems[0].path} {error.problems[0].what}", fix
            ) from None
        if access == "public":
            try:
                self._check(quads, one.id, frozenset())
            except UnusableInput as error:
                remarks = [Remark(problem.path, problem.what, "Accept it as restricted.") for problem in error.problems]
                raise Withheld(remarks) from None

    def _may_show(self, one: Submission, access: str, reason: str) -> None:
        """Raises ``Withheld`` where the release shapes forbid it; a warning wants a reason."""
        if access != "public":
            return
        letter = self.letter(one)
        day = max(date.today(), date.fromisoformat(letter.embargo)) if letter.embargo else date.today()
        refused, warned = obstacles(letter, access, day, self.resources)
        refused = [Remark(**each) for each in self.report(one)["withheld"]] + refused
        if warned and not reason.strip():
            refused += [replace(remark, about="reason") for remark in warned]
        if refused:
            raise Withheld(refused)

    def answer(self, name: str, text: str, *, by: str) -> Submission:
        """What the submitter says to a curator's question. Raises ``UnusableInput`` or ``Conflict``."""
        if not text.strip():
            raise UnusableInput.one("text", "is empty.", fix="Write the answer.")
        with self._changing(name):
            self.log.append("answered", submission=name, by=by, text=text)
        return self.all()[name]

    def complete(
        self,
        name: str,
        change: Callable[[list[Quad]], list[Quad]],
        *,
        by: str,
        text: str,
        readable: frozenset[str] = frozenset(),
    ) -> Submission:
        """Put what ``change`` makes of its statements in their place, as when a suggestion is accepted.

        Raises ``UnusableInput`` where they cannot be kept, and ``Conflict`` where it was decided on already.
        """
        with self._changing(name) as one:  # of two changes at once the second is made to what the first left
            before = self.quads(one)
            quads = change(before)
            if _lines(quads) != _lines(before):
                self._check(quads, name, readable)
                self.log.append("completed", submission=name, by=by, text=text, data=self.blobs.put(_lines(quads)))
        return self.all()[name]

    @contextmanager
    def _changing(self, name: str) -> Iterator[Submission]:
        """A submission that nobody else changes until the context ends. Raises ``Conflict`` where it was decided on."""
        with self.log.locked():
            one = self.all()[name]
            if not one.is_open:
                raise Conflict(f"It is {one.state}.", "Send a new submission.")
            yield one

    def withdraw(self, name: str, reason: str, *, by: str, erase: bool = False) -> Submission:
        """Take a submission back, out of the graph too; a tombstone stays. ``erase`` also removes what was sent.

        Raises ``UnusableInput`` where no reason is given.
        """
        if not reason.strip():
            raise UnusableInput.one("reason", "is missing.", fix="Say why it is withdrawn; readers will see it.")
        with self.log.locked():
            one = self.all()[name]
            if one.state != "withdrawn" or (erase and not one.erased):
                nodes = self._nodes(one) or list(one.nodes)  # of one that is only erased now
                self.log.append("withdrawn", submission=name, by=by, text=reason, nodes=nodes, erased=erase)
            self._forget()
        return self.all()[name]

    def _forget(self) -> None:
        """Remove whatever only erased submissions had: also what a process that was killed left of it."""
        gone = [one for one in self.all().values() if one.erased]
        kept = {blob for one in self.all().values() for blob in one.blobs} if gone else set()
        for one in gone:
            for blob in set(one.named) - kept:
                self.blobs.remove(blob)
            take_away(one, self._accepted)

    def erased(self) -> frozenset[str]:
        """The graphs of what was accepted, and erased since."""
        return frozenset(one.graph for one in self.all().values() if one.erased and one.access)

    def file(self, one: Submission, digest: str) -> bytes:
        """A file of evidence, its hash checked. Raises ``Gone``, or ``Changed``, and puts that on record."""
        try:
            return self._blob(one, digest)
        except Changed as error:
            with self.log.locked():
                told = {(file, observed) for file, observed, _ in self.all()[one.id].changed}
                if (digest, error.observed) not in told:
                    self.log.append("evidence-changed", submission=one.id, file=digest, observed=error.observed)
            raise

    def _is_gone(self, iri: str) -> bool:
        return self.tombstone(iri) is not None

    def _by_key(self, key: str, digest: str) -> Submission | None:
        for one in self.all().values() if key else ():
            if one.key == key:
                if one.digest != digest:
                    what = "The idempotency key came with another submission before."
                    raise Conflict(what, "Send a new key with new content, or the same content with this one.")
                return one
        return None

    # -- into the graph ----------------------------------------------------------------------------------------------

    def accepted(self, today: date | None = None) -> list[Accepted]:
        """What a build should find on a day: an embargo keeps a public one restricted until it is over."""
        day = (today or date.today()).isoformat()
        found = []
        for one in self.all().values():
            if one.state == "accepted":
                letter = self.letter(one)
                public = one.access == "public" and letter.embargo <= day
                found.append(Accepted(one, letter, public, max(one.day, letter.embargo) if public else one.day))
        return found

    def state(self, today: date | None = None) -> str:
        """A digest that changes whenever a build would find something else; empty where nothing was accepted."""
        accepted = self.accepted(today)
        return stamp_of(accepted) if accepted else ""

    def bring_up_to_date(self, today: date | None = None) -> str:
        """Lay the accepted graphs out for a build, and take away the others and what was erased; gives ``state``."""
        with self._up_to_date(today) as state:
            return state

    def copied(self, folder: Path) -> tuple[Resources, str]:
        """The same for one build, copied into a new folder, where no decision changes it; with the resources for it."""
        with self._up_to_date() as state:
            if self._accepted.is_dir():
                shutil.copytree(self._accepted, folder)
        return replace(self.resources, accepted=folder), state

    @contextmanager
    def _up_to_date(self, today: date | None = None) -> Iterator[str]:
        """What is laid out fits the log, and nothing is decided until the context ends; gives ``state``."""
        if not self.folder.is_dir():
            yield ""
            return
        with self.log.locked():
            self._forget()
            self._lay_out(today)
            yield self.state(today)

    def _lay_out(self, today: date | None = None) -> None:
        withdrawn = sorted(node for one in self.all().values() if one.state == "withdrawn" for node in one.nodes)
        lay_out(self.accepted(today), withdrawn, self.quads, self._accepted)

    def verify(self, known_hash: str = "") -> list[Problem]:
        """Everything that is wrong with the log, and every file that is not what it was when it came."""
        problems = self.log.verify(known_hash)
        if problems:
            return problems
        for one in self.all().values():
            for digest in one.blobs:
                try:
                    self.blobs.get(digest)
                except Changed as error:
                    fix = "Restore it from a backup."
                    problems.append(Problem(str(self.blobs.place(digest)), 0, one.id, str(error), fix))
        return problems


def _digest(content: bytes, media_type: str, letter: Letter, files: tuple[Sent, ...], decisions: Decisions) -> str:
    parts = [content, media_type.encode(), _json(letter.document())]
    parts += [_json([*pair, word]) for pair, word in sorted(decisions.items())]
    parts += [part for each in files for part in (each.node.encode(), each.archived.encode(), each.content)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _lines(quads: Iterable[Quad]) -> bytes:
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _completed(letter: Letter, found: Readout) -> Letter:
    """The letter with what the table said of itself. Raises ``UnusableInput`` where it has no title or licence."""
    letter = replace(letter, title=letter.title or found.title, licence=letter.licence or found.licence)
    lacking = [name for name in ("title", "licence") if not getattr(letter, name)]
    if lacking:
        raise UnusableInput(Problem(name, 0, "", "is missing.", "Say it beside the data.") for name in lacking)
    return letter


def _report(found: Readout, checked: Check) -> dict[str, Any]:
    return {
        "statements": len(found.quads),
        "rows": found.rows.get("rows", []),
        "counts": found.rows.get("counts", {}),
        "links": found.rows.get("links", []),
        "withheld": [remark.document() for remark in checked.withheld],
        "advice": [remark.document() for remark in checked.advice[:_MOST_ADVICE]],
        "shared": list(checked.shared),
    }
