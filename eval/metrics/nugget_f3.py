"""TREC's nugget F: recall of vital nuggets, counted thrice, against length."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.nuggets import Nuggets, count, if_vital
from eval.types import Score, Scored

BETA = 3
#: Characters other than white space that each nugget given may take.
ALLOWANCE = 100


def nugget_f(nuggets: Nuggets) -> float:
    """``(b^2 + 1) * P * R / (b^2 * P + R)`` with ``b = 3``.

    ``R`` is the share of vital nuggets given. ``P`` is 1 up to an allowance of 100 characters for each nugget given,
    vital or okay; beyond it ``1 - (length - allowance) / length``.
    """
    recall = nuggets.vital / nuggets.all_vital
    allowance = ALLOWANCE * (nuggets.vital + nuggets.okay)
    precision = 1.0 if nuggets.length <= allowance else allowance / nuggets.length
    if not precision or not recall:
        return 0.0
    return (BETA**2 + 1) * precision * recall / (BETA**2 * precision + recall)


def _score(case: Case) -> Score:
    return Scored(nugget_f(count(case)))


METRIC = Metric(
    name="nugget_f3",
    definition="F (beta = 3) of the share of vital nuggets given and of an allowance of 100 characters other than "
    "white space for each nugget, vital or okay.",
    source="Voorhees 2004, Overview of the TREC 2004 Question Answering Track",
    about=if_vital,
    score=_score,
)
