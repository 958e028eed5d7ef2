"""hrdd reason"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hrdd_graph.cli._common import OutputOption, RootOption, note, output, resources_at


def command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE...]", help="Case sheets to add to the ontology; all where none is named."),
    ] = None,
    root: RootOption = None,
    output_file: OutputOption = None,
) -> None:
    """Check ontology and cases with the HermiT reasoner (needs Java), and write the types that follow."""
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.reasoning import reason

    outcome = reason(resources_at(root), files or None, note)
    if not outcome.consistent:
        raise UnusableInput.one("ontology and cases", "contradict each other:\n" + "\n".join(outcome.clashes))
    if outcome.unsatisfiable:
        raise UnusableInput.one(
            "ontology", "has classes that nothing can belong to: " + ", ".join(outcome.unsatisfiable)
        )
    with output(output_file) as stream:
        outcome.write(stream)
    note(f"consistent; no unsatisfiable class; {len(outcome.inferred)} types inferred")
