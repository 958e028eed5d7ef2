"""What was known when, what was done, what the party replied, and which laws ask for it: Yanacocha as the example."""

from __future__ import annotations

from hrdd_graph.chronology import events_about, publications
from hrdd_graph.gaps.context import duties, replies
from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.terms import Iri
from hrdd_graph.view import View

FIRM = Iri(f"{IDS}organisation/mineria-yanacocha")
SPILL = Iri(f"{IDS}abuse/yanacocha-mercury-spill")
CERTIFICATE = Iri(f"{IDS}commitment/yanacocha-iso14001")


def test_the_spill_was_known_before_the_certificate_and_the_certificate_has_no_stated_end(view: View) -> None:
    events = {event.iri: event for event in events_about(view, [FIRM], "en")}
    spill, certificate = events[SPILL.value], events[CERTIFICATE.value]
    assert (spill.lane, spill.harm, spill.start) == ("known", True, None)
    assert (certificate.lane, certificate.lasts, certificate.end) == ("done", True, None)
    assert certificate.start is not None
    assert spill.by < certificate.start


def test_a_record_without_a_date_of_its_own_is_not_put_at_its_sources_date(view: View) -> None:
    assert all(event.by.year < 2016 for event in events_about(view, [FIRM], "en"))


def test_protests_make_known_and_are_no_deed_of_the_firm(view: View) -> None:
    lanes = {event.kind: event.lane for event in events_about(view, [SPILL], "en")}
    assert lanes["Protest"] == "known"


def test_a_publication_stands_on_its_year(view: View) -> None:
    (paper,) = publications(view, [f"{IDS}source/nieri-2016"], "en")
    assert (paper.published, paper.by.year) == (True, 2016)


def test_that_a_source_was_read_for_a_reply_and_has_none_is_told(view: View) -> None:
    (silence,) = replies(view, [FIRM, SPILL], "en")
    assert not silence.given
    assert silence.locator.startswith("Box 2")


def test_three_laws_ask_for_remediation(view: View) -> None:
    found = {duty.regime.removeprefix(PREFIXES["regime"]) for duty in duties(view, [f"{PREFIXES['ungp']}22"], "en")}
    assert found == {"eu-csddd", "germany-lksg", "norway-transparency-act"}
