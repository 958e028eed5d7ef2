"""Facts as a small graph: what a finding is about, what is tied to it by which statement, and what is missing.

Things stand in columns by their distance from the focus; what the rule looked for and did not find is a dashed box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hrdd_graph.pictures.svg import LINE, Picture, linked, tag, text, wrapped

_BOX, _GAP, _ROW = 190, 150, 14
_MOST = 14  # things; a larger graph is no picture


@dataclass(frozen=True)
class Thing:
    """Something in the picture: its key, its name, what kind it is, whether it is a harm, and where it links to."""

    key: str
    label: str
    kind: str = ""
    harm: bool = False
    href: str = ""


@dataclass(frozen=True)
class Tie:
    """A statement between two things, by their keys. ``weak`` where it is alleged, contested or only curated."""

    source: str
    words: str
    target: str
    weak: bool = False


@dataclass(frozen=True)
class Words:
    """What the picture says of itself, in the reader's language."""

    title: str = "The facts"
    description: str = "{things} things and {ties} statements between them; {missing} looked for and not found."


def facts(
    things: Sequence[Thing], ties: Iterable[Tie], focus: str, missing: Sequence[str], words: Words | None = None
) -> Picture:
    """The graph around ``focus``. ``missing`` holds in words what was looked for and not found."""
    say = words or Words()
    merged: dict[tuple[str, str], list[Tie]] = defaultdict(list)
    for tie in ties:
        merged[(tie.source, tie.target)].append(tie)
    columns = _columns(things, merged, focus)
    named = {thing.key: thing for thing in things}
    boxes: dict[str, tuple[float, float, float]] = {}  # x, y, height
    lines = {key: wrapped(named[key].label, _BOX - 16) for column in columns for key in column}
    heights = {key: 12 + LINE * (len(lines[key]) + bool(named[key].kind)) for key in lines}
    empty = [wrapped(each, _BOX - 16, 5) for each in missing]
    tall = [sum(heights[key] + _ROW for key in column) for column in columns]
    height = max([*tall, 0]) + 8
    for number, column in enumerate(columns):
        y = 4 + (height - 8 - tall[number]) / 2
        for key in column:
            boxes[key] = (number * (_BOX + _GAP) + 2, y, heights[key])
            y += heights[key] + _ROW
    body = [_edge(boxes, pair, found) for pair, found in merged.items() if pair[0] in boxes and pair[1] in boxes]
    labels = [_label(boxes, pair, found) for pair, found in merged.items() if pair[0] in boxes and pair[1] in boxes]
    for key, (x, y, tallness) in boxes.items():
        thing = named[key]
        class_ = " ".join(["box", *(["focus"] if key == focus else []), *(["harm"] if thing.harm else [])])
        words_ = text(lines[key], x + 8, y + 17, "strong" if key == focus else "")
        kind = text(thing.kind, x + 8, y + 17 + LINE * len(lines[key]), "faint small") if thing.kind else ""
        body.append(tag("rect", x=x, y=y, width=_BOX, height=tallness, rx=4, class_=class_))
        body.append(linked(thing.href, words_) + kind)
    inner = any(boxes[a][0] == boxes[b][0] == _left(columns) for a, b in merged if a in boxes and b in boxes)
    width = max(len(columns) * (_BOX + _GAP) - _GAP + 4, _BOX + 4) + (_GAP - 20) * inner
    x, foot = 2.0, height
    for each in empty:
        if x + _BOX > width and x > 2:
            x, foot = 2.0, foot + 24 + 5 * LINE
        body.append(tag("rect", x=x, y=foot + 4, width=_BOX, height=10 + LINE * len(each), rx=4, class_="box unknown"))
        body.append(text(each, x + 8, foot + 19, "faint"))
        height = max(height, foot + 20 + LINE * len(each))
        x += _BOX + 20
    told = say.description.format(things=len(boxes), ties=len(merged), missing=len(missing))
    return Picture(say.title, told, width, height, "".join([*body, *labels]), interactive=any(t.href for t in things))


def _left(columns: Sequence[Sequence[str]]) -> float:
    """Where the last column begins."""
    return (len(columns) - 1) * (_BOX + _GAP) + 2


def _columns(things: Sequence[Thing], ties: dict[tuple[str, str], list[Tie]], focus: str) -> list[list[str]]:
    """The things by distance from the focus, those beside each other whose neighbours are; at most ``_MOST``."""
    near: dict[str, set[str]] = defaultdict(set)
    for source, target in ties:
        near[source].add(target)
        near[target].add(source)
    known = {thing.key for thing in things}
    columns, seen = [[focus]], {focus}
    while columns[-1]:
        found = sorted({key for at in columns[-1] for key in near[at]} - seen, key=_place(columns[-1], near))
        kept = [key for key in found if key in known][: _MOST - len(seen)]
        seen |= set(kept)
        columns.append(kept)
    return columns[:-1]


def _place(column: Sequence[str], near: dict[str, set[str]]) -> Callable[[str], tuple[float, str]]:
    def place(key: str) -> tuple[float, str]:
        rows = [row for row, other in enumerate(column) if other in near[key]]
        return (sum(rows) / len(rows) if rows else 0.0, key)

    return place


def _ends(
    boxes: dict[str, tuple[float, float, float]], pair: tuple[str, str]
) -> tuple[float, float, float, float, float]:
    """Where a line leaves one box and meets the other, and how far it bends out."""
    (ax, ay, ah), (bx, by, bh) = boxes[pair[0]], boxes[pair[1]]
    if ax == bx:
        return ax + _BOX, ay + ah / 2, bx + _BOX, by + bh / 2, 46
    left = ax < bx
    return ax + (_BOX if left else 0), ay + ah / 2, bx + (0 if left else _BOX), by + bh / 2, 0


def _edge(boxes: dict[str, tuple[float, float, float]], pair: tuple[str, str], ties: Sequence[Tie]) -> str:
    x1, y1, x2, y2, bend = _ends(boxes, pair)
    weak = " weak" if all(tie.weak for tie in ties) else ""
    way = f"M {x1:g} {y1:g} C {x1 + bend:g} {y1:g} {x2 + bend:g} {y2:g} {x2:g} {y2:g}"
    side = 1 if bend or x1 > x2 else -1
    tip = f"M {x2 + side * 8:g} {y2 - 4:g} L {x2:g} {y2:g} L {x2 + side * 8:g} {y2 + 4:g} Z"
    return tag("path", d=way, class_=f"line{weak}") + tag("path", d=tip, class_="tip")


def _label(boxes: dict[str, tuple[float, float, float]], pair: tuple[str, str], ties: Sequence[Tie]) -> str:
    x1, y1, x2, y2, bend = _ends(boxes, pair)
    said = wrapped(", ".join(dict.fromkeys(tie.words for tie in ties)), _GAP - 12, 3)
    share = 0.5 if x1 == x2 else 0.62  # nearer to the far end, where lines have fanned out
    x, y = x1 + (x2 - x1) * share + bend * 0.75, y1 + (y2 - y1) * share + 4 - (len(said) - 1) * LINE / 2
    return text(said, x, y, "halo small", "start" if bend else "middle")
