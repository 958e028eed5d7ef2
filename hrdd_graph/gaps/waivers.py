"""Waivers: somebody's decision to set a finding aside until a day, with a reason. It is shown, never hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.evidence.yaml_tree import Mapping as YamlMapping
from hrdd_graph.evidence.yaml_tree import Node, Scalar, Sequence, read_yaml
from hrdd_graph.namespaces import PREFIXES

KEYS = ("finding", "author", "reason", "made", "expires")
IN_FORCE, EXPIRED, NOT_YET, OF_NONE = "in force", "expired", "not made yet", "of no finding"
_END = re.compile(r"([a-z0-9-]+)/[0-9a-f]{16}")


@dataclass(frozen=True)
class Waiver:
    """A waiver of the finding with an address, from the day on which it was made to its last day, both included."""

    finding: str
    author: str
    reason: str
    made: date
    expires: date
    place: str = field(default="", compare=False)  # file and line

    @property
    def rule(self) -> str:
        return self.finding.removeprefix(PREFIXES["finding"]).partition("/")[0]


@dataclass(frozen=True)
class JudgedWaiver:
    """A waiver and what it is worth in a run: in force, expired, not made yet, or of no finding of the run."""

    waiver: Waiver
    state: str

    @property
    def sentence(self) -> str:
        """The waiver in one line."""
        waiver = self.waiver
        end = waiver.finding.removeprefix(PREFIXES["finding"])
        told = {
            IN_FORCE: f"waived until {waiver.expires} by {waiver.author}: {waiver.reason}",
            EXPIRED: f"the waiver by {waiver.author} expired on {waiver.expires} and no longer counts",
            NOT_YET: f"the waiver by {waiver.author} was made on {waiver.made}, after the day of this run",
            OF_NONE: f"the waiver by {waiver.author} is of a finding that does not stand here ({waiver.place})",
        }
        return f"{end}: {told[self.state]}"


def judge_waivers(
    waivers: Iterable[Waiver], found: Iterable[str], rules: Iterable[str], day: date
) -> tuple[JudgedWaiver, ...]:
    """What each waiver of the given rules is worth on a day, given the addresses of what was found."""
    addresses, names = frozenset(found), frozenset(rules)

    def state(waiver: Waiver) -> str:
        if waiver.finding not in addresses:
            return OF_NONE
        return NOT_YET if day < waiver.made else EXPIRED if day > waiver.expires else IN_FORCE

    judged = [JudgedWaiver(waiver, state(waiver)) for waiver in waivers if waiver.rule in names]
    return tuple(sorted(judged, key=lambda j: (j.waiver.finding, j.waiver.expires, j.waiver.made)))


def in_force(judged: Iterable[JudgedWaiver]) -> Mapping[str, Waiver]:
    """The waivers that count, by finding; of several the one that lasts longest."""
    return {each.waiver.finding: each.waiver for each in judged if each.state == IN_FORCE}


def read_waivers(path: Path, rules: Iterable[str]) -> tuple[Waiver, ...]:
    """The waivers in a file, or in every ``.yaml`` file of a folder; none where a folder has none.

    ``rules`` are the names of the rules that there are. Raises ``UnusableInput`` with every problem found.
    """
    names = frozenset(rules)
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    found: list[Waiver] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found += _read_file(file, names)
        except UnusableInput as error:
            problems += error.problems
    if problems:
        raise UnusableInput(problems)
    return tuple(found)


def _read_file(path: Path, rules: frozenset[str]) -> list[Waiver]:
    tree = read_yaml(path)
    if not isinstance(tree, Sequence):
        raise UnusableInput.one(
            path, "is no list of waivers.", line=tree.line, fix="Begin each waiver with `- finding:`."
        )
    problems: list[Problem] = []
    found = [_read_waiver(path, number, item, rules, problems) for number, item in enumerate(tree.items)]
    if problems:
        raise UnusableInput(problems)
    return [waiver for waiver in found if waiver is not None]


def _read_waiver(path: Path, number: int, item: Node, rules: frozenset[str], problems: list[Problem]) -> Waiver | None:
    def wrong(line: int, key: str, what: str, fix: str) -> None:
        problems.append(Problem(str(path), line, f"[{number}]{f'.{key}' if key else ''}", what, fix))

    if not isinstance(item, YamlMapping):
        wrong(item.line, "", "is no waiver.", f"Give it {', '.join(KEYS)}.")
        return None
    begun = len(problems)
    for key, node in item.entries.items():
        if key not in KEYS:
            wrong(node.line, key, "is no part of a waiver.", f"A waiver has {', '.join(KEYS)}.")
    texts: dict[str, str] = {}
    days: dict[str, date] = {}
    for key in KEYS:
        written = item.entries.get(key, item)
        line = written.line
        if not isinstance(written, Scalar) or not written.text.strip():
            wrong(line, key, "is missing, or is no plain text.", f"Write `{key}:` and its value.")
            continue
        texts[key] = written.text.strip()
        if key in ("made", "expires"):
            try:
                days[key] = date.fromisoformat(texts[key])
            except ValueError:
                wrong(line, key, f'"{texts[key]}" is not a day.', "Write it as 2027-03-31.")
        if key == "finding":
            end = texts[key].removeprefix(PREFIXES["finding"]).removeprefix("finding:")
            address = _END.fullmatch(end)
            if address is None:
                wrong(line, key, f'"{texts[key]}" is no address of a finding.', "Write it as rule/0123456789abcdef.")
            elif address[1] not in rules:
                wrong(line, key, f"{address[1]} is not a rule.", "`hrdd rules` lists them.")
            texts[key] = PREFIXES["finding"] + end
    if len(days) == len(("made", "expires")) and days["expires"] < days["made"]:
        wrong(item.line, "expires", "lies before the day on which it was made.", "Give it a later last day.")
    if len(problems) > begun:
        return None
    return Waiver(
        texts["finding"], texts["author"], texts["reason"], days["made"], days["expires"], f"{path}:{item.line}"
    )
