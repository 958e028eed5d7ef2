"""Uncertain dates: what an EDTF string allows, as first and last days.

EDTF is the Library of Congress's Extended Date/Time Format (https://www.loc.gov/standards/datetime/). A sheet says
``2008``, ``2006-11-02``, ``[..2001]`` (that year or earlier), ``2007~`` (about) or, for ``date``, ``2001/2006``.
"""

from __future__ import annotations

import calendar
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_A_DAY = timedelta(days=1)
_OPEN = ("", "..")
FORMS = 'EDTF such as "2008", "2006-11-02", "[..2001]", "2007~" or "2001/2006"'


_PLAIN = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")
# A plain date that is uncertain (?), approximate (~) or both (%).
_QUALIFIED = re.compile(r"([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)([?~%])")
# One of several: "[2003,2004]", "[1997..2003]", "[..2001]".
_DAY = r"[0-9]{4}(?:-[0-9]{2}){0,2}"
_MEMBER = rf"(?:{_DAY})?\.\.{_DAY}|{_DAY}"
_ONE_OF = re.compile(rf"\[((?:{_MEMBER})(?:,(?:{_MEMBER}))*)\]")


@dataclass(frozen=True)
class Bounds:
    """The first and last day that an uncertain date allows; ``None`` where it is open."""

    first: date | None
    last: date | None


def bounds(text: str) -> Bounds:
    """The days that an EDTF string allows; approximate dates are widened as EDTF says.

    Raises ``ValueError`` for a string that is not EDTF.
    """
    return _bounds(text.strip())


@cache
def _bounds(text: str) -> Bounds:
    # The forms that nearly every sheet uses need no parser for the rest of EDTF.
    if plain := _PLAIN.fullmatch(text):
        return _plain(text, *(int(part) if part else None for part in plain.groups()))
    if one_of := _ONE_OF.fullmatch(text):
        return _one_of(text, one_of[1].split(","))
    if qualified := _QUALIFIED.fullmatch(text):
        try:
            return _widened(_bounds(qualified[1]), 2 if qualified[2] == "%" else 1)
        except OverflowError as error:  # before the first day of the calendar, or behind the last
            raise ValueError(f'"{text}" is not {FORMS}.') from error
    if not text.isascii():
        raise ValueError(f'"{text}" is not {FORMS}.')
    ends = interval_ends(text)
    if ends:
        return _interval(text, *ends)
    from edtf import EDTFParseException, parse_edtf  # heavy, and a plain year needs none of it

    try:
        parsed = parse_edtf(text)
        found = Bounds(_day(parsed.lower_fuzzy()), _day(parsed.upper_fuzzy()))
    except (EDTFParseException, AttributeError, OverflowError, ValueError) as error:
        raise ValueError(f'"{text}" is not {FORMS}.') from error
    if found == Bounds(None, None):
        raise ValueError(f'"{text}" names no date at all; expected {FORMS}.')
    return found


def _plain(text: str, year: int | None, month: int | None = None, day: int | None = None) -> Bounds:
    assert year
    last = calendar.monthrange(year, month or 12)[1]
    try:
        return Bounds(date(year, month or 1, day or 1), date(year, month or 12, day or last))
    except ValueError as error:
        raise ValueError(f'"{text}" is not a day of the calendar; expected {FORMS}.') from error


def _widened(found: Bounds, times: int) -> Bounds:
    """A day or month widened by as long as itself to both sides: what is doubted is the unit that is written last.

    The library adds up a year, a month and a day, which makes thirteen months of a doubtful day.
    """
    assert found.first
    assert found.last
    is_month = found.first != found.last
    for _ in range(times):
        before, after = found.first - _A_DAY, found.last + _A_DAY
        if is_month:
            before = before.replace(day=1)
            after = after.replace(day=calendar.monthrange(after.year, after.month)[1])
        found = Bounds(before, after)
    return found


def _one_of(text: str, members: list[str]) -> Bounds:
    """From the first day of the earliest member to the last day of the latest; a member is a day or ``a..b``."""
    spans = [_interval(text, *member.split("..")) if ".." in member else _bounds(member) for member in members]
    firsts = [span.first for span in spans if span.first]
    lasts = [span.last for span in spans if span.last]
    return Bounds(
        min(firsts) if len(firsts) == len(spans) else None,
        max(lasts) if len(lasts) == len(spans) else None,
    )


def _interval(text: str, start: str, end: str) -> Bounds:
    """From the first day of one end to the last day of the other; an end that is open or unknown sets no bound."""
    if start in _OPEN and end in _OPEN:
        raise ValueError(f'"{text}" names no date at all; expected {FORMS}.')
    first = None if start in _OPEN else _bounds(start).first
    last = None if end in _OPEN else _bounds(end).last
    if first and last and last < first:
        raise ValueError(f'"{text}" ends before it starts.')
    return Bounds(first, last)


def _day(value: time.struct_time | float | None) -> date | None:
    if value is None or (isinstance(value, float) and math.isinf(value)):
        return None
    assert isinstance(value, time.struct_time)
    last = calendar.monthrange(value.tm_year, value.tm_mon)[1]
    return date(value.tm_year, value.tm_mon, min(value.tm_mday, last))


def interval_ends(text: str) -> tuple[str, str] | None:
    """The two ends of ``a/b``, or ``None`` where the string is no interval. An open end comes back as ``..``."""
    first, slash, last = text.partition("/")
    return (first.strip(), last.strip()) if slash else None


def ends_of(written: Mapping[str, str]) -> tuple[str, str]:
    """The start and end of a record as EDTF, empty where open; ``date`` and intervals stand for both ends."""
    start, end, when = (written.get(key, "") for key in ("start", "end", "date"))
    start, end = (when, when) if when else (start, end)
    if ends := interval_ends(start):
        start, end = ends[0], ends[1] if when or not end else end
    return ("" if start == ".." else start), ("" if end == ".." else end)


def record_days(begun: Bounds | None, ended: Bounds | None, issued: Bounds | None) -> dict[str, date]:
    """The first and last days on which a record can have begun and ended, by the names of their properties.

    What a source reports had begun when it appeared (``issued``), and what has ended had begun before.
    """
    known = [day for day in (ended.last if ended else None, issued.last if issued else None) if day]
    days = {
        "startEarliest": begun.first if begun else None,
        "startLatest": begun.last if begun and begun.last else min(known, default=None),
        "endEarliest": ended.first if ended else None,
        "endLatest": ended.last if ended else None,
    }
    return {name: day for name, day in days.items() if day}
