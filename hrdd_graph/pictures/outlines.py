"""Outlines of countries for maps, made once from Natural Earth 110m (public domain) and kept in ``outlines.json``.

The source is ``countries-110m.json`` of the npm package ``world-atlas`` 2.0.2, a TopoJSON file
(https://github.com/topojson/topojson-specification) whose countries have their ISO 3166-1 number::

    python -m hrdd_graph.pictures.outlines countries-110m.json > hrdd_graph/pictures/outlines.json

An outline says nothing about the legal status of a territory. Antarctica is left out.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 960, 430  # pixels
UNITS = 2  # of an outline, for one pixel
_FILE = Path(__file__).with_suffix(".json")
_ANTARCTICA = "AQ"
_EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)  # Šavrič, Patterson and Jenny 2018
_TOP = 83.7  # degrees north, where the map begins

Point = tuple[float, float]


@dataclass(frozen=True)
class Outlines:
    """``paths`` by ISO 3166-1 code of two letters (in ``UNITS``), where to put a sign for each (in pixels), and the
    path of areas without such a code.
    """

    paths: Mapping[str, str]
    places: Mapping[str, Point]
    other: str


@cache
def outlines() -> Outlines:
    """The outlines that come with the package."""
    held = json.loads(_FILE.read_text(encoding="utf-8"))
    return Outlines(held["paths"], {code: (x, y) for code, (x, y) in held["places"].items()}, held["other"])


def convert(topology: Mapping[str, Any]) -> dict[str, Any]:
    """What ``outlines.json`` holds, from a TopoJSON topology with ``countries``."""
    from babel.core import get_global

    codes = get_global("territory_aliases")  # of CLDR: also from ISO numbers to letters
    arcs = [_degrees(arc, topology["transform"]) for arc in topology["arcs"]]
    paths, places, other = {}, {}, ""
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]
        rings = [_project(_whole(_ring(ring, arcs))) for polygon in polygons for ring in polygon]
        code = codes.get(country.get("id", ""), [""])[0]
        drawn = "".join(map(_path, rings))
        if not code:
            other += drawn
        elif code != _ANTARCTICA:
            paths[code] = drawn
            places[code] = _middle(max(rings, key=lambda ring: abs(_area(ring))))
    return {"paths": dict(sorted(paths.items())), "places": dict(sorted(places.items())), "other": other}


def _degrees(arc: Iterable[tuple[int, int]], transform: Mapping[str, Any]) -> list[Point]:
    """An arc of differences in degrees of longitude and latitude."""
    (kx, ky), (x0, y0) = transform["scale"], transform["translate"]
    points, x, y = [], 0, 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * kx + x0, y * ky + y0))
    return points


def _whole(ring: list[Point]) -> list[Point]:
    """A ring that does not jump where it crosses the 180th meridian: it runs on beyond it."""
    points = [ring[0]]
    for longitude, latitude in ring[1:]:
        points.append((longitude - 360 * round((longitude - points[-1][0]) / 360), latitude))
    turns = round(sum(longitude for longitude, _ in points) / len(points) / 360)
    return [(longitude - 360 * turns, latitude) for longitude, latitude in points]


def _project(ring: list[Point]) -> list[Point]:
    """A ring of degrees in pixels, by the Equal Earth projection."""
    scale = WIDTH / 2 / _equal_earth(180, 0)[0]
    top = _equal_earth(0, _TOP)[1]
    flat = [_equal_earth(*point) for point in ring]
    return [(WIDTH / 2 + x * scale, (top - y) * scale) for x, y in flat]


def _equal_earth(longitude: float, latitude: float) -> Point:
    a1, a2, a3, a4 = _EQUAL_EARTH
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    return 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope), t * (
        a4 * t**8 + a3 * t**6 + a2 * t**2 + a1
    )


def _ring(numbers: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """The points of a ring; an arc with a negative number runs backwards and begins where the last one ended."""
    points: list[Point] = []
    for number in numbers:
        points += arcs[number] if number >= 0 else arcs[~number][::-1]
    return points


def _path(ring: list[Point]) -> str:
    """A closed path of whole units, so that neighbours share their border; nothing for what is less than a unit."""
    whole = [(round(x * UNITS), round(y * UNITS)) for x, y in ring]
    kept = [point for before, point in pairwise([None, *whole]) if point is not None and point != before]
    if len(set(kept)) < 3:
        return ""
    steps = "".join(f"l{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(kept[:-1]))
    return f"M{kept[0][0]} {kept[0][1]}{steps}z"


def _area(ring: list[Point]) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])) / 2


def _middle(ring: list[Point]) -> Point:
    """The centre of gravity of a ring."""
    area = 6 * _area(ring)
    around = list(pairwise([*ring, ring[0]]))
    x = sum((ax + bx) * (ax * by - bx * ay) for (ax, ay), (bx, by) in around) / area
    y = sum((ay + by) * (ax * by - bx * ay) for (ax, ay), (bx, by) in around) / area
    return round(x, 1), round(y, 1)


if __name__ == "__main__":
    json.dump(convert(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")
