"""The share of vital nuggets that an answer gives."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.nuggets import count, if_vital
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    nuggets = count(case)
    return Scored(nuggets.vital / nuggets.all_vital)


METRIC = Metric(
    name="nugget_vital",
    definition="Of the nuggets without which an answer is wrong, the share that the answer gives.",
    source="Voorhees 2004, Overview of the TREC 2004 Question Answering Track (nugget recall)",
    about=if_vital,
    score=_score,
)
