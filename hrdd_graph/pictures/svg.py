"""What all pictures are made of: elements, wrapped text, and the whole with its title, description and size."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

CHARACTER = 6.6  # width of a character of 12 pixels, generously
LINE = 15  # from one line of text to the next
_BROAD = {"broad": 328, "broader": 704}  # pixels that a page of 360 and one of 768 have room for


@dataclass(frozen=True)
class Picture:
    """A drawing: its title, what it shows in words, its size in pixels, and its elements.

    ``interactive`` says that elements link somewhere: then it is a group and no image, so that readers reach the links.
    """

    title: str
    description: str
    width: float
    height: float
    body: str
    interactive: bool = False

    def inline(self) -> str:
        """The element as it stands in a page, which links to the style sheet."""
        return self._element("")

    def document(self) -> bytes:
        """The picture as a file of its own, with its style inside."""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self._element(f"<style>{style()}</style>")}\n'.encode()

    def _element(self, inside: str) -> str:
        label = escape(f"{self.title}. {self.description}")
        role = "group" if self.interactive else "img"
        size = "".join(f" {name}" for name, width in _BROAD.items() if self.width > width)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="hrdd-picture{size}" role="{role}" aria-label="{label}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}">'
            f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>{inside}{self.body}</svg>"
        )


@cache
def style() -> str:
    """The style sheet of all pictures."""
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element. Attributes are escaped, ``_`` in their names is ``-`` and at their end nothing; what is inside is
    markup already.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(f"{value:g}" if isinstance(value, float) else str(value))}"'
        for key, value in attributes.items()
        if value not in (None, "")
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def wrapped(words: str, width: float, lines: int = 3) -> list[str]:
    """Words in lines that fit a width, with … where there are more lines than may be."""
    return textwrap.wrap(words, max(8, int(width / CHARACTER)), max_lines=lines, placeholder=" …") or [""]


def text(words: str | list[str], x: float, y: float, class_: str = "", anchor: str = "") -> str:
    """Text in one line or several, the first with its foot at ``y``."""
    lines = [words] if isinstance(words, str) else words
    if len(lines) == 1:
        return tag("text", escape(lines[0]), x=x, y=y, class_=class_, text_anchor=anchor)
    spans = "".join(tag("tspan", escape(line), x=x, y=y + number * LINE) for number, line in enumerate(lines))
    return tag("text", spans, class_=class_, text_anchor=anchor)


def figure(value: float) -> str:
    """A number as it is written beside its sign: whole where it is, else with four figures at most."""
    return str(value) if isinstance(value, int) else f"{value:.4g}"


def linked(href: str, *inside: str) -> str:
    """Elements that lead somewhere; as they are where they lead nowhere."""
    return tag("a", *inside, href=href) if href else "".join(inside)
