"""Token F1 after SQuAD's normalisation: the overlap of two bags of words."""

from __future__ import annotations

from collections import Counter

from eval.metrics.exact_match import golds
from eval.metrics.metric import Case, Metric
from eval.metrics.shown import if_one_part, prediction
from eval.metrics.tokens import squad_normal
from eval.types import Score, Scored


def token_f1(gold: str, predicted: str) -> float:
    """``2 * P * R / (P + R)`` over tokens with their multiplicity; where either has none, 1 if both have none."""
    wanted, given = squad_normal(gold).split(), squad_normal(predicted).split()
    if not wanted or not given:
        return float(wanted == given)
    same = (Counter(wanted) & Counter(given)).total()
    if not same:
        return 0.0
    # In this order, as in the official script: other orders round the last digit differently.
    precision, recall = same / len(given), same / len(wanted)
    return (2 * precision * recall) / (precision + recall)


def _score(case: Case) -> Score:
    predicted = prediction(case.answer)
    return Scored(max(token_f1(gold, predicted) for gold in golds(case.item)))


METRIC = Metric(
    name="token_f1",
    definition="F1 of the short answer's tokens against those of the nearest gold wording after SQuAD's normalisation; "
    "for a question without an answer, 1 where nothing is predicted.",
    source="Rajpurkar et al. 2016, SQuAD; Rajpurkar et al. 2018, SQuAD 2.0",
    about=if_one_part,
    score=_score,
)
