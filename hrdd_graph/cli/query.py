"""hrdd query"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from hrdd_graph.cli._common import (
    AsOfOption,
    KnownOnOption,
    LanguageOption,
    OutputOption,
    RootOption,
    StoreOption,
    output,
    resources_at,
    view_of,
)


def command(
    name: Annotated[str | None, typer.Argument(help="A template; without it, all are listed.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="K=V", help="A parameter; may be repeated.")
    ] = None,
    store: StoreOption = None,
    root: RootOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[
        str,
        typer.Option(
            "--format", "-f", help="table, json, csv, tsv, xlsx, srj, xml; for graphs also ttl, jsonld, nt, rdf, trig."
        ),
    ] = "table",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
) -> None:
    """Answer a query template with its parameters."""
    from difflib import get_close_matches

    from hrdd_graph.answers import writer_for
    from hrdd_graph.answers._answer import KINDS, answer_template
    from hrdd_graph.answers._findings import find
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.presence import check_present
    from hrdd_graph.rules import read_rules
    from hrdd_graph.templates import read_templates

    if name is None:
        for template in read_templates(resources_at(root)):
            given = " ".join(
                f"{p.name}=<{p.type}>" if p.required else f"[{p.name}=<{p.type}>]" for p in template.parameters
            )
            print(f"{template.name}: {template.summary}" + (f"\n    {given}" if given else ""))
        return
    values: dict[str, list[str]] = {}
    for pair in param or ():
        key, sign, value = pair.partition("=")
        if not sign:
            raise UnusableInput.one("--param", f'"{pair}" has no `=`.', fix="Write --param name=value.")
        values.setdefault(key, []).append(value)
    resources, view = view_of(store, root, as_of=as_of, known_on=known_on)
    templates = {template.name: template for template in read_templates(resources)}
    if name not in templates:
        near = get_close_matches(name, templates, n=2)
        fix = f"Did you mean {' or '.join(near)}?" if near else "`hrdd query` lists them."
        raise UnusableInput.one("query", f"{name} is not a template.", fix=fix)
    chosen = writer_for(KINDS[templates[name].form], format)
    answer = answer_template(view, templates[name], values, language=language, find=partial(find, resources))
    if answer.is_empty:  # perhaps because of a slip of the pen
        rules = {rule.iri for rule in read_rules(resources)}  # which are no part of a view
        asked = (node for node in templates[name].addresses(values) if node.value not in rules)
        check_present(view, asked, "--param")
    with output(output_file, binary=format == "xlsx") as stream:
        chosen.write(answer, stream)
