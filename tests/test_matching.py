"""Who is who: names are compared in any script and without legal forms, and nobody is merged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.matching.directory import Directory, Entry
from hrdd_graph.matching.graph import directory_of
from hrdd_graph.matching.names import folded, legal_forms
from hrdd_graph.matching.score import Profile, Weights, compare
from hrdd_graph.view import View

FORMS = legal_forms(Path(__file__).resolve().parent.parent / "data")


def profile(name: str, country: str = "", address: str = "") -> Profile:
    return Profile((FORMS.name(name),), country, folded(address))


def score(one: Profile, other: Profile) -> float:
    return compare(one, other, Weights.of([one, other])).score


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Forward Sports (Pvt.) Ltd.", "forward sports"),
        ("Minera Yanacocha S.R.L.", "minera yanacocha"),
        ("Siemens Aktiengesellschaft", "siemens"),
        ("Guangdong Esquel Textiles Co., Ltd", "guangdong esquel textiles"),
        ("The Linde Group", "linde"),
        ("Levi Strauss & Co.", "levi strauss and"),
        ("Łódzka sp. z o.o.", "lodzka"),
        ("Inc.", "inc"),
    ],
)
def test_the_legal_form_is_taken_off_and_nothing_else(name: str, core: str) -> None:
    assert FORMS.name(name).core == core


def test_a_name_that_is_longer_than_names_are_is_the_same_only_as_itself() -> None:
    long = "x" * 32_000
    assert score(profile(long), profile(long)) == 1.0
    assert FORMS.name(long).core != FORMS.name(f"{long}y").core
    assert len(FORMS.name(long).core) < 500, "comparing takes time by the square of the length"


def test_names_in_other_scripts_meet_their_latin_spelling() -> None:
    assert folded("Газпром") == "gazprom"
    assert score(profile("株式会社デンソー"), profile("Kabushiki Kaisha Denso")) > score(
        profile("株式会社デンソー"), profile("Toyota")
    )


def test_words_cut_apart_or_run_together_are_the_same_name() -> None:
    assert score(profile("Y I D A Manufacturer"), profile("Yida Manufacturer Co. Ltd")) > 0.95


def test_two_units_of_a_firm_are_not_one_factory() -> None:
    road = "Plot 44/1, Sector 15, Korangi Industrial Area, Karachi"
    other = "Plot 42/1, Sector 15, Korangi Industrial Area, Karachi"
    same = score(profile("Soorty Enterprises Unit 6", "pk", road), profile("Soorty Enterprises Ltd Unit 6", "pk", road))
    different = score(profile("Soorty Enterprises Unit 6", "pk", road), profile("Soorty Unit 10", "pk", other))
    assert same > 0.9
    assert different < 0.8


def test_a_shared_identifier_decides_and_another_country_counts_against() -> None:
    lei = frozenset([("lei", "529900T8BM49AURSDO55")])
    assert compare(Profile((), identifiers=lei), Profile((), identifiers=lei), Weights.of([])).score == 1
    assert score(profile("Felix", "tn"), profile("Felix", "de")) < score(profile("Felix", "tn"), profile("Felix", "tn"))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_score_is_between_nought_and_one_and_the_same_both_ways(one: str, other: str) -> None:
    first, second = profile(one), profile(other)
    there, back = score(first, second), score(second, first)
    assert 0 <= there <= 1
    assert there == pytest.approx(back, abs=0.06)


@given(st.text(min_size=1, max_size=30))
def test_whatever_a_name_is_it_is_like_itself(name: str) -> None:
    if folded(name):
        assert score(profile(name), profile(name)) == 1


def directory(*names: str) -> Directory:
    entries = [Entry(f"https://example.org/{n}", name, ("Firm",), profile(name)) for n, name in enumerate(names)]
    return Directory(entries, FORMS)


def test_a_match_is_sure_only_without_a_rival() -> None:
    found = directory("Tesco", "Saga Sports").find(profile("Tesco PLC"))
    assert found[0].match
    rivals = directory("Heineken International", "Heineken N.V.", "Saga Sports").find(profile("Heineken"))
    assert len(rivals) == 2
    assert not any(candidate.match for candidate in rivals)


def test_the_spelling_with_everything_in_it_breaks_a_tie() -> None:
    found = directory("Puma", "Puma AG").find(profile("Puma AG"))
    assert found[0].entry.label == "Puma AG"


def test_nobody_whom_a_source_hides_or_lumps_together_can_be_matched(view: View) -> None:
    hidden = {
        row[0].value  # type: ignore[union-attr]
        for row in view.select(
            "PREFIX hrdd: <https://w3id.org/hrdd-graph/ontology#> SELECT ?party { ?party a hrdd:UnnamedParty }"
        ).rows
    }
    assert len(hidden) > 100
    assert not hidden & set(directory_of(view, FORMS).by_iri)


def test_the_real_directory_finds_firms_clusters_rights_and_standards(view: View) -> None:
    found = directory_of(view, FORMS)
    for asked, expected in [
        ("NIKE, Inc.", "id/organisation/nike"),
        ("Minera Yanacocha S.R.L.", "id/organisation/mineria-yanacocha"),
        ("ISO 14001", "standard/iso-14001"),
        ("Pakistan", "id/country/PK"),
    ]:
        best = found.find(profile(asked))[0]
        assert best.entry.iri == f"https://w3id.org/hrdd-graph/{expected}", asked
