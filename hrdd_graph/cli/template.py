"""hrdd template"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hrdd_graph.cli._common import LanguageOption, RootOption, resources_at


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to make.")],
    profile: Annotated[
        str | None,
        typer.Option("--profile", help="The import profile that will read it; otherwise the one of the file's name."),
    ] = None,
    language: LanguageOption = "en",
    root: RootOption = None,
) -> None:
    """Make an empty workbook, with help, an example row and drop-downs; then `hrdd import` it.

    Help and the words of drop-downs are in the language asked for; sheets and columns keep their names.
    `incidents.xlsx` is for incidents and what belongs to them, `interview.xlsx` for interviews with key informants.
    Of a profile that reads no tables (`--profile bods`) you get an example file instead.
    """
    from hrdd_graph.intake.profile_file import profiles, read_profile
    from hrdd_graph.intake.template import vocabulary_lists, write_template
    from hrdd_graph.retelling import of_the_library

    resources = resources_at(root)
    if profile is None:
        profile = next((each.name for each in profiles(resources) if each.name == file.stem), "spreadsheet")
    write_template(read_profile(resources, profile), vocabulary_lists(resources), file, of_the_library(language))
