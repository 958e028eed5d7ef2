"""hrdd diff"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import (
    AsOfOption,
    KnownOnOption,
    OutputOption,
    RootOption,
    StoreOption,
    note,
    output,
    view_of,
)


def command(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...",
            help="Run files or days, the oldest first. A day is run now, on the store; so is a second run where one "
            "is named.",
        ),
    ],
    store: StoreOption = None,
    root: RootOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",
    output_file: OutputOption = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Exit with 1 where one new or reopened is at or above: high, medium, low."),
    ] = None,
) -> None:
    """Say what changed between two runs, and why: because of data, time, or a rule.

    Runs before the last two are history: what they found, and the last but one did not, is reopened.
    """
    import json
    from datetime import date
    from functools import cache
    from pathlib import Path

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.gaps.diff import Probe, compare
    from hrdd_graph.gaps.facets import severities_from
    from hrdd_graph.gaps.record import RecordedRun, read_record, record_of
    from hrdd_graph.gaps.run import run_rules
    from hrdd_graph.report._diff import diff_document, diff_text
    from hrdd_graph.rules import read_rules
    from hrdd_graph.store import StoreError
    from hrdd_graph.view import View

    if format not in ("table", "json"):
        raise UnusableInput.one("--format", f"{format} is not a format here.", fix="Choose table or json.")
    threshold = severities_from(fail_on, "--fail-on") if fail_on else ()

    @cache
    def view_on(day: str | None) -> tuple[View, RecordedRun]:
        resources, view = view_of(store, root, as_of=day, known_on=known_on)
        return view, record_of(run_rules(view, read_rules(resources)))

    def read(name: str) -> RecordedRun:
        if not Path(name).exists() and _is_day(name):
            return view_on(name)[1]
        return read_record(Path(name))

    recorded = [read(name) for name in runs]
    if len(recorded) == 1:
        recorded.append(view_on(as_of)[1])
    elif as_of:
        raise UnusableInput.one("--as-of", "goes with one RUN.", fix="Name the day as the last RUN.")

    def probe() -> Probe | None:
        """The store as a witness, where it still has one of the two data states."""
        try:
            view, present = view_on(recorded[-1].as_of.isoformat())
        except StoreError as error:
            note(f"no store was asked: {error}")
            return None

        def found_on(day: date) -> frozenset[str]:
            return frozenset(view_on(day.isoformat())[1].findings)

        return Probe(view.digest, present.rules, found_on)

    comparison = compare(recorded)
    if any(change.unclear for change in comparison.changes) and (witness := probe()):
        comparison = compare(recorded, witness)
    with output(output_file) as stream:
        shown = (
            json.dumps(diff_document(comparison), ensure_ascii=False, indent=2)
            if format == "json"
            else diff_text(comparison)
        )
        stream.write(shown.encode() + b"\n")
    if any(change.finding.severity in threshold for s in ("new", "reopened") for change in comparison.of(s)):
        raise typer.Exit(1)


def _is_day(name: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True
