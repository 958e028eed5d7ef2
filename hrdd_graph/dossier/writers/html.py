"""HTML: one self-contained file without a script, to be read, printed and sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier

if TYPE_CHECKING:
    from jinja2 import Template

MEDIA_TYPE = "text/html"
BINARY = False


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the file."""
    stream.write(page_of(dossier).encode())


def page_of(dossier: Dossier) -> str:
    """The audit file as a page; the PDF is this page, printed."""
    return _template().render(paper=paper_of(dossier), kind=_kind)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("hrdd_graph.dossier.writers", "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("dossier.html")


def _kind(block: object) -> str:
    return type(block).__name__
