"""Abstentions where there was an answer."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, if_answerable
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    return Scored(float(not case.answer.answered))


METRIC = Metric(
    name="over_refusal",
    definition="1 where a question that the corpus answers was abstained from. Lower is better.",
    source="own; the counterpart of false_answer",
    about=if_answerable,
    score=_score,
    higher_is_better=False,
    binary=True,
)
