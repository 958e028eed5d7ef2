"""How many abuses are on record for each right, and where."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.namespaces import IDS, PREFIXES
from hrdd_graph.pictures.heat import STEPS, heat_map, shade
from hrdd_graph.rights import ARTICLES, DIMENSIONS, abuses_of_provisions, spread
from hrdd_graph.view import View


def test_an_abuse_of_a_paragraph_counts_for_its_article(view: View) -> None:
    counts = abuses_of_provisions(view)
    assert counts[f"{PREFIXES['udhr']}23"] >= counts[f"{PREFIXES['udhr']}23.4"] > 0


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_spread_has_no_empty_row_or_column_and_the_fullest_first(view: View, dimension: str) -> None:
    found = spread(view, dimension, "en")
    assert set(found.articles) == {article for article, _ in found.counts}
    assert set(found.columns) == {column for _, column in found.counts}
    totals = [sum(n for (_, c), n in found.counts.items() if c == column) for column in found.columns]
    assert totals == sorted(totals, reverse=True)
    assert [ARTICLES.index(article) for article in found.articles] == sorted(map(ARTICLES.index, found.articles))


def test_no_cell_counts_more_than_the_article_has(view: View) -> None:
    totals = abuses_of_provisions(view)
    found = spread(view, "cluster", "en")
    assert found.counts[f"{PREFIXES['udhr']}3", f"{IDS}cluster/yanacocha-mining"] > 0
    assert all(count <= totals[article] for (article, _), count in found.counts.items())


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_only_none_looks_like_none(count: int, more: int) -> None:
    step = shade(count, count + more)
    assert (step == 0) == (count == 0)
    assert step <= STEPS
    assert shade(count, count) == (STEPS if count else 0)


def test_every_number_of_a_heat_map_is_written_in_it() -> None:
    counts = {("a", "x"): 3, ("b", "y"): 12}
    rows, columns = [("a", "A & B", ""), ("b", "B", "")], [("x", "<x>", ""), ("y", "y", "")]
    root = ElementTree.fromstring(heat_map("t", "d", rows, columns, counts).document())
    said = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"3", "12", "A & B", "<x>"} <= said
