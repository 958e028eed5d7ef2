"""A heat map: rows and columns with a number in each square. The number is written in it; no colour is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hrdd_graph.pictures.svg import Picture, linked, tag, text, wrapped

_LABEL, _SIDE, _HEAD = 250, 30, 150
STEPS = 4  # shades beside none


def shade(count: int, most: int) -> int:
    """A number's shade among the shades up to that of ``most``: 0 for none alone, so that one never looks like none."""
    return -(-count * STEPS // most) if count and most else 0


def heat_map(
    title: str,
    description: str,
    rows: Sequence[tuple[str, str, str]],
    columns: Sequence[tuple[str, str, str]],
    counts: Mapping[tuple[str, str], int],
) -> Picture:
    """``rows`` and ``columns`` are keys, labels and links; ``counts`` the numbers by keys of row and column."""
    most = max(counts.values(), default=0)
    parts = []
    for number, (_, label, href) in enumerate(columns):
        x = _LABEL + number * _SIDE + _SIDE / 2 + 4
        said = wrapped(label, _HEAD + 40, 1)[0]
        turned = tag("g", text(said, 0, 0), transform=f"translate({x:g} {_HEAD - 8}) rotate(-50)")
        parts.append(linked(href, turned))
    for number, (row, label, href) in enumerate(rows):
        y = _HEAD + number * _SIDE
        parts.append(linked(href, text(wrapped(label, _LABEL - 12, 1)[0], 0, y + 19)))
        for place, (column, _, _) in enumerate(columns):
            count = counts.get((row, column), 0)
            x, step = _LABEL + place * _SIDE, shade(count, most)
            parts.append(
                tag("rect", x=x, y=y, width=_SIDE - 2, height=_SIDE - 2, class_=f"step{step}" if step else "step0")
            )
            if count:
                class_ = "on-step4 small" if step == STEPS else "small"
                parts.append(text(str(count), x + _SIDE / 2 - 1, y + 19, class_, "middle"))
    width = _LABEL + len(columns) * _SIDE + _HEAD - 20
    interactive = any(href for _, _, href in (*rows, *columns))
    return Picture(title, description, width, _HEAD + len(rows) * _SIDE + 4, "".join(parts), interactive)
