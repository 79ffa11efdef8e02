"""The headline: right answers that are proved, and silence where there is nothing to say."""

from __future__ import annotations

from eval.metrics import right
from eval.metrics.metric import Case, Metric, both, if_evidence, if_graded
from eval.metrics.spans import fully_cited
from eval.types import Item, Score, Scored


def _about(item: Item) -> str:
    return both(if_graded, if_evidence)(item) if item.answerable else ""


def _score(case: Case) -> Score:
    if not case.item.answerable:
        return Scored(float(not case.answer.answered))
    verdict = right.METRIC.score(case)
    if not isinstance(verdict, Scored):
        return verdict
    return Scored(float(verdict.value == 1.0 and fully_cited(case)))


METRIC = Metric(
    name="grounded_accuracy",
    definition="1 where the answer is right and the first 2,000 characters validly cited cover every span of an "
    "evidence set; for a question without an answer, where none was given.",
    source="own; answer and complete evidence together as in FEVER's score (Thorne et al. 2018)",
    about=_about,
    score=_score,
    binary=True,
    needs_spans=True,
)
