"""A value chain from left (upstream) to right (downstream): a column a tier, and the unknown shown as unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hrdd_graph.pictures.svg import LINE, Picture, linked, tag, text, wrapped

_BOX, _GAP, _ROW, _TOP = 170, 60, 10, 40
_MOST = 9  # parties of one tier; the rest are counted


@dataclass(frozen=True)
class Party:
    """Somebody in a tier. ``named`` is false for unnamed and collective parties, which have a dashed border."""

    key: str
    label: str
    named: bool = True
    focus: bool = False
    href: str = ""


@dataclass(frozen=True)
class Column:
    """A tier: its title, and who is in it. Without anybody it says ``unknown`` in a dashed box."""

    title: str
    parties: Sequence[Party]
    unknown: str = ""


@dataclass(frozen=True)
class Flow:
    """Goods go from one party to another, by their keys. ``weak`` where that is alleged or contested."""

    source: str
    target: str
    weak: bool = False


def chain(title: str, columns: Sequence[Column], flows: Iterable[Flow], more: str = "and {n} more") -> Picture:
    """The columns in order, the flows as lines. Without flows a plain arrow leads from each column to the next."""
    boxes: dict[str, tuple[float, float, float]] = {}
    parts: list[str] = []
    tall: list[float] = []
    built: list[list[tuple[Party | None, list[str], float]]] = []
    for column in columns:
        cells: list[tuple[Party | None, list[str], float]] = []
        for party in column.parties[:_MOST]:
            lines = wrapped(party.label, _BOX - 16)
            cells.append((party, lines, 12.0 + LINE * len(lines)))
        rest = len(column.parties) - _MOST
        said = more.format(n=rest) if rest > 0 else "" if column.parties else column.unknown
        if said:
            lines = wrapped(said, _BOX - 16, 4)
            cells.append((None, lines, 12.0 + LINE * len(lines)))
        built.append(cells)
        tall.append(sum(height + _ROW for _, _, height in cells))
    height = _TOP + max([*tall, 0])
    for number, (column, cells) in enumerate(zip(columns, built, strict=True)):
        x = number * (_BOX + _GAP) + 2.0
        parts.append(text(wrapped(column.title, _BOX, 2), x, 12, "faint small"))
        y = _TOP + (height - _TOP - tall[number]) / 2
        for shown, lines, tallness in cells:
            dashed = shown is None or not shown.named
            class_ = f"box{' unknown' if dashed else ''}{' focus' if shown and shown.focus else ''}"
            parts.append(tag("rect", x=x, y=y, width=_BOX, height=tallness, rx=4, class_=class_))
            words = text(lines, x + 8, y + 17, "strong" if shown and shown.focus else "" if shown else "faint")
            parts.append(linked(shown.href if shown else "", words))
            if shown:
                boxes[shown.key] = (x, y, tallness)
            y += tallness + _ROW
    drawn = [_line(boxes[f.source], boxes[f.target], f.weak) for f in flows if f.source in boxes and f.target in boxes]
    if not drawn:
        middle = _TOP + (height - _TOP) / 2
        drawn = [
            _line((n * (_BOX + _GAP) + 2.0, middle, 0), ((n + 1) * (_BOX + _GAP) + 2.0, middle, 0), False)
            for n in range(len(columns) - 1)
        ]
    told = "; ".join(
        f"{column.title}: {', '.join(p.label for p in column.parties[:_MOST]) or column.unknown}" for column in columns
    )
    width = len(columns) * (_BOX + _GAP) - _GAP + 4
    interactive = any(party.href for column in columns for party in column.parties)
    return Picture(title, told, width, height, "".join([*drawn, *parts]), interactive)


def _line(source: tuple[float, float, float], target: tuple[float, float, float], weak: bool) -> str:
    (ax, ay, ah), (bx, by, bh) = source, target
    x1, y1, x2, y2 = ax + _BOX, ay + ah / 2, bx, by + bh / 2
    if x2 <= x1:  # back or within a tier: around the right side
        x1, x2 = ax + _BOX, bx + _BOX
    bend = (x2 - x1) / 2 if x2 > x1 else 30.0
    back = x2 <= x1
    way = f"M {x1:g} {y1:g} C {x1 + bend:g} {y1:g} {x2 + (bend if back else -bend):g} {y2:g} {x2:g} {y2:g}"
    side = 1 if back else -1
    tip = f"M {x2 + side * 8:g} {y2 - 4:g} L {x2:g} {y2:g} L {x2 + side * 8:g} {y2 + 4:g} Z"
    return tag("path", d=way, class_=f"line{' weak' if weak else ''}") + tag("path", d=tip, class_="tip")
