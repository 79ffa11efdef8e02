"""Risk against coverage and calibration, worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.risk import (
    Bin,
    Judged,
    Step,
    aurc,
    best_aurc,
    calibration_error,
    coverage_at,
    excess_aurc,
    reliability,
    risk_coverage,
    step_at,
    without_confidence,
)


def judged(*pairs: tuple[float | None, int]) -> list[Judged]:
    return [Judged(confidence, bool(right)) for confidence, right in pairs]


FOUR = judged((0.6, 1), (0.9, 1), (0.8, 0), (0.2, 0))


def test_the_curve() -> None:
    # In order .9 right, .8 wrong, .6 right, .2 wrong.
    steps = risk_coverage(FOUR)
    assert [(step.threshold, step.coverage, step.risk) for step in steps] == [
        (0.9, 1 / 4, 0),
        (0.8, 2 / 4, 1 / 2),
        (0.6, 3 / 4, 1 / 3),
        (0.2, 4 / 4, 2 / 4),
    ]


def test_the_area_under_it() -> None:
    steps = risk_coverage(FOUR)
    # (0 + 1/2 + 1/3 + 1/2) / 4 = 1/3; at best, with both wrong ones last, (0 + 0 + 1/3 + 2/4) / 4 = 5/24.
    assert aurc(steps) == pytest.approx(1 / 3, rel=1e-12)
    assert best_aurc(4, 2) == pytest.approx(5 / 24, rel=1e-12)
    assert excess_aurc(steps) == pytest.approx(1 / 3 - 5 / 24, rel=1e-12)
    assert excess_aurc(risk_coverage(judged((0.9, 1), (0.8, 1), (0.2, 0)))) == 0.0
    assert aurc(risk_coverage(judged((0.9, 0), (0.2, 0)))) == best_aurc(2, 2) == 1.0
    assert aurc(risk_coverage(judged((0.9, 1)))) == best_aurc(1, 0) == 0.0


def test_coverage_at_a_risk() -> None:
    steps = risk_coverage(FOUR)
    assert coverage_at(steps, 0.0) == 1 / 4
    # The largest, though the risk at 2/4 is above it.
    assert coverage_at(steps, 1 / 3) == 3 / 4
    assert coverage_at(steps, 0.5) == 1.0
    assert step_at(steps, 1 / 3) == Step(threshold=0.6, covered=3, wrong=1, total=4)
    wrong_first = risk_coverage(judged((0.9, 0), (0.1, 1)))
    assert coverage_at(wrong_first, 0.4) == 0.0
    assert step_at(wrong_first, 0.4) is None
    # 3 wrong of 30 is exactly 10 %.
    assert coverage_at(risk_coverage(judged(*[(0.5, i >= 3) for i in range(30)])), 0.1) == 1.0


def test_equal_confidences_are_one_step() -> None:
    # .9: 1 of 1 right; then two at .5, one of them wrong: both have the risk 1/3 after them. (0 + 1/3 + 1/3) / 3.
    steps = risk_coverage(judged((0.5, 1), (0.9, 1), (0.5, 0)))
    assert [(step.covered, step.wrong) for step in steps] == [(1, 0), (3, 1)]
    assert aurc(steps) == pytest.approx(2 / 9, rel=1e-12)
    # No threshold lets only the right one of .5 in.
    assert coverage_at(steps, 0.2) == 1 / 3


def test_answers_without_confidence_come_last_and_count() -> None:
    given = judged((None, 1), (0.0, 0), (0.7, 1), (None, 0))
    steps = risk_coverage(given)
    assert [(step.threshold, step.covered, step.wrong, step.total) for step in steps] == [
        (0.7, 1, 0, 4),
        (0.0, 2, 1, 4),
        (None, 4, 2, 4),
    ]
    assert without_confidence(given) == 2
    assert coverage_at(steps, 0.0) == 1 / 4


def test_nothing_to_judge() -> None:
    assert risk_coverage([]) == ()
    assert aurc(()) is None
    assert excess_aurc(()) is None
    assert coverage_at((), 0.5) == 0.0
    assert reliability([]) == reliability(judged((None, 1))) == ()
    assert calibration_error(()) is None


@pytest.mark.parametrize("confidence", [math.nan, -0.1, 1.1, math.inf])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="not a confidence"):
        risk_coverage(judged((confidence, 1), (0.5, 1)))
    with pytest.raises(ValueError, match="not a confidence"):
        reliability(judged((confidence, 1), (0.5, 1)))


ANSWERS = st.lists(st.builds(Judged, st.sampled_from([None, 0.0, 0.1, 0.5, 0.9, 1.0]), st.booleans()), max_size=25)


@given(ANSWERS.flatmap(lambda answers: st.tuples(st.just(answers), st.permutations(answers))))
def test_order_never_matters(both: tuple[list[Judged], list[Judged]]) -> None:
    one, other = both
    assert risk_coverage(one) == risk_coverage(other)
    assert reliability(one, bins=4) == reliability(other, bins=4)


@given(ANSWERS, st.floats(0, 1))
def test_bounds(answers: list[Judged], risk: float) -> None:
    steps = risk_coverage(answers)
    area, excess = aurc(steps), excess_aurc(steps)
    step = step_at(steps, risk)
    assert (area is None) == (not answers)
    if area is not None and excess is not None:
        assert 0 <= excess <= area <= 1
        assert area >= best_aurc(len(answers), sum(not one.right for one in answers)) - 1e-12
    assert all(one.risk > risk for one in steps if step is None or one.coverage > step.coverage)
    assert sum(one.n for one in reliability(answers)) + without_confidence(answers) == len(answers)


# --- calibration


def test_bins_of_equal_mass() -> None:
    bins = reliability(judged((0.1, 0), (0.3, 1), (0.6, 1), (1.0, 1)), bins=2)
    assert bins == (
        Bin(low=0.1, high=0.3, n=2, confidence=pytest.approx(0.2), accuracy=0.5),  # type: ignore[arg-type]
        Bin(low=0.6, high=1.0, n=2, confidence=pytest.approx(0.8), accuracy=1.0),  # type: ignore[arg-type]
    )
    # (2 * |.5 - .2| + 2 * |1 - .8|) / 4.
    assert calibration_error(bins) == pytest.approx(0.25, rel=1e-12)


def test_bins_weigh_by_their_size() -> None:
    # Five at .5 stay together: they begin at 0, their middle, 2.5 of 6, is in the first half.
    bins = reliability(judged((0.5, 1), (0.5, 0), (0.5, 0), (0.5, 0), (0.5, 0), (0.9, 1)), bins=2)
    assert [(one.n, one.confidence, one.accuracy) for one in bins] == [(5, 0.5, 0.2), (1, 0.9, 1.0)]
    assert calibration_error(bins) == pytest.approx((5 * 0.3 + 1 * 0.1) / 6, rel=1e-12)
    # From 1 to 6 the middle, 3.5 of 6, is in the second half.
    assert [one.n for one in reliability(judged((0.1, 0), *[(0.5, 1)] * 5), bins=2)] == [1, 5]


def test_perfect_calibration_has_no_error() -> None:
    assert calibration_error(reliability(judged((1.0, 1), (0.0, 0), (0.0, 0)))) == 0.0
    assert calibration_error(reliability(judged((0.5, 1), (0.5, 0)))) == 0.0


def test_more_bins_than_answers() -> None:
    bins = reliability(judged((0.2, 0), (0.8, 1)), bins=10)
    assert [one.n for one in bins] == [1, 1]
