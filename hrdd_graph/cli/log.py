"""hrdd log"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrdd_graph.cli._common import RootOption, StoreOption, note, resources_at

if TYPE_CHECKING:
    from hrdd_graph.submissions.desk import Desk

group = typer.Typer(no_args_is_help=True, help="The log of submissions: what came in, and what was decided.")
FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--submissions", envvar="HRDD_SUBMISSIONS", metavar="FOLDER", help="Without it: the one beside the store."
    ),
]


def desk_of(folder: Path | None, store: str | None, root: Path | None) -> Desk:
    """The desk that the user named, or the one beside the store."""
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.opening import default_folder
    from hrdd_graph.submissions.desk import Desk, submissions_beside

    found = folder or submissions_beside(store or str(default_folder()))
    if found is None:
        raise UnusableInput.one("--submissions", "is needed for a store that is no folder.", fix="Name a folder.")
    return Desk(found, resources_at(root))


@group.command("verify")
def verify(
    known: Annotated[str, typer.Argument(metavar="[HASH]", help="A hash that somebody kept: it must be there.")] = "",
    submissions: FolderOption = None,
    store: StoreOption = None,
    root: RootOption = None,
) -> None:
    """Check that no line of the log was changed, lost or moved, and that every file is what it was.

    Exit codes: 0 all is well, 1 something is wrong.
    """
    desk = desk_of(submissions, store, root)
    problems = desk.verify(known)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    lines = desk.log.lines()
    note(f"{len(lines)} lines, {len(desk.all())} submissions, every file as it came")
    if lines:
        print(lines[-1].hash)


@group.command("show")
def show(
    submission: Annotated[str, typer.Argument(metavar="[ID]", help="Only the lines of this submission.")] = "",
    submissions: FolderOption = None,
    store: StoreOption = None,
    root: RootOption = None,
) -> None:
    """Write the log as lines of JSON, oldest first."""
    for line in desk_of(submissions, store, root).log.lines():
        if not submission or line.facts.get("submission") == submission:
            facts = {"number": line.number, "time": line.time, "event": line.event, **line.facts, "hash": line.hash}
            print(json.dumps(facts, ensure_ascii=False))
