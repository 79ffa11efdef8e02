"""False answers, over-refusals, and how right the answers given are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from citation_cases import ABSTAINED, case, record

from eval.metrics import false_answer, over_refusal, right_when_answered
from eval.metrics.metric import apply
from eval.types import Ended, NotApplicable, RunRecord, Score, Scored

RIGHT, WRONG, PARTLY = record(answer="Oslo"), record(answer="Bergen"), record(answer="Oslo", ended=Ended.PARTLY)
CRASHED = replace(ABSTAINED, ended=Ended.ERROR, error="boom")
HAS_ANSWER, HAS_NONE = NotApplicable("the question has an answer"), NotApplicable("the question has no answer")
MISSING, FAILED = "missing from the run", "the system failed: boom"


@pytest.mark.parametrize(
    ("given", "false", "selective"),
    [
        (ABSTAINED, Scored(0.0), NotApplicable("no answer was given")),
        (RIGHT, Scored(1.0), Scored(0.0)),
        (PARTLY, Scored(1.0), Scored(0.0)),
        (record(answer=""), Scored(1.0), Scored(0.0)),  # shown as an answer, however empty
        (None, Scored(1.0, MISSING), Scored(0.0, MISSING)),
        (CRASHED, Scored(1.0, FAILED), Scored(0.0, FAILED)),
    ],
)
def test_without_an_answer(given: RunRecord | None, false: Score, selective: Score) -> None:
    one = case((), given, answerable=False)
    assert apply(false_answer.METRIC, one) == false
    assert apply(over_refusal.METRIC, one) == HAS_NONE
    assert apply(right_when_answered.METRIC, one) == selective


@pytest.mark.parametrize(
    ("given", "refusal", "selective"),
    [
        (ABSTAINED, Scored(1.0), NotApplicable("no answer was given")),
        (replace(RIGHT, ended=Ended.ABSTAINED), Scored(1.0), NotApplicable("no answer was given")),
        (RIGHT, Scored(0.0), Scored(1.0)),
        (PARTLY, Scored(0.0), Scored(1.0)),
        (WRONG, Scored(0.0), Scored(0.0)),
        (None, Scored(1.0, MISSING), Scored(0.0, MISSING)),
        (CRASHED, Scored(1.0, FAILED), Scored(0.0, FAILED)),
    ],
)
def test_with_an_answer(given: RunRecord | None, refusal: Score, selective: Score) -> None:
    one = case((), given)
    assert apply(false_answer.METRIC, one) == HAS_ANSWER
    assert apply(over_refusal.METRIC, one) == refusal
    assert apply(right_when_answered.METRIC, one) == selective


def test_answers_that_gold_does_not_judge() -> None:
    assert apply(right_when_answered.METRIC, case((), RIGHT, answers=())) == NotApplicable(
        "gold doesn't say what a right answer contains"
    )
    assert apply(over_refusal.METRIC, case((), ABSTAINED, answers=())) == Scored(1.0)


def test_lower_is_better_where_it_says_so() -> None:
    assert (false_answer.METRIC.worst, over_refusal.METRIC.worst, right_when_answered.METRIC.worst) == (1.0, 1.0, 0.0)
