"""Uncertain dates: the first and the last day that an EDTF string allows."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.evidence.dates import Bounds, bounds, interval_ends

YEARS = st.integers(1, 9999)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2008", "2008-01-01", "2008-12-31"),
        ("2006-11-02", "2006-11-02", "2006-11-02"),
        ("2008-02", "2008-02-01", "2008-02-29"),
        ("[..2001]", None, "2001-12-31"),
        ("[2001..]", "2001-01-01", None),
        ("2001/2006", "2001-01-01", "2006-12-31"),
        ("2001/..", "2001-01-01", None),
        ("../2006", None, "2006-12-31"),
        ("2001/", "2001-01-01", None),
        ("/2006", None, "2006-12-31"),
        ("2006-08/2006-11-02", "2006-08-01", "2006-11-02"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("[1667,1668]", "1667-01-01", "1668-12-31"),
        ("[1668,1667]", "1667-01-01", "1668-12-31"),
        ("[2002-01..2005-09]", "2002-01-01", "2005-09-30"),
        ("[2001,2003..2005-02]", "2001-01-01", "2005-02-28"),
        ("[..2001,2003]", None, "2003-12-31"),
        (" 2008 ", "2008-01-01", "2008-12-31"),
    ],
)
def test_a_date_allows_these_days(text: str, first: str | None, last: str | None) -> None:
    assert bounds(text) == Bounds(day(first) if first else None, day(last) if last else None)


@pytest.mark.parametrize("text", ["2007~", "2007?", "2007%", "2006-11-02?"])
def test_an_uncertain_date_allows_more_than_the_certain_one(text: str) -> None:
    wide, narrow = bounds(text), bounds(text.rstrip("~?%"))
    assert wide.first is not None
    assert wide.last is not None
    assert narrow.first is not None
    assert narrow.last is not None
    assert wide.first < narrow.first
    assert narrow.last < wide.last


@pytest.mark.parametrize(
    "text",
    ["", "..", "../..", "/", "soon", "spring 2008", "2006-02-30", "2006-13", "0000", "-0100", "20", "200", "10000",
     "[2003-02-30,2004]", "[2003-2004]", "[2003,]", "[]", "y17e7", "9999-12-31~", "0001~",
     "unknown/2006", "２００８", "²⁰⁰⁸", "2008\n2009"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected EDTF such as|is not EDTF such as"):
        bounds(text)


@pytest.mark.parametrize("text", ["2006/2001", "2006-11-02/2006-11-01", "[2005..2003]"])
def test_an_interval_cannot_end_before_it_starts(text: str) -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        bounds(text)


@given(YEARS)
def test_a_year_contains_its_days(year: int) -> None:
    text = f"{year:04}"
    length = 366 if calendar.isleap(year) else 365
    found = bounds(text)
    assert found == Bounds(date(year, 1, 1), date(year, 12, 31))
    assert found.first is not None
    assert found.last is not None
    assert (found.last - found.first).days + 1 == length


@given(YEARS, st.integers(1, 12))
def test_a_month_has_its_own_length(year: int, month: int) -> None:
    found = bounds(f"{year:04}-{month:02}")
    assert found == Bounds(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


@given(DAYS)
def test_a_day_is_itself(when: date) -> None:
    assert bounds(when.isoformat()) == Bounds(when, when)


@given(DAYS, DAYS)
def test_the_first_day_is_never_after_the_last(one: date, other: date) -> None:
    try:
        found = bounds(f"{one.isoformat()}/{other.isoformat()}")
    except ValueError:
        assert other < one
    else:
        assert found == Bounds(one, other)
        assert one <= other


@given(st.integers(1000, 9000), st.sampled_from(["{}", "{}~", "{}?", "{}%", "[..{}]", "[{}..]", "{}-06", "{}-21"]))
def test_whatever_is_read_is_in_order(year: int, form: str) -> None:
    found = bounds(form.format(year))
    assert found != Bounds(None, None)
    assert found.first is None or found.last is None or found.first <= found.last


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_words(text: str) -> None:
    try:
        found = bounds(text)
    except ValueError as error:
        assert "EDTF" in str(error) or "ends before" in str(error)  # noqa: PT017
    else:
        assert found.first is None or found.last is None or found.first <= found.last


def test_the_ends_of_an_interval_are_read_as_written() -> None:
    assert interval_ends("2001 / 2006") == ("2001", "2006")
    assert interval_ends("2001/..") == ("2001", "..")
    assert interval_ends("2001") is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014-12-17?", date(2014, 12, 16), date(2014, 12, 18)),
        ("2014-12-17~", date(2014, 12, 16), date(2014, 12, 18)),
        ("2014-12-17%", date(2014, 12, 15), date(2014, 12, 19)),
        ("2014-12?", date(2014, 11, 1), date(2015, 1, 31)),
        ("2014-02%", date(2013, 12, 1), date(2014, 4, 30)),
        ("2014?", date(2013, 1, 1), date(2015, 12, 31)),
    ],
)
def test_what_is_doubted_is_the_unit_that_is_written_last(text: str, first: date, last: date) -> None:
    assert bounds(text) == Bounds(first, last)
