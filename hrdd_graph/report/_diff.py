"""What changed between runs, for people and for programs."""

from __future__ import annotations

from itertools import groupby

from hrdd_graph.gaps.diff import STATES, Change, Comparison
from hrdd_graph.gaps.record import RecordedRun
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.report._document import counted
from hrdd_graph.report._shapes import ChangeDocument, DiffDocument, RunCompared

_TITLES = {"new": "New", "reopened": "Reopened", "closed": "Closed"}
NOTHING = "Nothing changed."
CLOSED = "Closed means: not found any more in this view. That is no clearance."


def diff_document(comparison: Comparison) -> DiffDocument:
    """The comparison as plain data: both runs, what differs between them, counts, and each finding that changed."""
    differences = comparison.differences
    return {
        "before": _run_document(comparison.before),
        "after": _run_document(comparison.after),
        "differs": {
            "days": [day.isoformat() for day in differences.days] if differences.days else None,
            "knownOn": differences.known_on,
            "graphs": dict(differences.graphs),
            "rules": sorted(differences.rules),
            "software": list(differences.software) if differences.software else None,
        },
        "counts": {state: len(comparison.of(state)) for state in STATES},
        "changes": [_change_document(c) for c in comparison.changes if c.state != "unchanged" or c.severity_before],
        "unchanged": [c.finding.finding for c in comparison.of("unchanged")],
    }


def diff_text(comparison: Comparison) -> str:
    """The comparison to be read: what is new, reopened and closed, each with its reason, and what differs between the
    runs.
    """
    lines: list[str] = []
    for state, title in _TITLES.items():
        changes = comparison.of(state)
        if not changes:
            continue
        lines += [f"{title} ({len(changes)})", ""]
        for because, group in groupby(sorted(changes, key=lambda c: c.because), key=lambda c: c.because):
            lines += [f"  because of {because}"]
            lines += [line for change in group for line in _lines(change)]
            lines += [""]
    moved = [change for change in comparison.of("unchanged") if change.severity_before]
    if moved:
        lines += [f"Of another severity ({len(moved)})", ""]
        for change in moved:
            lines += [*_lines(change, f"{change.severity_before} before; because of {change.because}")]
        lines += [""]
    if not lines:
        lines += [NOTHING, ""]
    counts = ", ".join(f"{len(comparison.of(state))} {state}" for state in STATES)
    lines += [f"{counts}.", *_differences(comparison)]
    return "\n".join([*lines, *([CLOSED] if comparison.of("closed") else [])])


def _lines(change: Change, note: str = "") -> list[str]:
    found = change.finding
    return [
        f"    {found.severity:<7} {found.finding.removeprefix(PREFIXES['finding'])}",
        f"            {found.message}",
        *([f"            {note}"] if note else []),
    ]


def _differences(comparison: Comparison) -> list[str]:
    before, after, differences = comparison.before, comparison.after, comparison.differences
    lines = [
        f"{title}: {run.name}, as of {run.as_of}{f', as known on {run.known_on}' if run.known_on else ''}, "
        f"{counted(len(run.findings), 'finding')} by {counted(len(run.rules), 'rule')}, {run.graph_digest}"
        for title, run in (("before", before), ("after", after))
    ]
    if differences.graphs:
        lines.append(f"graphs: {'; '.join(f'{graph} {how}' for graph, how in differences.graphs.items())}")
    if differences.rules:
        lines.append(f"rules that differ: {', '.join(sorted(differences.rules))}")
    return lines


def _run_document(run: RecordedRun) -> RunCompared:
    return {
        "name": run.name,
        "asOf": run.as_of.isoformat(),
        "knownOn": run.known_on.isoformat() if run.known_on else None,
        "graphDigest": run.graph_digest,
        "software": run.software,
        "count": len(run.findings),
    }


def _change_document(change: Change) -> ChangeDocument:
    found = change.finding
    document: ChangeDocument = {
        "state": change.state,
        "finding": found.finding,
        "rule": found.rule,
        "severity": found.severity,
        "focus": found.focus,
        "message": found.message,
        "causes": list(change.causes),
        "unclear": change.unclear,
        "graphs": list(change.graphs),
        "because": change.because,
        "records": list(found.records),
    }
    if change.severity_before:
        document["severityBefore"] = change.severity_before
    return document
