"""Accepted submissions as a build finds them: a folder for each, with its statements and its catalogue entry.

The folders are made from the log and the blobs alone, and made anew where they are lost. They say nothing of who sent a
submission, or when: only the day since which everybody, or everybody with access, may read it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from hrdd_graph.facts import Facts
from hrdd_graph.intake.save import Aside, Description, Saved, n_quads
from hrdd_graph.namespaces import GRAPHS, HRDD, IDS, PREFIXES, RDF, RDFS
from hrdd_graph.resources import WITHDRAWN
from hrdd_graph.submissions.disk import replace_file
from hrdd_graph.submissions.letter import Letter
from hrdd_graph.submissions.state import Submission
from hrdd_graph.terms import Iri, Literal, Quad, Triple

_DAY = Iri(PREFIXES["xsd"] + "date")


@dataclass(frozen=True)
class Accepted:
    """A submission that is to be in the graph: whether for everybody, and since which day."""

    submission: Submission
    letter: Letter
    public: bool
    day: str

    @property
    def name(self) -> str:
        return _name(self.submission)

    @property
    def stamp(self) -> str:
        """A line that changes with anything that its folder is made from."""
        one = self.submission
        return f"{one.id} {one.data} {self.public} {self.day} {one.letter} {one.changed}"


def stamp_of(accepted: Iterable[Accepted]) -> str:
    """A digest that changes whenever a build would find something else."""
    return hashlib.sha256("\n".join(each.stamp for each in accepted).encode()).hexdigest()[:16]


def lay_out(
    accepted: Iterable[Accepted], withdrawn: Iterable[str], quads_of: Callable[[Submission], list[Quad]], folder: Path
) -> None:
    """Make the folders of these, and remove every other. Others may still point to addresses that were withdrawn."""
    wanted = {each.name: each for each in accepted}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    replace_file(folder / WITHDRAWN, "".join(f"{iri}\n" for iri in withdrawn).encode())
    for old in folder.iterdir():
        if old.is_dir() and old.name not in wanted:
            shutil.rmtree(old)
    for name, each in wanted.items():
        stamp = folder / name / "stamp"
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == each.stamp:
            continue
        quads = [*quads_of(each.submission), *_of_files(each)]
        about = _description(each, quads)
        Saved(folder, name).replace(n_quads(quads, about.graph), about, Aside())
        stamp.write_text(each.stamp, encoding="utf-8")


def take_away(one: Submission, folder: Path) -> None:
    """Remove the folder of a submission where there is one."""
    shutil.rmtree(folder / _name(one), ignore_errors=True)


def _name(one: Submission) -> str:
    """The name of its folder."""
    return one.graph.removeprefix(GRAPHS)


def _description(each: Accepted, quads: list[Quad]) -> Description:
    sources = sorted(node.value for node in Facts(quads).of_type(HRDD.Source) if isinstance(node, Iri))
    source = sources[0] if sources else each.submission.graph
    about = "Sent in, checked, and accepted by a curator."
    return Description(each.name, each.letter.title, about, each.letter.licence, each.day, source, each.public)


def _of_files(each: Accepted) -> list[Quad]:
    """What the graph says of files: the hash of the copy that may be read, and each check that found another."""
    one = each.submission
    found: list[Triple] = []
    for file in one.files:
        if file.published:
            found.append(Triple(Iri(file.node), HRDD.sha256, Literal(file.published)))
        if file.archived:
            found.append(Triple(Iri(file.node), RDFS.seeAlso, Iri(file.archived)))
    if one.changed:
        log = Iri(f"{IDS}source/{each.name}-files")
        found += [
            Triple(log, RDF.type, HRDD.Source),
            Triple(log, RDFS.label, Literal("Log of the store of evidence files", language="en")),
            Triple(log, HRDD.issued, Literal(one.changed[0][2])),
        ]
        for number, (digest, observed, day) in enumerate(one.changed, start=1):
            found += _check(Iri(f"{IDS}check/{each.name}-{number}"), log, one, digest, observed, day)
    graph = Iri(one.graph)
    return [Quad(t.subject, t.predicate, t.object, graph) for t in found]


def _check(node: Iri, log: Iri, one: Submission, digest: str, observed: str, day: str) -> list[Triple]:
    """A check of a file that did not find the hash that it was kept under."""
    file = next(f for f in one.files if digest in (f.sha256, f.published))
    copy = "published" if digest == file.published else "evidentiary"
    typed = Literal(day, datatype=_DAY)
    found = [
        Triple(node, RDF.type, HRDD.IntegrityCheck),
        Triple(node, RDFS.label, Literal(f"The {copy} copy of a file no longer has its hash", language="en")),
        Triple(node, HRDD.checksFileOf, Iri(file.node)),
        Triple(node, HRDD.hasStatus, HRDD.Documented),
        Triple(node, HRDD.statedIn, log),
        Triple(node, HRDD.locator, Literal(f"line {node.value.rpartition('-')[2]}")),
        Triple(node, HRDD.date, Literal(day)),
        *(Triple(node, HRDD[name], typed) for name in ("startEarliest", "startLatest", "endEarliest", "endLatest")),
    ]
    return [*found, Triple(node, HRDD.observedSha256, Literal(observed))] if observed else found
