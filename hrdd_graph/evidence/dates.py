"""Uncertain dates: what an EDTF string allows, as first and last days.

EDTF is the Library of Congress's Extended Date/Time Format (https://www.loc.gov/standards/datetime/). A sheet says
``2008``, ``2006-11-02``, ``[..2001]`` (that year or earlier), ``2007~`` (about) or, for ``date``, ``2001/2006``.
"""

from __future__ import annotations

import calendar
import math
import re
import time
from dataclasses import dataclass
from datetime import date
from functools import cache

_OPEN = ("", "..")
FORMS = 'EDTF such as "2008", "2006-11-02", "[..2001]", "2007~" or "2001/2006"'


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
    if re.fullmatch(r"[0-9]{4}", text) and text != "0000":
        return Bounds(date(int(text), 1, 1), date(int(text), 12, 31))
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
