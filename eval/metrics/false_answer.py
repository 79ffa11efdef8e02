"""Answers to questions that have none."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, if_unanswerable
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    return Scored(float(case.answer.answered))


METRIC = Metric(
    name="false_answer",
    definition="1 where a question that the corpus doesn't answer was answered all the same. Lower is better.",
    source="own; 1 - rejection rate of Chen et al. 2023, RGB",
    about=if_unanswerable,
    score=_score,
    higher_is_better=False,
    binary=True,
)
