"""The pages of import profiles are what their generator makes, and say what a person needs before a first import."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdd_graph.reference.profiles_page import profile_pages
from hrdd_graph.resources import Resources

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pages() -> dict[Path, str]:
    return profile_pages(Resources(ROOT))


def test_each_page_is_what_the_generator_makes_and_no_other_is_there(pages: dict[Path, str]) -> None:
    stale = [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python -m hrdd_graph.reference --tables"
    assert set((ROOT / "docs" / "reference" / "profiles").glob("*.md")) < set(pages)


def test_a_page_says_what_is_read_under_which_licence_and_what_is_left_out(pages: dict[Path, str]) -> None:
    page = pages[ROOT / "docs" / "reference" / "profiles" / "bods.md"]
    assert "Reads JSON or JSON Lines." in page
    assert "Licence of the data: to be said with each file" in page
    assert "Names of natural persons stay out of the graph" in page
    assert "- No natural person is named" in page, "what tests claim of the real data"
