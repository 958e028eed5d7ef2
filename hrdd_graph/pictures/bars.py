"""Bars: a group of bars for each row, one for each series, with its number and the name of its series beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hrdd_graph.pictures.svg import LINE, Picture, linked, tag, text, wrapped

_LABEL, _LONG, _THICK = 300, 380, 16


def bars(
    title: str,
    description: str,
    series: Mapping[str, tuple[str, str]],
    rows: Sequence[tuple[str, str, Mapping[str, int]]],
) -> Picture:
    """``series`` are names and classes by key; ``rows`` labels, links and numbers by key. Bars of 0 are left out."""
    most = max((value for _, _, values in rows for value in values.values()), default=0) or 1
    parts: list[str] = []
    y = 4.0
    for label, href, values in rows:
        lines = wrapped(label, _LABEL - 16, 2)
        shown = [key for key in series if values.get(key)]
        parts.append(linked(href, text(lines, 0, y + 12)))
        for number, key in enumerate(shown):
            name, class_ = series[key]
            width = max(_LONG * values[key] / most, 2.0)
            top = y + number * _THICK
            parts.append(tag("rect", x=_LABEL, y=top + 2, width=round(width, 1), height=_THICK - 4, class_=class_))
            said = f"{name}: {values[key]}" if len(series) > 1 else str(values[key])
            parts.append(text(said, round(_LABEL + width + 6, 1), top + 12, "small"))
        y += max(len(shown) * _THICK, LINE * len(lines), _THICK) + 10
    return Picture(title, description, _LABEL + _LONG + 150, y + 4, "".join(parts), any(href for _, href, _ in rows))
