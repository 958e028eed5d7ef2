"""hrdd rules"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import LanguageOption, RootOption, resources_at


def command(
    rule: Annotated[str | None, typer.Argument(help="A rule, to read all about it.")] = None,
    query: Annotated[bool, typer.Option("--query", help="Print the query that the rule becomes.")] = False,
    root: RootOption = None,
    language: LanguageOption = "en",
) -> None:
    """List the gap rules, or explain one."""
    from datetime import date

    from hrdd_graph.gaps.compile import compile_rule
    from hrdd_graph.gaps.selection import select_rules
    from hrdd_graph.namespaces import compact
    from hrdd_graph.rules import read_rules

    rules = read_rules(resources_at(root))
    if rule is None:
        width = max(len(r.name) for r in rules)
        for r in rules:
            print(f"{r.severity:<7} {r.name:<{width}}  {r.text('label', language)}")
        return
    found = select_rules(rules, [rule])[0]
    if query:
        print(compile_rule(found).query(date.today()))
        return
    print(f"{found.text('label', language)} ({found.name} {found.version}, {found.severity})\n")
    print(f"{found.text('definition', language)}\n")
    print(f"Rests on: {', '.join(compact(p) for p in found.provisions)}")
    print(f"What to do: {found.text('advice', language)}")
    print(f"Would be settled by: {found.text('settled_by', language)}")
    print(f"File: {found.path}")
