"""A graph from left to right: all of it is there, circles too, and no two things or words stand on each other."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.pictures.network import MOST, Node, network
from hrdd_graph.pictures.svg import Picture

SVG = "{http://www.w3.org/2000/svg}"
keys = st.sampled_from("abcdefgh")
edges = st.lists(st.tuples(keys, st.sampled_from(("buys from", "owns")), keys), max_size=20)


def drawn(found: list[tuple[str, str, str]]) -> ElementTree.Element:
    nodes = {key: Node(f"name of {key}") for key in dict.fromkeys(k for a, _, b in found for k in (a, b))}
    return ElementTree.fromstring(network("Graph", "", nodes, found).document())


def boxes(root: ElementTree.Element) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for group in root.iter(f"{SVG}g"):
        frame = group.find(f"{SVG}rect")
        if frame is not None:
            x, y, width, height = (float(frame.get(name, "")) for name in ("x", "y", "width", "height"))
            found[group.findtext(f"{SVG}title", "")] = (x, y, x + width, y + height)
    return found


@given(edges)
def test_every_thing_has_a_box_and_no_two_boxes_touch(found: list[tuple[str, str, str]]) -> None:
    placed = boxes(drawn(found))
    assert set(placed) == {f"name of {key}" for a, _, b in found for key in (a, b)}
    for one, other in combinations(placed.values(), 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


@given(edges)
def test_every_statement_has_its_words_at_a_place_of_its_own(found: list[tuple[str, str, str]]) -> None:
    words = [e for e in drawn(found).iter(f"{SVG}text") if e.get("class") == "halo small"]
    assert len(words) == len({(a, b) for a, _, b in found})
    assert len({(e.get("x"), e.get("y")) for e in words}) == len(words)


def test_statements_lead_to_the_right_and_one_that_closes_a_circle_back() -> None:
    placed = boxes(drawn([("a", "owns", "b"), ("b", "owns", "c"), ("a", "owns", "c"), ("c", "owns", "a")]))
    left = [placed[f"name of {key}"][0] for key in "abc"]
    assert left == sorted(set(left))


def test_of_a_large_graph_the_beginning_is_drawn() -> None:
    nodes = {str(n): Node(str(n)) for n in range(MOST + 5)}
    picture: Picture = network("Graph", "", nodes, [("0", "owns", str(n)) for n in range(1, MOST + 5)])
    assert len(boxes(ElementTree.fromstring(picture.document()))) == MOST
