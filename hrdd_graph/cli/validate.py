"""hrdd validate"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hrdd_graph.cli._common import RootOption, note, resources_at


def command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Case sheets, waivers, gap rules, templates or Turtle.")
    ],
    root: RootOption = None,
) -> None:
    """Check files as a build would, and say where they are wrong and what to do."""
    from hrdd_graph.validate import validate_file

    resources = resources_at(root)
    for file in files:
        note(validate_file(file, resources))
