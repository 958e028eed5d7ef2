"""Putting the commands together, and turning errors into one clear message and an exit code."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

import hrdd_graph.cli as package
from hrdd_graph import __version__
from hrdd_graph.plugins import modules_in

app = typer.Typer(
    name="hrdd",
    help="A human-rights due-diligence knowledge graph: where words and deeds part, with every source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Exit codes: 0 done, 1 findings at or above --fail-on, 2 unusable input or arguments."""


for _module in modules_in(package.__path__):
    _loaded = import_module(f"hrdd_graph.cli.{_module}")
    if hasattr(_loaded, "group"):  # a command with commands of its own
        app.add_typer(_loaded.group, name=_module)
    else:
        app.command(_module)(_loaded.command)


def main() -> None:
    """Run the command line. Bad input gives its message on standard error and exit code 2."""
    from hrdd_graph.errors import UnusableInput
    from hrdd_graph.store import QueryError, StoreError

    try:
        app()
    except (UnusableInput, QueryError, StoreError) as error:
        print(f"hrdd: {error}" if not isinstance(error, UnusableInput) else str(error), file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        print("hrdd: stopped", file=sys.stderr)
        sys.exit(130)
