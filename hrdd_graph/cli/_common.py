"""Options and outputs that commands share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

if TYPE_CHECKING:
    from hrdd_graph.resources import Resources
    from hrdd_graph.view import View

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", envvar="HRDD_STORE", metavar="STORE",
        help="A folder, memory:, or a SPARQL endpoint's address (copy: or direct: before it chooses how it is asked). "
        "Without it: a store in your cache, built on demand.",
    ),
]  # fmt: skip
RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root", envvar="HRDD_ROOT", metavar="FOLDER",
        help="A folder with ontology/ shapes/ data/ queries/ of your own. Without it: those that come with hrdd.",
    ),
]  # fmt: skip
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="Judge the world as it was on this day, as 2026-11-20. Without it: today."
    ),
]
KnownOnOption = Annotated[
    str | None,
    typer.Option("--known-on", metavar="DAY", help="Use only what had been published by this day. Without it: all."),
]
WeightsOption = Annotated[
    str | None,
    typer.Option(
        "--weights", metavar="WEIGHTS",
        help="What counts in an impact's rank: scale=2,scope=1,irremediability=3. Each is 1 where nothing is said.",
    ),
]  # fmt: skip
SortOption = Annotated[
    str, typer.Option("--sort", metavar="ORDER", help="severity (rule by rule), or salience (gravest impact first).")
]
LanguageOption = Annotated[
    str,
    typer.Option(
        "--language", "-l", metavar="TAG",
        help="Language of texts and labels, as fr. What is not told in it comes in English.",
    ),
]  # fmt: skip
TokensOption = Annotated[
    Path | None,
    typer.Option(
        "--tokens", envvar="HRDD_TOKENS", metavar="FILE",
        help="The file of tokens. Without it: the one beside the store.",
    ),
]  # fmt: skip
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file.")]


def note(message: str) -> None:
    """A word for the person, on standard error."""
    print(f"hrdd: {message}", file=sys.stderr)


def resources_at(root: Path | None) -> Resources:
    """The resources in a folder, or those that come with the package."""
    from hrdd_graph.resources import open_resources

    return open_resources(root)


def day(text: str | None, option: str) -> date | None:
    """A day given on the command line. Raises ``UnusableInput`` where it is none."""
    from hrdd_graph.errors import UnusableInput

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableInput.one(option, f'"{text}" is not a day.', fix="Write it as 2026-11-20.") from None


def view_of(
    store: str | None, root: Path | None, *, as_of: str | None = None, known_on: str | None = None
) -> tuple[Resources, View]:
    """The resources, and the public view of the store that the user named."""
    from hrdd_graph.opening import open_store
    from hrdd_graph.view import open_view

    when, known = day(as_of, "--as-of"), day(known_on, "--known-on")
    resources = resources_at(root)
    return resources, open_view(open_store(store, resources, note), as_of=when, known_on=known)


@contextmanager
def output(path: Path | None, *, binary: bool = False) -> Iterator[BinaryIO]:
    """Standard output or a file, which appears only when it is complete."""
    from hrdd_graph.errors import UnusableInput

    if path is None:
        if binary and sys.stdout.isatty():
            raise UnusableInput.one("--output", "is needed: this format is not for a terminal.", fix="Name a file.")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise UnusableInput.one(path, f"cannot be written: {error.strerror}.", fix="Name another file.") from error
    finally:
        part.unlink(missing_ok=True)
