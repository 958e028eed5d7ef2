"""hrdd replay"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hrdd_graph.cli._common import OutputOption, RootOption, StoreOption, note, output, resources_at


def command(
    receipt: Annotated[str, typer.Argument(help="A receipt: a word that begins with hrdd1.")],
    store: StoreOption = None,
    root: RootOption = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="As for hrdd query, or for findings as for hrdd gaps.")
    ] = "json",
    output_file: OutputOption = None,
) -> None:
    """Ask again what a receipt tells of, and say whether the result is the same. Exits with 1 where it is not."""
    from hrdd_graph.opening import open_store
    from hrdd_graph.receipts import read_receipt
    from hrdd_graph.replay import replay

    resources = resources_at(root)
    read = read_receipt(receipt)
    again = replay(resources, open_store(store, resources, note), read)
    with output(output_file, binary=format == "xlsx") as stream:
        again.write(format, stream)
    sys.stdout.flush()
    for change in again.changes:
        note(change)
    note("the same result" if again.same else "NOT the same result")
    if not again.same:
        raise typer.Exit(1)
