"""A diagram of a part of the ontology: domains on the left, ranges on the right, properties on the lines between.

Two columns and straight lines need no layout engine, print well, and stay readable as text (every label is text).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

_ROW, _BOX, _WIDTH, _COLUMN = 30, 22, 760, 210


@dataclass(frozen=True)
class Link:
    """A property from a class to a class."""

    domain: str
    name: str
    target: str


def diagram(title: str, links: Iterable[Link]) -> str:
    """The links as SVG with the classes as links to their anchors on the page.

    Colours come from the page's style sheet through the classes ``box``, ``line`` and ``edge``.
    """
    found = sorted(set(links), key=lambda link: (link.domain, link.target, link.name))
    rows: list[tuple[str, str, list[str]]] = []
    for link in found:
        if rows and rows[-1][:2] == (link.domain, link.target):
            rows[-1][2].append(link.name)
        else:
            rows.append((link.domain, link.target, [link.name]))
    height = _ROW * sum(_lines(names) for _, _, names in rows) + 10
    parts = [
        f'<svg class="diagram" role="group" viewBox="0 0 {_WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(title)}: which class leads to which, by which property</title>",
    ]
    y, previous = 5, ""
    for domain, target, names in rows:
        middle = y + _BOX / 2
        if domain != previous:
            parts.append(_box(0, y, domain))
            previous = domain
        parts.append(_box(_WIDTH - _COLUMN, y, target))
        parts.append(f'<line class="line" x1="{_COLUMN}" y1="{middle}" x2="{_WIDTH - _COLUMN - 7}" y2="{middle}"/>')
        tip = _WIDTH - _COLUMN
        parts.append(f'<path class="tip" d="M {tip - 8} {middle - 4} L {tip} {middle} L {tip - 8} {middle + 4} Z"/>')
        for number, line in enumerate(_wrapped(names)):
            place = middle - 5 + number * _ROW / 1.6
            parts.append(f'<text class="edge" x="{_WIDTH / 2}" y="{place}" text-anchor="middle">{escape(line)}</text>')
        y += _ROW * _lines(names)
    return "".join([*parts, "</svg>"])


def _box(x: float, y: float, name: str) -> str:
    return (
        f'<a href="#{escape(name)}"><rect class="box" x="{x}" y="{y}" width="{_COLUMN}" height="{_BOX}" rx="3"/>'
        f'<text class="name" x="{x + _COLUMN / 2}" y="{y + 15}" text-anchor="middle">{escape(name)}</text></a>'
    )


def _wrapped(names: list[str], width: int = 46) -> list[str]:
    lines = [""]
    for name in names:
        longer = f"{lines[-1]}, {name}" if lines[-1] else name
        if len(longer) > width and lines[-1]:
            lines.append(name)
        else:
            lines[-1] = longer
    return lines


def _lines(names: list[str]) -> int:
    return max(1, (len(_wrapped(names)) * 2 + 1) // 3 + (1 if len(_wrapped(names)) > 1 else 0))
