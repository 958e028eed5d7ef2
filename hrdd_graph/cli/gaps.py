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
    SortOption,
    StoreOption,
    WeightsOption,
    note,
    output,
    view_of,
)


def command(
    store: StoreOption = None,
    root: RootOption = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", "-r", help="Only this rule; see `hrdd rules`.")] = None,
    focus: Annotated[
        list[str] | None, typer.Option("--focus", help="Only about this node, as organisation/newmont.")
    ] = None,
    severity: Annotated[str | None, typer.Option("--severity", help="Only at or above: high, medium or low.")] = None,
    principle: Annotated[
        list[str] | None, typer.Option("--principle", metavar="UNGP", help="Only resting on this principle, as 22.")
    ] = None,
    right: Annotated[
        list[str] | None, typer.Option("--right", metavar="UDHR", help="Only on this article or a part of it, as 23.4.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", help="Only on this topic or a narrower one, as labour.")
    ] = None,
    country: Annotated[list[str] | None, typer.Option("--country", help="Only in this country, as PE or Peru.")] = None,
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", help="Only in this industrial cluster, as yanacocha-mining.")
    ] = None,
    sector: Annotated[list[str] | None, typer.Option("--sector", help="Only in this sector, as leather.")] = None,
    party: Annotated[
        list[str] | None, typer.Option("--party", help="Only naming this party, or about what it did or vowed.")
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option("--regime", metavar="LAW", help="Only on principles that this law's duties implement."),
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only grounded by this source, as nieri-2016.")
    ] = None,
    sort: SortOption = "severity",
    weights: WeightsOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="table, json, jsonl, csv, xlsx, html, ttl, jsonld.")
    ] = "table",
    output_file: OutputOption = None,
    directory: Annotated[
        Path | None, typer.Option("--write", metavar="FOLDER", help="Also write every format into this folder.")
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FILE", help="Also write the run to a file that `hrdd diff` compares."),
    ] = None,
    waivers: Annotated[
        Path | None,
        typer.Option("--waivers", metavar="FILE", help="A file or folder of waivers. Without it: data/waivers/."),
    ] = None,
    language: LanguageOption = "en",
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Exit with 1 where one not waived is at or above: high, medium, low."),
    ] = None,
) -> None:
    """Run the gap rules and print what they find.

    A filter may be repeated: its values are alternatives, and a finding must pass every filter.
    Exit codes: 0 done, 1 something found at or above --fail-on, 2 unusable input or arguments.
    """
    from dataclasses import replace

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.gaps.facets import at_or_above, choose, narrowed, severities_from
    from hrdd_graph.gaps.receipt import receipt_of
    from hrdd_graph.gaps.record import record_of
    from hrdd_graph.gaps.run import check_order, run_rules
    from hrdd_graph.gaps.salience import parse_weights
    from hrdd_graph.gaps.selection import focus_nodes, select_rules
    from hrdd_graph.gaps.waivers import read_waivers
    from hrdd_graph.presence import check_present
    from hrdd_graph.report import formats, writer
    from hrdd_graph.rules import read_rules

    chosen_writer = writer(format)
    resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
    every = read_rules(resources)
    rules = select_rules(every, rule or ())
    set_aside = read_waivers(waivers or resources.data / "waivers", (each.name for each in every))
    threshold = severities_from(fail_on, "--fail-on") if fail_on else ()
    if severity:
        severities_from(severity, "--severity")
    check_order(sort)
    weighed = parse_weights(weights)
    given = {
        "principle": principle, "right": right, "topic": topic, "country": country, "cluster": cluster,
        "sector": sector, "party": party, "regime": regime, "source": source,
    }  # fmt: skip
    if record and (focus or severity or any(given.values())):
        raise UnusableInput.one("--record", "takes whole runs, which can be compared.", fix="Leave out every filter.")
    nodes = focus_nodes(focus or ())
    check_present(view, nodes, "--focus")
    facets = choose(view, {name: texts or () for name, texts in given.items()})
    run = run_rules(view, rules, focus=nodes, language=language).weighed(weighed)
    # A run about some nodes alone cannot say that a waiver is of no finding.
    run = run.waived(w for w in set_aside if not focus or any(w.finding == finding.iri for finding in run.findings))
    if record:
        with output(record) as stream:
            stream.write(record_of(run).text().encode())
    run = narrowed(at_or_above(run, severity), facets).ordered(sort)
    asked = {name: texts or () for name, texts in given.items()} | {
        "rule": rule or (), "severity": [severity or ""], "focus": focus or (), "sort": [sort],
        "weights": [weights or ""],
    }  # fmt: skip
    run = replace(run, receipt=receipt_of(run, asked))
    with output(output_file, binary=chosen_writer.BINARY) as stream:
        chosen_writer.write(run, stream)
    if directory:
        directory.mkdir(parents=True, exist_ok=True)
        for name in formats():
            if name != "table":
                with output(directory / f"gaps.{name}") as stream:
                    writer(name).write(run, stream)
        note(f"the same in every format: {directory}/gaps.html and beside it")
    if any(finding.severity in threshold and run.waiver(finding) is None for finding in run.findings):
        raise typer.Exit(1)
