"""hrdd suggest"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hrdd_graph.cli._common import KnownOnOption, OutputOption, RootOption, StoreOption, note, output, view_of


def command(
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE|-", help="What happened, a file that says it, or - .")],
    store: StoreOption = None,
    root: RootOption = None,
    known_on: KnownOnOption = None,
    language: Annotated[
        str | None, typer.Option("--language", "-l", metavar="TAG", help="en, fr, es or pt; otherwise it is guessed.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=50, help="How many provisions at most.")] = 5,
    format: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",
    output_file: OutputOption = None,
) -> None:
    """Suggest rights that a text may be about, with the words that led there. You decide."""
    import json

    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.suggestions.document import lines, suggestions_document
    from hrdd_graph.suggestions.suggester import check, suggester_of

    if format not in ("table", "json"):
        raise UnusableInput.one("--format", f"{format} is not a format here.", fix="There are table, json.")
    given = _read(text)
    check(given, language)
    _, view = view_of(store, root, known_on=known_on)
    found = suggester_of(view).suggest(given, language=language, limit=limit)
    document = suggestions_document(found)
    with output(output_file) as stream:
        if format == "json":
            stream.write(json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")
        else:
            stream.write("".join(f"{line}\n" for line in lines(found)).encode())
    note(document["note"])


def _read(text: str) -> str:
    """The text itself, or what the file or standard input holds. Raises ``UnusableInput`` where that is no text."""
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.suggestions.suggester import MOST_CHARACTERS

    most = 4 * MOST_CHARACTERS + 1
    try:
        if text == "-":
            data = sys.stdin.buffer.read(most)
        else:
            path = Path(text)
            if not path.is_file():
                return text
            with path.open("rb") as stream:
                data = stream.read(most)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableInput.one(text, "is not text in UTF-8.", fix="Save it as plain text in UTF-8.") from None
    except (OSError, ValueError):
        return text  # too long for a path, or with a character that no path has
