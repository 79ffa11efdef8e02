"""Selective accuracy: how often an answer that is given is right."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, if_graded
from eval.metrics.right import METRIC as RIGHT
from eval.types import NotApplicable, Score


def _score(case: Case) -> Score:
    if not case.answer.answered:
        return NotApplicable("no answer was given")
    return RIGHT.score(case)


METRIC = Metric(
    name="right_when_answered",
    definition="Of the answers given, the share that are right; one to a question without an answer never is. "
    "1 - selective risk; to be read with how many answers were given.",
    source="El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017 (selective risk)",
    about=if_graded,
    score=_score,
    binary=True,
)
