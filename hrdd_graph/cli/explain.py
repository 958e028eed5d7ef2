"""hrdd explain"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import AsOfOption, KnownOnOption, LanguageOption, RootOption, StoreOption, view_of


def command(
    finding: Annotated[str, typer.Argument(help="The address of a finding, or its end: rule/0123456789abcdef.")],
    store: StoreOption = None,
    root: RootOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = "en",
) -> None:
    """Explain a finding: its facts, their sources, and what would settle it."""
    from hrdd_graph.gaps.explain import explain, explanation_text

    resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
    run, found = explain(resources, view, finding, language=language)
    print(explanation_text(run, found))
