"""Pictures say in words what they show, hold whatever text they are given, and draw nothing that is not in the data."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.pictures.facts import Thing, Tie, facts
from hrdd_graph.pictures.svg import Picture
from hrdd_graph.pictures.timeline import Event, timeline

SVG = "{http://www.w3.org/2000/svg}"
# What XML can hold at all; control characters do not come from a graph.
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80)
days = st.dates(date(1900, 1, 1), date(2026, 1, 1))


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.document())


def said(picture: Picture) -> str:
    return " ".join("".join(text.itertext()) for text in parsed(picture).iter(f"{SVG}text"))


@given(st.lists(st.tuples(words, words, words), max_size=12), words)
def test_facts_are_well_formed_whatever_they_are_called(ties: list[tuple[str, str, str]], focus: str) -> None:
    things = [Thing(key, key) for key in dict.fromkeys([focus, *(k for a, _, b in ties for k in (a, b))])]
    picture = facts(things, [Tie(*tie) for tie in ties], focus, ["<none>"])
    root = parsed(picture)
    assert root.findtext(f"{SVG}title") == picture.title
    assert root.findtext(f"{SVG}desc") == picture.description
    assert "<none>" in said(picture)


def test_only_what_is_tied_to_the_focus_is_drawn() -> None:
    things = [Thing(key, f"name of {key}") for key in "abcx"]
    drawn = said(facts(things, [Tie("a", "buys from", "b"), Tie("c", "harms", "b")], "a", []))
    assert "name of c" in drawn
    assert "buys from" in drawn
    assert "name of x" not in drawn


def test_a_harm_is_marked_by_more_than_its_colour() -> None:
    event = Event("known", "Spill", "Abuse", date(2001, 1, 1), date(2001, 1, 1), harm=True)
    shapes = parsed(timeline([event], date(2020, 1, 1)))
    assert [e for e in shapes.iter(f"{SVG}rect") if e.get("class") == "harm-mark"]
    published = Event("known", "Report", "Source", date(2001, 1, 1), date(2001, 1, 1), published=True)
    assert list(parsed(timeline([published], date(2020, 1, 1))).iter(f"{SVG}circle"))


@given(
    st.lists(st.builds(Event, st.sampled_from(("known", "done")), words, words, st.none() | days, days), max_size=6),
    days,
)
def test_every_event_has_its_row(events: list[Event], as_of: date) -> None:
    picture = timeline(events, as_of)
    labels = [e for e in parsed(picture).iter(f"{SVG}text") if e.get("class") == "faint small" and e.get("x") == "0"]
    assert len(labels) == len(events)


def test_a_certificate_whose_end_is_not_stated_is_drawn_open_up_to_the_day() -> None:
    certificate = Event("done", "ISO 14001", "Certification", date(2008, 1, 1), date(2008, 12, 31), lasts=True)
    picture = timeline([certificate], date(2026, 11, 20))
    assert "end not stated" in said(picture)
    assert any(e.get("class") == "bar open" for e in parsed(picture).iter(f"{SVG}rect"))
    ended = Event("done", "X", "Certification", date(2008, 1, 1), date(2008, 1, 1), date(2011, 1, 1), lasts=True)
    assert not any(e.get("class") == "bar open" for e in parsed(timeline([ended], date(2026, 1, 1))).iter(f"{SVG}rect"))
