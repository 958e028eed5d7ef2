"""A table for the terminal: severity, rule, whom it is about, what was found, and where it is stated."""

from __future__ import annotations

import io
import shutil
from typing import BinaryIO

from hrdd_graph.gaps.run import Run
from hrdd_graph.gaps.sources import Cited
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
    table.add_column("finding", ratio=3)
    table.add_column("stated in", ratio=1)
    previous = ""
    for finding in run.findings:
        if finding.rule.name != previous:
            previous = finding.rule.name
            count = sum(1 for other in run.findings if other.rule.name == previous)
            table.add_section()
            table.add_row("", Text(f"{finding.rule.text('label', run.language)} · {previous} · {count}", "bold"), "")
        values = {t.value for name in finding.rule.identifying for t in finding.bindings.get(name, ())}
        where = _places([p for p in run.sources(finding) if p.record in values or p.record == finding.focus.value], run)
        mark = Text(_MARKS[finding.rule.severity], _STYLES[finding.rule.severity])
        sentence, _, rest = run.message(finding).partition(". ")
        said = Text(sentence + ".").append("\n" + rest, "dim") if rest else Text(sentence)
        table.add_row(mark, said, Text(where, "dim"))
    if run.findings:
        console.print(table)
        console.print()
    for line in footer(run):
        console.print(Text(line, "dim"))
    text.detach()


def _places(cited: list[Cited], run: Run) -> str:
    """Each source once, by the short part of its label, with the places in it."""
    by_source: dict[str, list[str]] = {}
    for place in cited:
        by_source.setdefault(run.labels(Iri(place.source)).partition(":")[0], []).append(place.locator)
    return "\n".join(f"{source}: {'; '.join(dict.fromkeys(found))}" for source, found in by_source.items())
