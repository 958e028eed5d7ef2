"""A table for the terminal: severity, rule, whom it is about, what was found, and where it is stated."""

from __future__ import annotations

import io
import shutil
from typing import BinaryIO

from hrdd_graph.gaps.finding import Finding
from hrdd_graph.gaps.run import Run
from hrdd_graph.gaps.salience import UNKNOWN
from hrdd_graph.gaps.severity import DIMENSIONS
from hrdd_graph.gaps.sources import Cited
from hrdd_graph.namespaces import PREFIXES
from hrdd_graph.report._document import footer
from hrdd_graph.terms import Iri

MEDIA_TYPE = "text/plain"
BINARY = False

_MARKS = {"high": "■ high", "medium": "▲ medium", "low": "● low"}
_STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}


def write(run: Run, stream: BinaryIO) -> None:
    """Write the table, as wide as the terminal, and the lines that say what it rests on."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    terminal = stream.isatty() if hasattr(stream, "isatty") else False
    width = max(80, shutil.get_terminal_size((120, 40)).columns)
    console = Console(file=text, width=width, force_terminal=terminal, highlight=False, soft_wrap=False)
    table = Table(box=None, show_edge=False, pad_edge=False, expand=True, header_style="bold")
    table.add_column("severity", width=9, no_wrap=True)
    by_salience = run.order == "salience"
    if by_salience:
        table.add_column("rank", width=22)
    table.add_column("finding", ratio=3)
    table.add_column("stated in", ratio=1)
    previous = ""
    for finding in run.findings:
        label = finding.rule.text("label", run.language)
        if not by_salience and finding.rule.name != previous:
            previous = finding.rule.name
            count = sum(1 for other in run.findings if other.rule.name == previous)
            table.add_section()
            table.add_row("", Text(f"{label} · {previous} · {count}", "bold"), "")
        values = {t.value for name in finding.rule.identifying for t in finding.bindings.get(name, ())}
        where = _places([p for p in run.sources(finding) if p.record in values or p.record == finding.focus.value], run)
        mark = Text(_MARKS[finding.severity], _STYLES[finding.severity])
        sentence, _, rest = run.message(finding).partition(". ")
        said = Text(sentence + ".").append("\n" + rest, "dim") if rest else Text(sentence)
        if finding.severity_reason:
            said.append(f"\n{finding.severity.capitalize()}: {finding.severity_reason}.", "dim")
        said.append(f"\n{finding.iri.removeprefix(PREFIXES['finding'])}", "dim")
        if waiver := run.waiver(finding):
            said.append(f"\nWaived until {waiver.expires} by {waiver.author}: {waiver.reason}", "italic")
        if by_salience:
            said = Text(f"{label}\n", "bold").append_text(said)
            table.add_row(mark, Text(_rank(run, finding)), said, Text(where, "dim"))
        else:
            table.add_row(mark, said, Text(where, "dim"))
    if run.findings:
        console.print(table)
        console.print()
    lines = footer(run)
    if run.receipt:  # the last line, and a long one: what a terminal shows last are the day and what it rests on
        lines = [lines[-1], *lines[:-1]]
    for line in lines:
        console.print(Text(line, "dim"), soft_wrap=line.startswith("receipt: "))  # a receipt is copied as one word
    text.detach()


def _rank(run: Run, finding: Finding) -> str:
    """The rank with its interval, and the grades, one a line."""
    salience = run.salience(finding)
    if salience is None:
        return "not about one impact"
    moves = f" ({salience.best}–{salience.worst})" if salience.best != salience.worst else ""
    grades = [f"{name}: {grade}" for name, grade in zip(DIMENSIONS, salience.impact.grades, strict=True) if grade]
    return "\n".join([f"{salience.rank}{moves}", *(grades or [UNKNOWN])])


def _places(cited: list[Cited], run: Run) -> str:
    """Each source once, by the short part of its label, with the places in it."""
    by_source: dict[str, list[str]] = {}
    for place in cited:
        by_source.setdefault(run.labels(Iri(place.source)).partition(":")[0], []).append(place.locator)
    return "\n".join(f"{source}: {'; '.join(dict.fromkeys(found))}" for source, found in by_source.items())
