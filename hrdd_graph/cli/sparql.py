"""hrdd sparql"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import KnownOnOption, LanguageOption, OutputOption, RootOption, StoreOption, output, view_of


def command(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A file with a SPARQL query, or - for standard input.")],
    store: StoreOption = None,
    root: RootOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="table, json, xml, csv, tsv; for graphs ttl, nt, jsonld, rdf.")
    ] = "table",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
) -> None:
    """Answer a SPARQL query of your own over the public graphs."""
    import sys
    from pathlib import Path

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.results import write_answer
    from hrdd_graph.sparql.guard import guarded_query
    from hrdd_graph.store import QueryError

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = (error.strerror or "unknown") if isinstance(error, OSError) else "it is not UTF-8"
        raise UnusableInput.one(
            file, f"cannot be read: {told}.", fix="Name a text file, or - for standard input."
        ) from error
    _, view = view_of(store, root, known_on=known_on)
    try:
        answer = guarded_query(view, text)
    except QueryError as error:
        where = "standard input" if file == "-" else file
        raise UnusableInput.one(where, str(error), fix="Mend the query.") from error
    with output(output_file) as stream:
        write_answer(view, answer, format, stream, language=language)
