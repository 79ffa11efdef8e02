"""What a run's confidences are worth, as the report shows it: the risk-coverage curve and the reliability diagram.

Which answers count as right is ``eval.confidence``'s, how the numbers are made ``eval.metrics.risk``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.confidence import RISKS
from eval.metrics.risk import (
    Bin,
    Judged,
    Step,
    aurc,
    calibration_error,
    coverage_at,
    excess_aurc,
    reliability,
    risk_coverage,
    without_confidence,
)
from eval.report.charts import Dot, Plot, Point, dots, scale, thinned
from eval.stats import Interval, clopper_pearson

#: A curve has at most so many points, a table beside it so many rows.
MOST_POINTS, MOST_ROWS = 400, 20


@dataclass(frozen=True, slots=True)
class Certain:
    """A bin of the reliability diagram with the exact 95 % interval of the share that is right."""

    bin: Bin
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """All that the section shows. ``answers`` can be judged, ``without`` of them have no confidence; ``steps`` are all
    of the curve's, ``rows`` those that the table has.
    """

    answers: int
    without: int
    steps: tuple[Step, ...]
    rows: tuple[Step, ...]
    curve: tuple[Point, ...]
    curve_plot: Plot
    bins: tuple[Certain, ...]
    dots: tuple[Dot, ...]
    area: float | None
    excess: float | None
    error: float | None
    coverages: tuple[tuple[float, float], ...]


def confidence(answers: Sequence[Judged]) -> Confidence:
    """The section's numbers and charts."""
    steps = risk_coverage(answers)
    bins = reliability(answers)
    shown = thinned(steps, MOST_POINTS)
    return Confidence(
        answers=len(answers),
        without=without_confidence(answers),
        steps=steps,
        rows=thinned(steps, MOST_ROWS),
        curve=tuple(Point(step.coverage, step.risk) for step in shown),
        curve_plot=Plot(scale([step.risk for step in shown])),
        bins=tuple(Certain(one, clopper_pearson(round(one.accuracy * one.n), one.n)) for one in bins),
        dots=dots([(one.confidence, one.accuracy, one.n) for one in bins]),
        area=aurc(steps),
        excess=excess_aurc(steps),
        error=calibration_error(bins),
        coverages=tuple((risk, coverage_at(steps, risk)) for risk in RISKS),
    )
