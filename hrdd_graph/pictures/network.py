"""Any graph, from left to right: statements lead from a thing to one that stands further right, where they can.

Each statement ends at a place of its own, with its words before it, so that no two of them stand on each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from hrdd_graph.pictures.svg import CHARACTER, LINE, Picture, linked, tag, text, wrapped

MOST = 60  # things; a larger graph is no picture
_BOX, _GAP, _ROW, _INSIDE = 200, 190, 16, 8
_LOWEST = 200  # how far below the top of its group a column begins: a thing and what it leads to are seen together
_PORT = 16  # pixels from the end of one statement to that of the next

Ends = tuple[str, str]


@dataclass(frozen=True)
class Node:
    """A thing: its name, what kind it is, values that it has in words, and where it links to."""

    label: str
    kind: str = ""
    values: Sequence[str] = ()
    href: str = ""


@dataclass(frozen=True)
class _Box:
    """Where a thing stands."""

    x: float
    y: float
    height: float


def network(title: str, description: str, nodes: Mapping[str, Node], edges: Sequence[tuple[str, str, str]]) -> Picture:
    """``edges`` are source, words and target, by the keys of ``nodes``. Draws the first ``MOST`` nodes."""
    shown = list(nodes)[:MOST]
    words: dict[Ends, list[str]] = defaultdict(list)
    for source, said, target in edges:
        if source in shown and target in shown and said not in words[source, target]:
            words[source, target].append(said)
    arriving: dict[str, list[Ends]] = defaultdict(list)
    for ends in words:
        arriving[ends[1]].append(ends)
    lines = {key: _lines(nodes[key]) for key in shown}
    heights = {key: max(14 + LINE * len(lines[key]), _PORT * len(arriving[key]) + 6.0) for key in shown}
    boxes = _placed(shown, list(words), heights)
    for arrived in arriving.values():
        arrived.sort(key=lambda pair: (boxes[pair[0]].y, pair))
    drawn, labels = [], []
    for key, found in arriving.items():
        top = boxes[key].y + (boxes[key].height - _PORT * (len(found) - 1)) / 2
        for number, ends in enumerate(found):
            line, label = _edge(boxes[ends[0]], boxes[key], top + number * _PORT, ", ".join(words[ends]))
            drawn.append(line)
            labels.append(label)
    drawn += [_box(nodes[key], boxes[key], lines[key]) for key in shown]
    width = max((box.x for box in boxes.values()), default=0.0) + _BOX + 2
    height = max((box.y + box.height for box in boxes.values()), default=0.0) + 4
    return Picture(title, description, width, height, "".join([*drawn, *labels]), any(nodes[k].href for k in shown))


def _lines(node: Node) -> list[tuple[str, str]]:
    """What stands in a box: each line with its class."""
    found = [(line, "") for line in wrapped(node.label, _BOX - 2 * _INSIDE)]
    found += [(node.kind, "faint small")] if node.kind else []
    return [*found, *((line, "small") for value in node.values for line in wrapped(value, _BOX - 2 * _INSIDE, 2))]


def _placed(keys: Sequence[str], ends: Sequence[Ends], heights: Mapping[str, float]) -> dict[str, _Box]:
    """The boxes: things that hang together below each other, each as far right as its longest way from the left."""
    boxes: dict[str, _Box] = {}
    top = 2.0
    for part in _parts(keys, ends):
        columns = _columns(part, [pair for pair in ends if pair[0] in part and pair[0] != pair[1]])
        tall = [sum(heights[key] + _ROW for key in column) - _ROW for column in columns]
        for number, column in enumerate(columns):
            y = top + min((max(tall) - tall[number]) / 2, _LOWEST)
            for key in column:
                boxes[key] = _Box(2.0 + number * (_BOX + _GAP), round(y, 1), heights[key])
                y += heights[key] + _ROW
        top += max(tall) + _ROW + 8
    return boxes


def _parts(keys: Sequence[str], ends: Sequence[Ends]) -> list[dict[str, None]]:
    """The things in groups that hang together, in the order in which they come."""
    near: dict[str, list[str]] = defaultdict(list)
    for source, target in ends:
        near[source].append(target)
        near[target].append(source)
    found: list[dict[str, None]] = []
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            continue
        part, waiting = dict[str, None](), [key]
        while waiting:
            at = waiting.pop(0)
            if at not in part:
                part[at] = None
                waiting += near[at]
        seen |= part.keys()
        found.append(part)
    return found


def _columns(part: Mapping[str, None], ends: Sequence[Ends]) -> list[list[str]]:
    """A group in columns by the longest way from its sources; statements that close a circle do not count."""
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in ends:
        after[source].append(target)
    column = dict.fromkeys(part, 0)
    for key in reversed(_sources_last(part, after, {target for _, target in ends})):
        for target in after[key]:
            column[target] = max(column[target], column[key] + 1)
    rows: list[list[str]] = [[] for _ in range(max(column.values()) + 1)]
    for key in part:
        rows[column[key]].append(key)
    before: dict[str, list[str]] = defaultdict(list)
    for source, target in ends:
        before[target].append(source)
    place: dict[str, float] = {}
    for row in rows:
        order = {key: (_middle(place, before[key]), number) for number, key in enumerate(row)}
        row.sort(key=order.__getitem__)
        place |= {key: float(number) for number, key in enumerate(row)}
    return rows


def _sources_last(part: Mapping[str, None], after: dict[str, list[str]], targets: set[str]) -> list[str]:
    """The things so that each comes after those that it leads to. Takes statements that close a circle out of
    ``after``.
    """
    done: dict[str, None] = {}
    for start in sorted(part, key=lambda key: key in targets):
        way, entered = [(start, iter(list(after[start])))], {start}
        if start in done:
            continue
        while way:
            key, following = way[-1]
            target = next(following, None)
            if target is None:
                done[key] = None
                entered.discard(key)
                way.pop()
            elif target in entered:
                after[key].remove(target)
            elif target not in done:
                entered.add(target)
                way.append((target, iter(list(after[target]))))
    return list(done)


def _middle(place: Mapping[str, float], keys: Sequence[str]) -> float:
    known = [place[key] for key in keys if key in place]
    return sum(known) / len(known) if known else 0.0


def _edge(source: _Box, target: _Box, y2: float, words: str) -> tuple[str, str]:
    """A line from the right of one box to the left of another, and its words before its end."""
    x1, y1, x2 = source.x + _BOX, source.y + source.height / 2, target.x
    bend = (_GAP - 40) / 2 if x2 > x1 else _GAP - 60
    way = f"M {x1:g} {y1:g} C {x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    tip = f"M {x2 - 8:g} {y2 - 4:g} L {x2:g} {y2:g} L {x2 - 8:g} {y2 + 4:g} Z"
    room = int((_GAP - 30) / CHARACTER)
    short = words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
    label = tag("g", tag("title", escape(words)), text(short, x2 - 12, y2 + 4, "halo small", "end"))
    return tag("path", d=way, class_="line") + tag("path", d=tip, class_="tip"), label


def _box(node: Node, box: _Box, lines: Sequence[tuple[str, str]]) -> str:
    foot = box.y + (box.height - LINE * len(lines)) / 2 + 11
    said = [text(line, box.x + _INSIDE, foot + n * LINE, class_) for n, (line, class_) in enumerate(lines)]
    names = [line for line, (_, class_) in zip(said, lines, strict=True) if not class_]
    frame = tag("rect", x=box.x, y=box.y, width=_BOX, height=round(box.height, 1), rx=4, class_="box")
    title = tag("title", escape(node.label))
    return tag("g", title, frame, linked(node.href, *names), *said[len(names) :])
