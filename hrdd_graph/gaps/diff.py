"""What changed between runs, and why: because of the data, because time went by, or because a rule was rewritten.

Where only one of the three differs, it is the reason. Where more differ, the present rules are asked about the data
states that a store still has, on each of the two days, and the answers show which difference a change needs; where no
store can say, the changes are left unexplained and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.record import RecordedFinding, RecordedRun

STATES = ("new", "reopened", "closed", "unchanged")
CAUSES = ("rule", "data", "time")


@dataclass(frozen=True)
class Probe:
    """What a store can still be asked: its data state, its rules, and the addresses found on a day."""

    graph_digest: str
    rules: Mapping[str, object]
    found_on: Callable[[date], frozenset[str]]


@dataclass(frozen=True)
class Differences:
    """What differs between two runs, apart from their findings.

    ``graphs`` says of each graph that differs whether it was ``added``, ``removed`` or ``changed``.
    """

    days: tuple[date, date] | None
    graphs: Mapping[str, str]
    rules: frozenset[str]
    known_on: bool
    software: tuple[str, str] | None


@dataclass(frozen=True)
class Change:
    """One finding and what became of it.

    ``state`` is one of ``STATES``. ``causes`` are those of ``CAUSES`` that account for it; empty for what is
    unchanged, and where ``unclear`` is true they are those that cannot be told apart. ``graphs`` are the changed graphs
    that the finding rests on; where it rests on none of them, all that changed. ``because`` says it in words.
    ``severity_before`` is set where a finding stands in both runs with another severity.
    """

    state: str
    finding: RecordedFinding
    causes: tuple[str, ...] = ()
    unclear: bool = False
    graphs: tuple[str, ...] = ()
    because: str = ""
    severity_before: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side, with those before them as history."""

    before: RecordedRun
    after: RecordedRun
    differences: Differences
    changes: tuple[Change, ...]

    def of(self, state: str) -> tuple[Change, ...]:
        """The changes in one state, gravest first."""
        return tuple(change for change in self.changes if change.state == state)


def compare(runs: Sequence[RecordedRun], probe: Probe | None = None) -> Comparison:
    """Compare the last run with the one before it; those still earlier tell what was found once and closed since.

    Raises ``UnusableInput`` for fewer than two runs.
    """
    if len(runs) < len(("before", "after")):
        raise UnusableInput.one("diff", "needs two runs at least.", fix="Name two run files, or days.")
    before, after = runs[-2], runs[-1]
    earlier = {address for run in runs[:-2] for address in run.findings}
    differences = differences_of(before, after)
    teller = _Teller(before, after, differences, probe)
    changes = []
    for address in sorted({*before.findings, *after.findings}):
        old, new = before.findings.get(address), after.findings.get(address)
        if old and new:
            moved = old.severity if old.severity != new.severity else ""
            changes.append(teller.moved(new, moved) if moved else Change("unchanged", new))
        elif new:
            changes.append(teller.change("reopened" if address in earlier else "new", new))
        elif old:
            changes.append(teller.change("closed", old))
    changes.sort(key=lambda c: (STATES.index(c.state), _gravity(c.finding), c.finding.rule, c.finding.finding))
    return Comparison(before, after, differences, tuple(changes))


def differences_of(before: RecordedRun, after: RecordedRun) -> Differences:
    """What differs between two runs, apart from their findings."""
    graphs = {
        graph: "added" if graph not in before.graphs else "removed" if graph not in after.graphs else "changed"
        for graph in sorted({*before.graphs, *after.graphs})
        if before.graphs.get(graph) != after.graphs.get(graph)
    }
    names = {*before.rules, *after.rules}
    return Differences(
        days=(before.as_of, after.as_of) if before.as_of != after.as_of else None,
        graphs=graphs,
        rules=frozenset(name for name in names if before.rules.get(name) != after.rules.get(name)),
        known_on=before.known_on != after.known_on,
        software=(before.software, after.software) if before.software != after.software else None,
    )


def _gravity(finding: RecordedFinding) -> int:
    return ("high", "medium", "low").index(finding.severity)


@dataclass(frozen=True)
class _Teller:
    """Tells why a finding changed, from what differs between the runs and what a store still knows."""

    before: RecordedRun
    after: RecordedRun
    differences: Differences
    probe: Probe | None

    def change(self, state: str, finding: RecordedFinding) -> Change:
        differs = self._differs(finding.rule)
        if len(differs) > 1:
            causes, unclear = self._told_apart(finding, differs)
        else:
            causes, unclear = differs, False
        graphs = self._graphs(finding) if "data" in causes else ()
        return Change(state, finding, causes, unclear, graphs, self._words(finding, causes, graphs, unclear))

    def moved(self, finding: RecordedFinding, severity_before: str) -> Change:
        """A finding that stands in both runs, graver or less grave than before. Time alone moves no severity."""
        causes = tuple(cause for cause in self._differs(finding.rule) if cause != "time")
        graphs = self._graphs(finding) if "data" in causes else ()
        words = self._words(finding, causes, graphs, len(causes) > 1)
        return Change("unchanged", finding, causes, len(causes) > 1, graphs, words, severity_before)

    def _differs(self, rule: str) -> tuple[str, ...]:
        here = {
            "rule": rule in self.differences.rules,
            "data": bool(self.differences.graphs),
            "time": self.differences.days is not None,
        }
        return tuple(cause for cause in CAUSES if here[cause])

    def _told_apart(self, finding: RecordedFinding, differs: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
        """Which of several differences a change needs. The second value is true where this cannot be told."""
        stood, stands = finding.finding in self.before.findings, finding.finding in self.after.findings
        one_rule = finding.rule not in self.before.rules or finding.rule not in self.after.rules
        if one_rule and "rule" in differs:
            return ("rule",), False  # a rule that only one of the runs had
        alone = {cause: self._found(finding, frozenset([cause])) for cause in differs}
        enough = tuple(cause for cause in differs if alone[cause] == stands)
        if enough:
            return enough, False
        rest = {cause: self._found(finding, frozenset(differs) - {cause}) for cause in differs}
        needed = tuple(cause for cause in differs if rest[cause] == stood)
        if needed:
            return needed, False
        idle = [cause for cause in differs if alone[cause] == stood]
        if len(differs) - len(idle) == 1:  # all others do nothing by themselves
            return tuple(cause for cause in differs if cause not in idle), False
        return differs, True

    def _found(self, finding: RecordedFinding, moved: frozenset[str]) -> bool | None:
        """Whether the finding stands where, of all that differs, only these are as in the later run; ``None`` where
        no store can tell.
        """
        if self.probe is None:
            return None
        run_of = {cause: self.after if cause in moved else self.before for cause in CAUSES}
        if self.probe.graph_digest != run_of["data"].graph_digest:
            return None
        if self.probe.rules.get(finding.rule) != run_of["rule"].rules.get(finding.rule):
            return None
        return finding.finding in self.probe.found_on(run_of["time"].as_of)

    def _graphs(self, finding: RecordedFinding) -> tuple[str, ...]:
        changed = self.differences.graphs
        return tuple(graph for graph in finding.graphs if graph in changed) or tuple(changed)

    def _words(self, finding: RecordedFinding, causes: Iterable[str], graphs: tuple[str, ...], unclear: bool) -> str:
        said = []
        for cause in causes:
            if cause == "rule":
                said.append(self._rule_words(finding.rule))
            elif cause == "time" and self.differences.days:
                said.append("time: the day moved from {} to {}".format(*self.differences.days))
            elif cause == "data":
                said.append("data: " + "; ".join(f"{graph} {self.differences.graphs[graph]}" for graph in graphs))
        if not said:
            moved = self.differences.software
            return "software: {} became {}".format(*moved) if moved else "nothing on record differs"
        return ("cannot be told apart: " if unclear else "") + " and ".join(said)

    def _rule_words(self, name: str) -> str:
        old, new = self.before.rules.get(name), self.after.rules.get(name)
        if old is None or new is None:
            return f"rule: {name} did not run in {self.before.name if old is None else self.after.name}"
        if old.version == new.version:
            return f"rule: {name} asks something else under the same version {new.version}"
        return f"rule: {name} went from {old.version} to {new.version}"
