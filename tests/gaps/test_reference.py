"""The catalogue in docs/reference/ says what the rules, the graph and the verdicts say today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hrdd_graph.gaps.compile import compile_rule
from hrdd_graph.reference.gaps_page import DAY, gap_pages, laid_out
from hrdd_graph.resources import Resources
from hrdd_graph.rules import read_rule
from hrdd_graph.sparql.tokens import tokens

if TYPE_CHECKING:
    from hrdd_graph.view import View

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
MEND = "run: python -m hrdd_graph.reference --tables"


@pytest.fixture(scope="module")
def pages(resources: Resources, real_view: View) -> dict[Path, str]:
    assert real_view.as_of == DAY
    return gap_pages(resources, real_view)


def test_every_rule_has_its_page_as_it_is_today(rule_file: Path, pages: dict[Path, str]) -> None:
    page = REFERENCE / "gaps" / f"{rule_file.stem}.md"
    assert page.is_file(), MEND
    assert page.read_text(encoding="utf-8") == pages[page], MEND


def test_the_index_is_as_it_is_today(pages: dict[Path, str]) -> None:
    assert (REFERENCE / "gaps.md").read_text(encoding="utf-8") == pages[REFERENCE / "gaps.md"], MEND


def test_no_page_is_of_a_rule_that_is_no_more(pages: dict[Path, str]) -> None:
    assert set((REFERENCE / "gaps").glob("*.md")) <= set(pages), MEND


def test_a_query_is_laid_out_without_changing_it(rule_file: Path) -> None:
    query = compile_rule(read_rule(rule_file)).query(DAY, joined=False)
    body = query[query.index("SELECT ") :]
    shown = laid_out(query)
    assert [t.text for t in tokens(shown[shown.index("SELECT ") :])] == [t.text for t in tokens(body)]
