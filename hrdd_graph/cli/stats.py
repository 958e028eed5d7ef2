"""hrdd stats"""

from __future__ import annotations

from typing import Annotated

import typer

from hrdd_graph.cli._common import KnownOnOption, OutputOption, RootOption, StoreOption, output, view_of


def command(
    store: StoreOption = None,
    root: RootOption = None,
    known_on: KnownOnOption = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",
    output_file: OutputOption = None,
) -> None:
    """Count what each source holds: records by kind, status, basis and evidence, and its silences."""
    import json
    from collections import Counter

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.stats import statistics_of

    if format not in ("table", "json"):
        raise UnusableInput.one("--format", f"{format} is not a format here.", fix="Choose table or json.")
    _, view = view_of(store, root, known_on=known_on)
    found = statistics_of(view)
    with output(output_file) as stream:
        if format == "json":
            document = [
                {
                    key: dict(value.most_common()) if isinstance(value, Counter) else value
                    for key, value in vars(s).items()
                }
                for s in found
            ]
            stream.write(json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n")
            return
        for source in found:
            lines = [f"{source.title} ({source.statements} statements)"]
            for name, counter in source.counters.items():
                total = counter.total()
                shown = [
                    f"{key} {count}" + ("" if name in ("kinds", "absences") else f" ({count / total:.0%})")
                    for key, count in counter.most_common()
                ]
                lines.append(f"  {name}: {', '.join(shown) or 'none'}")
            stream.write(("\n".join(lines) + "\n\n").encode())
