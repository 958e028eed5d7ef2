"""hrdd import"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrdd_graph.cli._common import OutputOption, RootOption, note, output, resources_at

if TYPE_CHECKING:
    from hrdd_graph.intake.outcome import Result


def command(
    profile: Annotated[str | None, typer.Argument(metavar="PROFILE", help="How to read it; see --list.")] = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A table (CSV, TSV, XLSX), JSON, XML or RDF.")
    ] = None,
    root: RootOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Save nothing where any row is refused.")] = False,
    repair: Annotated[
        Path | None,
        typer.Option(
            "--repair",
            metavar="OUT.xlsx",
            help="Write the table again, bad cells marked; OUT.csv for JSON and XML.",
        ),
    ] = None,
    links: Annotated[
        Path | None,
        typer.Option("--links", metavar="LIST.xlsx", help="Read decisions on who is who from it, and write it again."),
    ] = None,
    keep_out: Annotated[
        Path | None,
        typer.Option("--keep-out", metavar="NAMES.txt", help="Refuse rows with one of these names, one a line."),
    ] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Only for those who have a token for it (`hrdd token`).")
    ] = False,
    name: Annotated[str | None, typer.Option("--name", help="The import's name; the same name updates it.")] = None,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", metavar="KEY=VALUE", help="title, publisher, issued or licence; may be repeated."),
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Of a text file that is not UTF-8.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",
    list_profiles: Annotated[bool, typer.Option("--list", help="List the profiles.")] = False,
    output_file: OutputOption = None,
) -> None:
    """Read a table into a named graph of its own: good rows are kept, bad ones are refused and say why.

    Rows are told apart by their key: the same file twice changes nothing. `hrdd build` picks the import up.
    Exit codes: 0 done, 1 rows were refused, 2 the file cannot be used or --strict saved nothing.
    """
    import os

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.intake import rdf
    from hrdd_graph.intake.profile_file import profiles, read_profile
    from hrdd_graph.intake.reading import FACTS
    from hrdd_graph.intake.repair import check_repair, write_repair
    from hrdd_graph.intake.review import read_decisions, write_links
    from hrdd_graph.intake.run import run_import
    from hrdd_graph.kept_out import NO_NAMES, KeptOut

    resources = resources_at(root)
    if list_profiles:
        for each in profiles(resources):
            print(f"{each.name:16} {each.label}: {each.description}")
        print(f"{rdf.NAME:16} RDF that speaks the ontology: Turtle, N-Triples or JSON-LD, checked as a whole.")
        return
    if format not in ("table", "json"):
        raise UnusableInput.one("--format", f"{format} is not a format here.", fix="Choose table or json.")
    if profile is None or file is None:
        raise UnusableInput.one(
            "hrdd import", "needs a PROFILE and a FILE.", fix="`hrdd import --list` names profiles."
        )
    facts = {}
    for pair in about or ():
        key, equals, value = pair.partition("=")
        if not equals or key not in FACTS:
            raise UnusableInput.one("--about", f"{pair} is no fact.", fix=f"Write KEY=VALUE with {', '.join(FACTS)}.")
        facts[key] = value
    if profile == rdf.NAME and repair:
        fix = "Leave --repair out; every problem is printed with its node."
        raise UnusableInput.one("--repair", "is for files with rows; RDF is taken or refused as a whole.", fix=fix)
    if profile == rdf.NAME and keep_out:
        raise UnusableInput.one("--keep-out", "is for files with rows.", fix="Search the RDF for the names beforehand.")
    if profile == rdf.NAME:
        result = rdf.import_rdf(file, resources, name=name, about=facts, dry_run=dry_run, restricted=restricted)
        _show(result, format, output_file)
        note(f"saved as {resources.shown(result.saved)}" if result.saved else "nothing was written (--dry-run)")
        return
    chosen = read_profile(resources, profile)
    if repair:
        check_repair(file, repair)
    with _progress() as step:
        result = run_import(
            chosen,
            file,
            resources,
            name=name,
            about=facts,
            encoding=encoding,
            dry_run=dry_run,
            strict=strict,
            decisions=read_decisions(links) if links and links.exists() else None,
            restricted=restricted,
            processes=os.cpu_count() or 1,
            kept_out=KeptOut.read(keep_out) if keep_out else NO_NAMES,
            progress=step,
        )
    _show(result, format, output_file)
    if links:
        write_links(links, result.links)
        note(f"{links}: {sum(link.is_open for link in result.links)} links to decide: write same or different there")
    if repair:
        write_repair(file, chosen, result, repair, encoding)
        note(f"{repair}: what was refused, and why")
    refused = result.counts["refused"]
    if result.saved:
        note(f"saved as {resources.shown(result.saved)}; `hrdd build` picks it up")
    elif dry_run:
        note("nothing was written (--dry-run)")
    elif strict and refused:
        note(f"nothing was written: {refused} rows were refused (--strict)")
        raise typer.Exit(2)
    if refused:
        raise typer.Exit(1)


def _show(result: Result, format: str, output_file: Path | None) -> None:
    import json

    from hrdd_graph.intake import outcome

    with output(output_file) as stream:
        shown = outcome.text(result)
        if format == "json":
            shown = json.dumps(outcome.document(result), ensure_ascii=False, indent=2)
        stream.write(shown.encode() + b"\n")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A count of rows on a terminal, and silence elsewhere."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} rows"))
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("rows", total=None)
        yield lambda done: bar.update(task, completed=done)
