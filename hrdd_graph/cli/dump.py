"""hrdd dump"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import KnownOnOption, OutputOption, RootOption, StoreOption, output, view_of


def command(
    store: StoreOption = None,
    root: RootOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[str, typer.Option("--format", "-f", help="nq, trig or jsonld; ftm for entities.")] = "nq",
    output_file: OutputOption = None,
) -> None:
    """Write out the public graphs, each under its own name; as ftm, named organisations and their ties.

    ftm is FollowTheMoney in JSON Lines, for Aleph and its kin: parties that no source names are left out.
    """
    from hrdd_graph.dump import write_dump

    _, view = view_of(store, root, known_on=known_on)
    with output(output_file) as stream:
        if format == "ftm":
            from hrdd_graph.ftm import write_ftm

            write_ftm(view, stream)
            return
        write_dump(view, format, stream)
