"""hrdd explain: why a finding stands, and why a rule finds nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Hrdd

from tests.cli.asking import gaps, told_once


def test_a_finding_is_explained_under_its_address_and_its_end(hrdd: Hrdd) -> None:
    address = gaps(hrdd, "--rule", "certified-open-abuse")["findings"][0]["finding"]
    long = hrdd("explain", address)
    short = hrdd("explain", address.partition("/finding/")[2])
    assert long.stdout == short.stdout
    for word in (
        "Facts",
        "Stated in",
        "Box 2, line 199",
        "Why it is a gap",
        "What to do",
        "Would be settled by",
        address,
    ):
        assert word in long.stdout


def test_why_not_is_told_condition_by_condition(hrdd: Hrdd) -> None:
    asked = ("explain", "--rule", "certified-open-abuse", "--focus", "organisation/mineria-yanacocha")
    text = hrdd(*asked, "--as-of", "2007-12-31").stdout
    for words in (
        "That is no clearance.",
        "1. A certificate that stood on the day",
        "does not hold",
        "?certifiedBy <=",
        "The first condition does not hold, so that none is met together with it.",
    ):
        assert words in text
    document = json.loads(hrdd(*asked, "--as-of", "2007-12-31", "--format", "json").stdout)
    assert [c["outcome"] for c in document["conditions"]] == ["fails", "holds", "holds"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "takes a finding, or --rule and --focus."),
        (("--rule", "certified-open-abuse"), "takes a finding, or --rule and --focus."),
        (("x/y", "--rule", "certified-open-abuse", "--focus", "a"), "takes a finding, or --rule and --focus."),
        (("--rule", "certified", "--focus", "organisation/newmont"), "certified: is not a rule."),
        (("--rule", "certified-open-abuse", "--focus", "organisation/nobody"), "is not in this view."),
        (("--rule", "certified-open-abuse", "--focus", "a b"), "is not an address"),
        (("x/y", "--format", "pdf"), "pdf is not a format here."),
    ],
)
def test_a_bad_question_why_is_told(hrdd: Hrdd, arguments: tuple[str, ...], words: str) -> None:
    told_once(hrdd("explain", *arguments), words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "certified-open-abuse/0000000000000000",
            ("does not stand in this view", "hrdd gaps --rule certified-open-abuse"),
        ),
        ("nonsense", ("nonsense is no finding's address. It ends with rule/0123456789abcdef",)),
        ("https://example.org/finding", ("is not a rule",)),
    ],
)
def test_a_finding_that_does_not_stand_is_told(hrdd: Hrdd, name: str, words: tuple[str, ...]) -> None:
    told_once(hrdd("explain", name), *words)
