"""Charts count what the view has, and draw every number that they count."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from hrdd_graph.charts import Material, kind, names
from hrdd_graph.gaps.counts import counts_of
from hrdd_graph.gaps.run import run_rules
from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.pictures.bars import bars
from hrdd_graph.pictures.world_map import world_map
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rules
from hrdd_graph.view import View


@pytest.fixture(scope="module")
def material(view: View, resources: Resources) -> Material:
    rules = [rule for rule in read_rules(resources) if rule.name in ("certified-open-abuse", "remedy-promised")]
    run = run_rules(view, rules)
    return Material(view, run, counts_of(run), "en")


def test_each_file_is_a_chart() -> None:
    assert set(names()) >= {"gaps-by-principle", "remedy-outcomes", "commitments-and-deeds"}


@pytest.mark.parametrize("name", names())
def test_every_bar_is_drawn_with_its_number(material: Material, name: str) -> None:
    chart = kind(name).chart(material)
    assert chart.bars
    drawn = chart.draw(kind(name).TITLE, "", chart.series, [(b.label, "", b.values) for b in chart.bars]).inline()
    values = [value for bar in chart.bars for value in bar.values.values() if value]
    if chart.draw is bars:
        assert drawn.count("<rect") == len(values)
    said = Counter(
        number for words in re.findall(r"<text[^>]*>([^<]+)</text>", drawn) for number in words.split(": ")[-1:]
    )
    assert Counter(map(str, values)) <= said
    assert all(set(bar.values) == set(chart.series) for bar in chart.bars)


def test_a_finding_counts_under_each_principle_that_its_rule_rests_on(material: Material) -> None:
    chart = kind("gaps-by-principle").chart(material)
    found = {bar.iri: sum(bar.values.values()) for bar in chart.bars}
    assert found[f"{PREFIXES['ungp']}22"] == len(material.run.findings)


def test_yanacocha_has_words_and_harms_and_no_remedy_provided(material: Material) -> None:
    chart = kind("commitments-and-deeds").chart(material)
    one = next(bar for bar in chart.bars if bar.iri == f"{IDS}cluster/yanacocha-mining")
    assert one.values["commitments"] >= 1
    assert one.values["abuses"] >= 5
    assert one.values["remedied"] == 0
    assert material.view.as_of == date(2026, 11, 20)


def test_the_map_tells_of_countries_and_of_no_place_within_them(material: Material) -> None:
    chart = kind("map").chart(material)
    assert all(re.fullmatch(rf"{IDS}country/[A-Z]{{2}}", bar.iri) for bar in chart.bars)
    peru = next(bar for bar in chart.bars if bar.iri == f"{IDS}country/PE")
    assert peru.values["abuses"] >= 5
    assert peru.values["clusters"] >= 1


def test_a_country_without_an_outline_is_told_below_the_map() -> None:
    series = {"abuses": ("Abuses", "high"), "clusters": ("Clusters", "low")}
    drawn = world_map("", "", series, [("Malta", "", {"abuses": 2, "clusters": 1})], ["MT"]).inline()
    assert "Malta: Abuses 2, Clusters 1" in drawn
