"""hrdd explain"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from hrdd_graph.cli._common import (
    AsOfOption,
    KnownOnOption,
    LanguageOption,
    OutputOption,
    RootOption,
    StoreOption,
    WeightsOption,
    output,
    view_of,
)


def command(
    finding: Annotated[
        str | None, typer.Argument(help="The address of a finding, or its end: rule/0123456789abcdef.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", "-r", help="With --focus: why this rule finds it, or not.")
    ] = None,
    focus: Annotated[str | None, typer.Option("--focus", help="The node to ask about: an IRI, or kind/slug.")] = None,
    store: StoreOption = None,
    root: RootOption = None,
    weights: WeightsOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
) -> None:
    """Explain a finding, or why a rule finds nothing about a node.

    With FINDING: its facts, the statements that met each condition, the weakest evidence, and what would settle it.
    With --rule and --focus: which conditions hold for the node, which do not, and what cleared it.
    """
    import json
    from dataclasses import replace

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.gaps.explain import explain
    from hrdd_graph.gaps.salience import parse_weights
    from hrdd_graph.gaps.selection import focus_nodes, select_rules
    from hrdd_graph.gaps.why import why
    from hrdd_graph.report._explanation import explanation_document, explanation_text
    from hrdd_graph.report._why import why_document, why_text
    from hrdd_graph.rules import read_rules

    if format not in ("text", "json"):
        raise UnusableInput.one("--format", f"{format} is not a format here.", fix="Choose text or json.")
    if bool(finding) == bool(rule or focus) or bool(rule) != bool(focus):
        raise UnusableInput.one(
            "explain", "takes a finding, or --rule and --focus.", fix="`hrdd gaps --format json` lists the findings."
        )
    if finding and "/" not in finding:
        raise UnusableInput.one(
            "explain",
            f"{finding} is no finding's address.",
            fix="It ends with rule/0123456789abcdef, as `hrdd gaps` shows it.",
        )
    weighed = parse_weights(weights)
    document: Mapping[str, object]
    if finding:
        resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
        found = explain(resources, view, finding, language=language)
        found = replace(found, run=found.run.weighed(weighed))
        text, document = explanation_text(found), explanation_document(found)
    else:
        (node,) = focus_nodes([focus or ""])
        resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
        (chosen,) = select_rules(read_rules(resources), [rule or ""])
        answer = why(view, chosen, node, language=language)
        text, document = why_text(answer), why_document(answer)
    with output(output_file) as stream:
        shown = json.dumps(document, ensure_ascii=False, indent=2) if format == "json" else text
        stream.write(shown.encode() + b"\n")
