"""A map of the world with signs by country: a circle or a square for each series, sized by its number, which is beside.

No sign says more of a place than its country. Countries too small to have an outline are listed below the map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from hrdd_graph.pictures.outlines import HEIGHT, UNITS, WIDTH, Point, outlines
from hrdd_graph.pictures.svg import LINE, Picture, figure, linked, tag, text, wrapped

_LARGEST, _SMALLEST = 15.0, 3.0  # half of a sign, in pixels
_KEY = 24
_NUMBER = 18  # pixels for the number beside a sign
_AROUND = sorted(
    ((dx, dy) for dx in range(-120, 121, 10) for dy in range(-120, 121, 6)), key=lambda way: (math.hypot(*way), way)
)

_Box = tuple[float, float, float, float]  # left, top, right, bottom


def world_map(
    title: str,
    description: str,
    series: Mapping[str, tuple[str, str]],
    rows: Sequence[tuple[str, str, Mapping[str, float]]],
    codes: Sequence[str],
) -> Picture:
    """``series`` and ``rows`` as for bars, the first series as circles and the second, if any, as squares; ``codes``
    are the ISO 3166-1 codes of the rows, of two letters. A sign that would cover another is moved, with a line to its
    country.
    """
    drawn = outlines()
    counted = set(codes)
    land = [tag("path", d=drawn.other, class_="land")]
    land += [tag("path", d=way, class_="land told" if code in counted else "land") for code, way in drawn.paths.items()]
    most = {key: max((values.get(key, 0) for _, _, values in rows), default=0) or 1 for key in series}
    signs, elsewhere, taken = [], [], list[_Box]()
    for (label, href, values), code in zip(rows, codes, strict=True):
        said = f"{label}: " + ", ".join(f"{name} {figure(values.get(key, 0))}" for key, (name, _) in series.items())
        if code in drawn.places:
            place = drawn.places[code]
            halves = [_half(values.get(key, 0), most[key]) for key in series]
            at = _free(place, halves, taken)
            lead = tag("line", x1=place[0], y1=place[1], x2=at[0], y2=at[1], class_="line") if at != place else ""
            inside = "".join(_signs(at, series, values, halves))
            signs.append(linked(href, tag("g", tag("title", escape(said)), lead, inside)))
        else:
            elsewhere.append((said, href))
    y = HEIGHT + _KEY
    parts = [tag("g", *land, transform=f"scale({1 / UNITS:g})"), *signs, _key(series, y)]
    for said, href in elsewhere:
        y += LINE + 3
        parts.append(linked(href, text(wrapped(said, WIDTH, 1), 0, y + 4)))
    return Picture(title, description, WIDTH, y + 10, "".join(parts), any(href for _, href, _ in rows))


def _half(value: float, most: float) -> float:
    """Half the side of a sign, so that its area goes with its number; 0 for none."""
    return max(_LARGEST * math.sqrt(value / most), _SMALLEST) if value else 0.0


def _free(place: Point, halves: Sequence[float], taken: list[_Box]) -> Point:
    """The nearest place where signs and numbers cover no others, which is then taken."""
    sides = [2 * half + _NUMBER if half else 0.0 for half in halves]
    left, right = sides if len(sides) == 2 else (halves[0] + _NUMBER, halves[0])
    tall = max(*halves, LINE / 2)
    for dx, dy in _AROUND:
        x, y = place[0] + dx, place[1] + dy
        box = (x - left, y - tall, x + right, y + tall)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            return round(x, 1), round(y, 1)
    return place


def _signs(
    place: Point, series: Mapping[str, tuple[str, str]], values: Mapping[str, float], halves: Sequence[float]
) -> list[str]:
    """The first series left of the place with its number on the left, the second right of it; one alone upon it."""
    parts = []
    for number, ((key, (_, class_)), half) in enumerate(zip(series.items(), halves, strict=True)):
        if not half:
            continue
        way = -1 if number == 0 else 1
        x = place[0] + (way * (half + 1) if len(series) > 1 else 0)
        foot = round(x + way * (half + 2), 1)
        parts.append(_sign(number, x, place[1], half, class_))
        parts.append(text(figure(values[key]), foot, place[1] + 4, "halo", "end" if way < 0 else "start"))
    return parts


def _sign(number: int, x: float, y: float, half: float, class_: str) -> str:
    if number == 0:
        return tag("circle", cx=round(x, 1), cy=y, r=round(half, 1), class_=f"{class_} sign")
    side = round(2 * half, 1)
    return tag("rect", x=round(x - half, 1), y=round(y - half, 1), width=side, height=side, class_=f"{class_} sign")


def _key(series: Mapping[str, tuple[str, str]], y: float) -> str:
    parts, x = [], 8.0
    for number, (name, class_) in enumerate(series.values()):
        parts += [_sign(number, x, y, 6.0, class_), text(name, x + 12, y + 4)]
        x += 40 + 7 * len(name)
    return "".join(parts)
