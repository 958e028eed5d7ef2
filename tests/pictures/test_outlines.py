"""Outlines are of countries that the graph has, on the map, and whole where they cross the 180th meridian."""

from __future__ import annotations

import re

from hrdd_graph.pictures.outlines import HEIGHT, UNITS, WIDTH, convert, outlines
from hrdd_graph.pictures.world_map import world_map
from hrdd_graph.resources import Resources

SERIES = {"abuses": ("Abuses", "high"), "clusters": ("Clusters", "low")}


def test_every_outline_is_of_a_country_of_the_reference(resources: Resources) -> None:
    reference = (resources.ontology / "reference" / "countries.ttl").read_text(encoding="utf-8")
    known = set(re.findall(r'hrdd:iso2 "(\w\w)"', reference))
    assert known
    assert set(outlines().paths) <= known
    assert set(outlines().places) == set(outlines().paths)


def test_every_sign_stands_on_the_map() -> None:
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in outlines().places.values())


def test_a_country_on_both_sides_of_the_180th_meridian_does_not_cross_the_map() -> None:
    arc = [[179, 10], [-358, 0], [0, 5], [358, 0], [0, -5]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [arc],
        "objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[0]], "id": "242"}]}},
    }
    steps = re.findall(r"l(-?\d+) ", convert(topology)["paths"]["FJ"])
    assert steps
    assert all(abs(int(step)) < 20 * UNITS for step in steps)


def test_signs_of_neighbours_do_not_cover_each_other() -> None:
    codes = ["TH", "KH", "VN", "LA"]
    rows = [(code, "", {"abuses": 9, "clusters": 9}) for code in codes]
    drawn = world_map("", "", SERIES, rows, codes).inline()
    circles = [
        tuple(map(float, found)) for found in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', drawn)
    ]
    assert len(circles) == len(codes) + 1  # and the key
    for number, (x, y, r) in enumerate(circles):
        assert all(abs(x - u) >= r + s or abs(y - v) >= r + s for u, v, s in circles[number + 1 :])
