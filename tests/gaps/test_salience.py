"""Severity first, likelihood second; and what is not known is never taken for low."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd_graph.errors import UnusableInput
from hrdd_graph.gaps.salience import UNKNOWN, Ranking, Weights, parse_weights
from hrdd_graph.gaps.severity import DIMENSIONS, Grading, Impact, adjusted

GRADES = ("low", "moderate", "high")


def impact(name: str = "x", likelihood: str = "", **grades: str) -> Impact:
    """An impact with these grades; a dimension that is not named has no evidence."""
    return Impact(
        name,
        {dimension: (Grading(grade),) for dimension, grade in grades.items() if grade},
        (Grading(likelihood),) if likelihood in GRADES else (),
        likelihood == "occurred",
    )


def alike(*grades: str, likelihood: str = "") -> Impact:
    return impact(likelihood=likelihood, **dict(zip(DIMENSIONS, grades, strict=True)))


def ranking(*impacts: Impact, weights: Weights | None = None) -> Ranking:
    return Ranking({str(n): each for n, each in enumerate(impacts)}, weights or Weights())


_GRADE = st.sampled_from(["", *GRADES])
_IMPACTS = st.builds(alike, _GRADE, _GRADE, _GRADE, likelihood=st.sampled_from(["", *GRADES, "occurred"]))


# -- the rule's severity, raised and lowered -------------------------------------------------------------------------


def test_one_grave_dimension_is_enough_to_raise() -> None:
    for dimension in DIMENSIONS:
        severity, reason = adjusted("medium", impact(**{dimension: "high"}))
        assert severity == "high"
        assert reason == f"raised from medium: the impact is high in {dimension}"
    assert adjusted("low", impact(scale="high", scope="low"))[0] == "medium"
    assert adjusted("high", impact(scale="high")) == ("high", "")


def test_only_a_harm_known_to_be_low_in_all_three_lowers() -> None:
    assert adjusted("high", alike("low", "low", "low"))[0] == "medium"
    assert adjusted("low", alike("low", "low", "low")) == ("low", "")
    for known in ({"scale": "low"}, {"scale": "low", "scope": "low"}, {}):
        assert adjusted("high", impact(**known)) == ("high", "")
    assert adjusted("medium", None) == ("medium", "")


@given(st.sampled_from(["high", "medium", "low"]), _IMPACTS)
def test_a_reason_is_given_exactly_where_something_changed(severity: str, harm: Impact) -> None:
    after, reason = adjusted(severity, harm)
    assert bool(reason) == (after != severity)


def test_of_two_assessments_of_one_dimension_the_graver_counts() -> None:
    harm = Impact("x", {"scale": (Grading("low", "Curated"), Grading("high", "Stated"))})
    assert harm.grade("scale") == "high"


# -- the order of impacts --------------------------------------------------------------------------------------------


@given(_IMPACTS, _IMPACTS)
def test_likelihood_never_outranks_severity(first: Impact, second: Impact) -> None:
    """Whatever the likelihoods, the graver of two impacts comes first."""
    both = ranking(first, second)
    one, other = both.of("0"), both.of("1")
    assert one is not None
    assert other is not None
    if one.score > other.score:
        assert one.rank < other.rank


def test_of_two_equally_grave_risks_the_likelier_comes_first() -> None:
    order = ranking(alike("high", "low", "low", likelihood="low"), alike("high", "low", "low", likelihood="high"))
    ranks = [salience.rank for name in "01" if (salience := order.of(name))]
    assert ranks == [2, 1]


def test_likelihood_outranks_only_where_the_caller_gives_it_weight() -> None:
    harms = (alike("high", "high", "high", likelihood="low"), alike("low", "low", "low", likelihood="high"))
    plain, weighed = ranking(*harms), ranking(*harms, weights=parse_weights("likelihood=9"))
    assert [s.rank for n in "01" if (s := plain.of(n))] == [1, 2]
    assert [s.rank for n in "01" if (s := weighed.of(n))] == [2, 1]


def test_nothing_known_ranks_above_what_is_known_to_be_low_and_says_so() -> None:
    order = ranking(alike("low", "low", "low"), impact(), alike("high", "high", "high"))
    salience = order.of("1")
    assert salience is not None
    assert salience.rank == 2
    assert not salience.assessed
    assert {salience.shown_grade(name) for name in (*DIMENSIONS, "likelihood")} == {UNKNOWN}
    assert UNKNOWN in salience.sentence
    assert (salience.lowest, salience.highest) == (Fraction(0), Fraction(1))


@given(_IMPACTS)
def test_the_score_lies_within_what_the_unknown_leaves_open(harm: Impact) -> None:
    salience = ranking(harm).of("0")
    assert salience is not None
    assert 0 <= salience.lowest <= salience.score <= salience.highest <= 1
    known = all(harm.grades)
    assert (salience.lowest == salience.highest) == known


@given(st.lists(_IMPACTS, min_size=1, max_size=8), st.tuples(*[st.integers(1, 3)] * 3))
def test_the_rank_interval_holds_the_rank_at_any_weights_tried(harms: list[Impact], trio: tuple[int, int, int]) -> None:
    order = ranking(*harms)
    chosen = Weights(*map(Fraction, trio))
    for name in order.impacts:
        salience, moved = order.of(name), Ranking(order.impacts, chosen).of(name)
        assert salience is not None
        assert moved is not None
        assert salience.best <= salience.rank <= salience.worst
        assert salience.best <= moved.rank <= salience.worst


def test_weights_change_the_order() -> None:
    scale, scope = alike("high", "low", "low"), alike("low", "high", "low")
    for text, expected in (("scale=2", [1, 2]), ("scope=2", [2, 1]), ("", [1, 1])):
        order = ranking(scale, scope, weights=parse_weights(text))
        assert [s.rank for n in "01" if (s := order.of(n))] == expected
        assert all((s.best, s.worst) == (1, 2) for n in "01" if (s := order.of(n)))


def test_an_impact_that_is_not_on_record_has_no_rank() -> None:
    assert ranking(impact()).of("nowhere") is None


def test_the_formula_gives_the_score() -> None:
    """The formula that is shown, evaluated by hand, is the score."""
    weights = parse_weights("scale=2,irremediability=0.5")
    assert weights.formula.startswith("(2 × scale + 1 × scope + 0.5 × irremediability) / 3.5; ties by likelihood")
    for trio in product(GRADES, repeat=3):
        value = {"low": 0.0, "moderate": 0.5, "high": 1.0}
        salience = ranking(alike(*trio), weights=weights).of("0")
        assert salience is not None
        by_hand = (2 * value[trio[0]] + value[trio[1]] + 0.5 * value[trio[2]]) / 3.5
        assert float(salience.score) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scpe=1", '"scpe=1" is no weight of a dimension. Did you mean scope=1?'),
        ("zzz", "Write scale=1, scope=1, irremediability=1, likelihood=1, or some."),
        ("scale=-1", '"scale=-1" has no number of at least 0. Write scale=2.'),
        ("scale=1e9", "has no number"),
        ("scale=", "has no number"),
        ("scale=1,scale=2", '"scale" is given twice.'),
        ("scale=0,scope=0,irremediability=0,likelihood=1", "leaves severity without any weight."),
        (",", "is no weight"),
    ],
)
def test_weights_that_cannot_be_used_are_told(text: str, words: str) -> None:
    with pytest.raises(UnusableInput) as told:
        parse_weights(text)
    assert words in str(told.value)
