"""What a run's confidences are worth. As in ``calibrate``, an answer is right where the headline says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics.risk import (
    Judged,
    aurc,
    calibration_error,
    coverage_at,
    excess_aurc,
    reliability,
    risk_coverage,
    without_confidence,
)
from eval.results import ItemResult, Reliance
from eval.types import NotApplicable, RunRecord, Scored

#: The risks for which the coverage is said.
RISKS = (0.05, 0.10, 0.20)


def judged(records: Mapping[str, RunRecord], results: Sequence[ItemResult], *, headline: str) -> tuple[Judged, ...]:
    """Each answer given to an item that the headline is about. A confidence that is none (outside 0..1) is left out;
    what can't be judged isn't known to be right.
    """
    found = []
    for result in results:
        record, score = records.get(result.id), result.scores.get(headline, NotApplicable("not measured"))
        if record is None or not record.answered or isinstance(score, NotApplicable):
            continue
        given = record.confidence
        sure = given if given is not None and 0 <= given <= 1 else None
        found.append(Judged(sure, isinstance(score, Scored) and score.value == 1.0))
    return tuple(found)


def reliance(answers: Sequence[Judged]) -> Reliance:
    """The numbers of ``answers``."""
    steps = risk_coverage(answers)
    return Reliance(
        answers=len(answers),
        without=without_confidence(answers),
        aurc=aurc(steps),
        excess_aurc=excess_aurc(steps),
        calibration_error=calibration_error(reliability(answers)),
        coverage_at={f"{risk:.2f}": coverage_at(steps, risk) for risk in RISKS},
    )
