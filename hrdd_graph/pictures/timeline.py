"""Two lanes of time: what happened and was known, and what was promised and done.

A row for each event: a bar where both ends are known, dashed where one is not or the time is uncertain, a mark where it
was a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hrdd_graph.pictures.svg import LINE, Picture, linked, tag, text, wrapped

Lane = Literal["known", "done"]
_LABEL, _TIME, _TOP = 330, 470, 26
_DAY_WORDS = 110  # pixels left of the day that its words take


@dataclass(frozen=True)
class Event:
    """Something with a place in time.

    ``start`` is a day, or ``None`` where only the ``by`` is known: the day by which it had begun. ``end`` is the last
    day, ``None`` where it is not known; ``lasts`` says that it goes on until its end or until nobody knows when (a
    certificate), so that it is drawn as a bar and not as a mark.
    """

    lane: Lane
    label: str
    kind: str
    start: date | None
    by: date
    end: date | None = None
    lasts: bool = False
    harm: bool = False
    published: bool = False
    href: str = ""


@dataclass(frozen=True)
class Words:
    """What the picture says, in the reader's language."""

    title: str = "What was known, and what was done"
    known: str = "Happened and known"
    done: str = "Promised and done"
    nothing: str = "nothing on record with a date"
    as_of: str = "as of"
    open: str = "end not stated"
    by: str = "by"


def timeline(events: Sequence[Event], as_of: date, words: Words | None = None) -> Picture:
    """The events by lane and time, up to ``as_of``."""
    say = words or Words()
    days = [day for e in events for day in (e.start, e.by, e.end) if day and day <= as_of]
    earliest = min(days).year if days else as_of.year - 1
    first = date(max(earliest - 1, 1), 1, 1)
    span = max((as_of - first).days, 365)

    def x(day: date) -> float:
        return round(_LABEL + 10 + _TIME * min(max((day - first).days, 0), span) / span, 1)

    lanes = (("known", say.known), ("done", say.done))
    body: list[str] = []
    y = float(_TOP)
    for lane, title in lanes:
        rows = sorted((e for e in events if e.lane == lane), key=lambda e: (e.start or e.by, e.by, e.label))
        body.append(text(title, 0, y + 14, "strong"))
        y += 22
        if not rows:
            body.append(text(say.nothing, 0, y + 12, "faint"))
            y += 22
        for event in rows:
            lines = wrapped(event.label, _LABEL, 2)
            body.append(linked(event.href, text(lines, 0, y + 12)))
            body.append(text(_when(event, say), 0, y + 12 + LINE * len(lines), "faint small"))
            body.append(_mark(event, x, y + 8, as_of, first))
            y += LINE * len(lines) + 22
        y += 8
    grid = _grid(first, as_of, x, y, say)
    told = "; ".join(f"{title}: {sum(event.lane == lane for event in events)}" for lane, title in lanes)
    return Picture(say.title, told, _LABEL + _TIME + 40, y + 4, grid + "".join(body), any(e.href for e in events))


def _when(event: Event, say: Words) -> str:
    start = event.start.isoformat() if event.start else f"{say.by} {event.by.isoformat()}"
    if event.start and event.by != event.start:
        same_year = (event.start.month, event.start.day, event.by.month, event.by.day) == (1, 1, 12, 31)
        start = f"{event.start.year}" if same_year and event.start.year == event.by.year else f"{start} / {event.by}"
    end = f" – {event.end.isoformat()}" if event.end and event.end != event.by else ""
    missing = f" – {say.open}" if event.lasts and not event.end else ""
    return f"{event.kind} · {start}{end}{missing}"


def _mark(event: Event, at: Callable[[date], float], y: float, as_of: date, first: date) -> str:
    harm = " harm" if event.harm else ""
    begin, by = event.start or event.by, event.by
    shape = "harm-mark" if event.harm else "known-mark" if event.published else "done"
    mark = _shape(event, at(begin), y, shape)
    if event.start is None:  # it had begun by that day, nobody says when
        mark = tag("line", x1=at(first), y1=y, x2=at(by), y2=y, class_="line unknown") + _shape(event, at(by), y, shape)
    if event.end and event.end > begin:
        left, right = at(begin), max(at(event.end), at(begin) + 3)
        return mark + tag("rect", x=left, y=y - 4, width=right - left, height=8, class_=f"bar{harm}")
    if event.lasts and not event.end:
        known, right = at(by), at(as_of)
        width = max(known - at(begin), 3.0)
        return (
            mark
            + tag("rect", x=at(begin), y=y - 4, width=width, height=8, class_=f"bar{harm}")
            + tag("rect", x=known, y=y - 4, width=max(right - known, 0.0), height=8, class_=f"bar open{harm}")
        )
    if event.start and by > begin:  # at some time between the two
        return tag("line", x1=at(begin), y1=y, x2=at(by), y2=y, class_="line unknown") + mark
    return mark


def _shape(event: Event, x: float, y: float, class_: str) -> str:
    """A square for a harm, a circle for what was published, a diamond for what was done."""
    if event.harm:
        return tag("rect", x=x - 5, y=y - 5, width=10, height=10, class_=class_)
    if event.published:
        return tag("circle", cx=x, cy=y, r=5, class_=class_)
    return tag("path", d=f"M {x - 6:g} {y:g} L {x:g} {y - 6:g} L {x + 6:g} {y:g} L {x:g} {y + 6:g} Z", class_=class_)


def _grid(first: date, as_of: date, at: Callable[[date], float], height: float, say: Words) -> str:
    years = as_of.year - first.year
    step = next((s for s in (1, 2, 5, 10, 20, 50) if years / s <= 8), 100)
    parts = []
    for year in range(-(-first.year // step) * step, as_of.year + 1, step):
        place = at(date(year, 1, 1))
        if at(as_of) - place < _DAY_WORDS:
            continue
        parts.append(tag("line", x1=place, y1=_TOP - 6, x2=place, y2=height, class_="grid"))
        parts.append(text(str(year), place, 12, "faint small", "middle"))
    here = at(as_of)
    parts.append(tag("line", x1=here, y1=_TOP - 6, x2=here, y2=height, class_="day"))
    parts.append(text(f"{say.as_of} {as_of.isoformat()}", here + 28, 12, "small", "end"))
    return "".join(parts)
