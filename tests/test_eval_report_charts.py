"""The report's charts: where bars, curves and ticks stand, and the numbers beside them, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.confidence import judged
from eval.metrics.risk import Judged
from eval.report.charts import Plot, Point, scale, thinned, waterfall
from eval.report.confidence import confidence
from eval.results import Blame, ItemResult
from eval.types import Ended, NotApplicable, RunRecord, Scored, Unscored


def test_the_waterfall_steps_down_from_all_items_to_those_that_are_right() -> None:
    bars = waterfall({Blame.NONE: 5, Blame.DROPPED: 0, Blame.FALSE_ANSWER: 2, Blame.HARNESS: 1, "unheard of": 2})
    assert [(bar.label, bar.count, bar.start, bar.share, bar.kind) for bar in bars] == [
        ("all items", 10, 0.0, 1.0, "all"),
        ("harness error", 1, 0.9, 0.1, "lost"),
        ("false answer", 2, 0.7, 0.2, "lost"),
        ("unheard of", 2, 0.5, 0.2, "lost"),
        ("right and proved", 5, 0.0, 0.5, "right"),
    ]
    assert waterfall({}) == ()


def test_a_plot_puts_values_on_its_axes() -> None:
    # 400 x 300, 50 left, 14 right, 12 above, 48 below: 336 x 240 between the axes.
    plot = Plot(0.5)
    assert plot.path([Point(0, 0), Point(0.5, 0.25), Point(1, 0.5)]) == "M50 252.0L218.0 132.0L386 12.0"
    assert [tick.label for tick in plot.y_ticks] == ["0.00", "0.12", "0.25", "0.38", "0.50"]
    assert [scale(values) for values in ([], [0.0], [0.1], [0.11, 0.05], [0.61], [1.0])] == [1, 0.1, 0.1, 0.2, 0.8, 1]


@given(st.integers(0, 500), st.integers(2, 50))
def test_thinning_keeps_order_and_both_ends(size: int, most: int) -> None:
    found = thinned(range(size), most)
    assert list(found) == sorted(set(found))
    assert len(found) == min(size, most)
    assert not size or (found[0], found[-1]) == (0, size - 1)


def test_an_answer_is_judged_by_the_headline_and_believed_no_confidence_that_is_none() -> None:
    def record(id: str, confidence: float | None, ended: Ended = Ended.ANSWERED) -> RunRecord:
        return RunRecord(id=id, ended=ended, confidence=confidence)

    right, wrong = Scored(1.0), Scored(0.0)
    scores = {"a": right, "b": wrong, "c": Unscored("?"), "d": NotApplicable("?"), "e": right, "missing": right}
    results = [ItemResult(id=id, scores={"h": score}, blame=Blame.NONE) for id, score in scores.items()]
    records = [record("a", 0.9), record("b", 1.5), record("c", float("nan")), record("d", 0.5)]
    records += [record("e", 0.5, Ended.ABSTAINED)]
    found = judged({one.id: one for one in records}, results, headline="h")
    assert found == (Judged(0.9, True), Judged(None, False), Judged(None, False))


def test_the_numbers_beside_the_curve_by_hand() -> None:
    # Surest first: right, wrong, right, and one without a confidence, wrong. Risks 0, 1/2, 1/3, 2/4; their mean 1/3.
    found = confidence([Judged(0.5, True), Judged(0.9, True), Judged(None, False), Judged(0.7, False)])
    assert [(point.x, point.y) for point in found.curve] == [(0.25, 0), (0.5, 0.5), (0.75, 1 / 3), (1, 0.5)]
    assert found.area == pytest.approx(1 / 3)
    # The best order has risks 0, 0, 1/3, 2/4.
    assert found.excess == pytest.approx(1 / 3 - (1 / 3 + 1 / 2) / 4)
    assert found.coverages == ((0.05, 0.25), (0.10, 0.25), (0.20, 0.25))
    assert (found.answers, found.without, found.curve_plot.highest) == (4, 1, 0.6)
    # Three bins of one answer: |0 - .7|, |1 - .5|, |1 - .9|.
    assert found.error == pytest.approx((0.7 + 0.5 + 0.1) / 3)
    nothing = confidence([])
    assert (nothing.answers, nothing.curve, nothing.area) == (0, (), None)
