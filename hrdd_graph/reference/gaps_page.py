"""The catalogue of gap rules as Markdown: an index, and a page for each rule with its query and a finding of it.

All of it comes from files: the rules, the ontology's parts, the verdicts in ``tests/gaps/judged.yaml``, and the graph
that is built from the data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.gaps.conditions import UNTITLED, titles_of
from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run, run_rules
from hrdd_graph.labels import labels_for
from hrdd_graph.namespaces import compact
from hrdd_graph.reference.ontology_page import ontology_parts
from hrdd_graph.reference.tables_page import GENERATED, markdown_table
from hrdd_graph.resources import Resources
from hrdd_graph.rules import Rule, read_rules
from hrdd_graph.sparql.tokens import Token, joined, tokens
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

DAY = date(2026, 11, 20)  # the day for which the findings were judged
_LINE_WORDS = ("FILTER", "OPTIONAL", "BIND", "MINUS", "VALUES", "UNION", "WHERE")

Judged = Mapping[str, Mapping[str, Mapping[str, Any]]]


def gap_pages(resources: Resources, view: View) -> dict[Path, str]:
    """The index and the page of each rule, by the file that they belong in. ``view`` shows the graph on ``DAY``."""
    rules = read_rules(resources)
    run = run_rules(view, rules)
    judged = yaml.safe_load((resources.root / "tests" / "gaps" / "judged.yaml").read_text(encoding="utf-8"))
    reference = resources.root / "docs" / "reference"
    pages = {reference / "gaps" / f"{rule.name}.md": _rule_page(rule, run, judged) for rule in rules}
    return {reference / "gaps.md": _index(rules, run, _parts(resources))} | pages


def _index(rules: Iterable[Rule], run: Run, parts: Mapping[str, str]) -> str:
    groups: dict[str, list[Rule]] = {title: [] for title in parts.values()}
    for rule in rules:
        groups.setdefault(_group(rule, parts), []).append(rule)
    lines = [
        GENERATED.format("shapes/gaps/"),
        "# Gap rules",
        "",
        "What each rule looks at and finds, by the part of the ontology that it looks at. A finding may be graver or "
        "less grave than its rule, by the impact that it is about ([how](../explanation/salience.md)). The last column "
        f"counts findings on the graph of this repository as of {DAY.isoformat()}.",
    ]
    counts = Counter(finding.rule.name for finding in run.findings)
    for title, members in groups.items():
        if members:
            rows = (
                (
                    f"[{rule.name}](gaps/{rule.name}.md)",
                    ", ".join(_focus(rule)),
                    rule.text("label"),
                    ", ".join(compact(iri) for iri in rule.provisions),
                    rule.severity,
                    rule.version,
                    str(counts[rule.name]),
                )
                for rule in sorted(members, key=lambda rule: rule.sort_key)
            )
            head = ("rule", "focus", "finds", "provisions", "severity", "version", "found")
            lines += ["", f"## {title}", "", *markdown_table(head, rows)]
    return "\n".join(lines) + "\n"


def _rule_page(rule: Rule, run: Run, judged: Judged) -> str:
    names = labels_for(run.view, [Iri(iri) for iri in rule.provisions])
    conditions = [title for title in titles_of(compile_rule(rule)) if title != UNTITLED]
    lines = [
        GENERATED.format(f"shapes/gaps/{rule.name}.ttl"),
        f"# {rule.text('label')}",
        "",
        f"`{rule.name}` {rule.version}, severity {rule.severity}, since {rule.since}. It looks at "
        f"{' and '.join(_focus(rule))}.",
        "",
        rule.text("definition"),
        "",
        "## Why",
        "",
        *(f"- [{compact(iri)}]({iri}): {names(Iri(iri))}" for iri in rule.provisions),
        "",
        "## What it rests on",
        "",
        *(f"{number}. {title}" for number, title in enumerate(conditions, 1)),
        *([] if conditions else ["The one condition of its query, below."]),
        "",
        f"Two findings differ by the focus{''.join(f' and `{name}`' for name in sorted(rule.identifying))}.",
        "",
        "## What to do",
        "",
        rule.text("advice"),
        "",
        f"Would be settled by: {rule.text('settled_by')}",
        "",
        "## An example",
        "",
        *_example(rule, run),
        "",
        "## How it was judged",
        "",
        _verdicts(judged.get(rule.name, {})),
        "",
        "## The query",
        "",
        f"For all focus nodes at once, on {DAY.isoformat()}. `hrdd rules {rule.name} --query` prints the form in which "
        "it is run, with EXISTS as joins where that is equal.",
        "",
        "```sparql",
        laid_out(compile_rule(rule).query(DAY, joined=False)),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _example(rule: Rule, run: Run) -> list[str]:
    found = [finding for finding in run.findings if finding.rule.name == rule.name]
    if not found:
        return [f"None in the real graph; see the fixtures in `tests/gaps/{rule.name}/`."]
    finding = found[0]
    lines = [f"> {run.message(finding)}", "", f"`{compact(finding.iri)}`, {finding.severity}. {_cited(run, finding)}"]
    return [*lines, "", f"{len(found)} findings in the real graph."] if len(found) > 1 else lines


def _cited(run: Run, finding: Finding) -> str:
    places: dict[str, list[str]] = {}
    for place in run.sources(finding):
        places.setdefault(run.labels(Iri(place.source)), []).append(place.locator)
    told = [f"{source} ({'; '.join(dict.fromkeys(where))})" for source, where in places.items()]
    return f"Stated in: {'; '.join(told)}." if told else ""


def _verdicts(verdicts: Mapping[str, Mapping[str, Any]]) -> str:
    counts = Counter(verdict["verdict"] for verdict in verdicts.values())
    if not counts:
        return "No finding in the real graph was there to be judged."
    told = ", ".join(f"{counts[word]} {word}" for word in ("right", "debatable", "wrong") if counts[word])
    return f"Every finding in the real graph was read against its source: {told} (`tests/gaps/judged.yaml`)."


def _focus(rule: Rule) -> list[str]:
    return [compact(target.value.value).removeprefix("hrdd:") for target in rule.targets]


def _parts(resources: Resources) -> dict[str, str]:
    """The title of the ontology's part in which each class stands, in the order of the parts."""
    parts = ontology_parts(resources.ontology / "hrdd.ttl")
    return {term.name: part.title for part in parts for term in part.terms if term.kind == "class"}


def _group(rule: Rule, parts: Mapping[str, str]) -> str:
    return next((parts[name] for name in _focus(rule) if name in parts), "Other nodes")


def laid_out(query: str) -> str:
    """A query with a line for each part, indented by its braces, and only those prefixes that it uses."""
    head, _, body = query.partition("SELECT ")
    used = set(re.findall(r"\b([a-z]+):", body))
    prefixes = [line for line in head.splitlines() if line.split()[1].rstrip(":") in used]
    lines: list[str] = []
    line: list[Token] = []
    open_parentheses = [0]  # in each brace that is open

    def end() -> None:
        if line:
            lines.append("  " * (len(open_parentheses) - 1) + joined(line))
            line.clear()

    for token in tokens(f"SELECT {body}"):
        if token.is_mark("}"):
            end()
            open_parentheses.pop()
        elif token.is_word(*_LINE_WORDS) and not open_parentheses[-1]:
            end()
        line.append(token)
        open_parentheses[-1] += token.is_mark("(") - token.is_mark(")")
        closed = token.is_mark(")") and not open_parentheses[-1] and line[0].is_word("FILTER", "BIND")
        if token.is_mark("{"):
            end()
            open_parentheses.append(0)
        elif token.is_mark(".") or (token.is_mark("}") and not open_parentheses[-1]) or closed:
            end()
    end()
    return "\n".join([*prefixes, *lines])
