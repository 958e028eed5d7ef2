"""hrdd gaps"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hrdd_graph.cli._common import (
    AsOfOption,
    KnownOnOption,
    LanguageOption,
    OutputOption,
    RootOption,
    StoreOption,
    note,
    output,
    view_of,
)


def command(
    store: StoreOption = None,
    root: RootOption = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", "-r", help="Only this rule; may be repeated.")] = None,
    focus: Annotated[list[str] | None, typer.Option("--focus", help="Only about this IRI; may be repeated.")] = None,
    severity: Annotated[str | None, typer.Option("--severity", help="Only at or above: high, medium or low.")] = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="table, json, jsonl, csv, xlsx, html, ttl, jsonld.")
    ] = "table",
    output_file: OutputOption = None,
    directory: Annotated[
        Path | None, typer.Option("--write", metavar="FOLDER", help="Also write every format into this folder.")
    ] = None,
    language: LanguageOption = "en",
    fail_on: Annotated[
        str | None, typer.Option("--fail-on", help="Exit with 1 where a finding is at or above: high, medium, low.")
    ] = None,
) -> None:
    """Run the gap rules and print what they find."""
    from hrdd_graph.gaps.run import run_rules
    from hrdd_graph.gaps.selection import focus_nodes, rules_at_or_above, select_rules
    from hrdd_graph.report import formats, writer
    from hrdd_graph.rules import read_rules

    chosen_writer = writer(format)
    resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
    rules = select_rules(read_rules(resources), rule or ())
    rules = rules_at_or_above(rules, severity, "--severity")
    threshold = {r.severity for r in rules_at_or_above(rules, fail_on, "--fail-on")} if fail_on else set()
    run = run_rules(view, rules, focus=focus_nodes(focus or ()), language=language)
    with output(output_file, binary=chosen_writer.BINARY) as stream:
        chosen_writer.write(run, stream)
    if directory:
        directory.mkdir(parents=True, exist_ok=True)
        for name in formats():
            if name != "table":
                with output(directory / f"gaps.{name}") as stream:
                    writer(name).write(run, stream)
        note(f"the same in every format: {directory}/gaps.html and beside it")
    if any(finding.rule.severity in threshold for finding in run.findings):
        raise typer.Exit(1)
