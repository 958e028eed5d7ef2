"""Bars: a group of bars for each row, one for each series, with the name of its series and its number before it.

Names and numbers stand on the left, so that they are read on a small screen without moving the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hrdd_graph.pictures.svg import CHARACTER, Picture, figure, linked, tag, text, wrapped

_LONG, _THICK = 460, 16  # pixels of the longest bar, and from one bar to the next


def bars(
    title: str,
    description: str,
    series: Mapping[str, tuple[str, str]],
    rows: Sequence[tuple[str, str, Mapping[str, float]]],
) -> Picture:
    """``series`` are names and classes by key; ``rows`` labels, links and numbers by key. Bars of 0 are left out."""
    most = max((value for _, _, values in rows for value in values.values()), default=0) or 1
    number_ends = (
        max((len(name) for name, _ in series.values()), default=0) * CHARACTER
        + 14
        + max(len(figure(most)), 3) * CHARACTER
    )
    begin = number_ends + 8
    parts: list[str] = []
    y = 4.0
    for label, href, values in rows:
        parts.append(linked(href, text(wrapped(label, begin + _LONG, 1), 0, y + 12)))
        y += _THICK + 2
        for key in series:
            if not values.get(key):
                continue
            name, class_ = series[key]
            width = max(_LONG * values[key] / most, 2.0)
            parts.append(text(name, 0, y + 12, "small faint"))
            parts.append(text(figure(values[key]), round(number_ends, 1), y + 12, "small", "end"))
            at = round(begin, 1)
            parts.append(tag("rect", x=at, y=y + 2, width=round(width, 1), height=_THICK - 4, class_=class_))
            y += _THICK
        y += 10
    return Picture(title, description, begin + _LONG + 4, y + 4, "".join(parts), any(href for _, href, _ in rows))
