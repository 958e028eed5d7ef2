"""HTML: one self-contained file without a script, to be read, printed and sent."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, BinaryIO

from markupsafe import Markup

from hrdd_graph.dossier.layout import paper_of
from hrdd_graph.dossier.model import Dossier

if TYPE_CHECKING:
    from jinja2 import Template

MEDIA_TYPE = "text/html"
BINARY = False
_NO_BAR = Markup()


def write(dossier: Dossier, stream: BinaryIO) -> None:
    """Write the file."""
    stream.write(page_of(dossier).encode())


@cache
def style() -> str:
    """The style sheet as it stands in the page, for a server's policy to name. Widths of columns are classes."""
    sheet = (files("hrdd_graph.dossier.writers") / "pages" / "dossier.css").read_text("utf-8")
    return sheet + "".join(f".w{percent}{{width:{percent}%}}" for percent in range(1, 101))


def page_of(dossier: Dossier, bar: Markup = _NO_BAR, icon: str = "") -> str:
    """The audit file as a page; the PDF is this page, printed. ``bar`` is what a server sets above it on a screen,
    and ``icon`` the address of the server's icon.
    """
    sheet = Markup(style())  # noqa: S704  (ours)
    return _template().render(paper=paper_of(dossier), kind=_kind, style=sheet, bar=bar, icon=icon)


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
