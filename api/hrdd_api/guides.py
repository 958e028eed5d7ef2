"""The guides of the documentation as pages: beside the packages in a checkout, inside one of them in a wheel.

Add a file to ``docs/tutorial``, ``docs/how-to`` or ``docs/explanation``, get a page.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape

from hrdd_graph.resources import open_resources

SECTIONS = ("tutorial", "how-to", "explanation")
_SUFFIX = ".md"


@dataclass(frozen=True)
class Guide:
    """A guide: its folder, its name, its title, and its text in Markdown."""

    folder: str
    name: str
    title: str
    text: str

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}"


@cache
def guides() -> Mapping[str, Guide]:
    """Every guide, by folder and name: ``explanation/safety``."""
    root = open_resources().root / "docs"
    found = [path for each in SECTIONS for path in sorted((root / each).glob(f"*{_SUFFIX}"))]
    read = [(path, path.read_text(encoding="utf-8")) for path in found]
    made = [Guide(path.parent.name, path.stem, text.partition("\n")[0].lstrip("# "), text) for path, text in read]
    return {guide.path: guide for guide in made}


def markup(guide: Guide, root: str = "") -> str:
    """The guide as HTML. Links to other guides stay on this server; those to other files of the sources are dropped."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(guide.text)
    for inline in tokens:
        kept: list[bool] = []
        for token in inline.children or ():
            if token.type == "link_open":
                target = _target(guide, str(token.attrs["href"]), root)
                token.attrs = {"href": target, **({"rel": "external noreferrer"} if "//" in target else {})}
                kept.append(bool(target))
            if token.type in ("link_open", "link_close") and not kept[-1]:
                token.tag, token.attrs = "span", {}
            if token.type == "link_close":
                kept.pop()
    for number, token in enumerate(each for each in tokens if each.type == "table_open"):
        token.meta["label"] = f"{guide.title}, {number + 1}"
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return str(parser.renderer.render(tokens, parser.options, {}))


def _table(_renderer: object, tokens: Sequence[Token], place: int, *_: object) -> str:
    """A table that goes on sideways where the screen is narrow, within reach of the keyboard."""
    label = escape(tokens[place].meta["label"])
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table>\n'


def _target(guide: Guide, href: str, root: str) -> str:
    """Where a link of a guide leads; empty where this server has nothing there."""
    if href.startswith("https://"):
        return href
    path = href.partition("#")[0]
    place = posixpath.normpath(posixpath.join(guide.folder, path)).removesuffix(_SUFFIX)
    return f"{root}/guide/{place}" if place in guides() else ""
