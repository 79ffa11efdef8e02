"""Exact match after SQuAD's normalisation."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.shown import if_one_part, prediction
from eval.metrics.tokens import squad_golds, squad_normal
from eval.types import Item, Score, Scored


def exact_match(gold: str, predicted: str) -> float:
    """1 where both are equal when normalised, else 0."""
    return float(squad_normal(gold) == squad_normal(predicted))


def golds(item: Item) -> tuple[str, ...]:
    """The wordings of the item's one part; the empty one where there is no answer."""
    return squad_golds(item.answers[0].wordings if item.answerable else ())


def _score(case: Case) -> Score:
    predicted = prediction(case.answer)
    return Scored(max(exact_match(gold, predicted) for gold in golds(case.item)))


METRIC = Metric(
    name="exact_match",
    definition="1 where the short answer equals a gold wording after SQuAD's normalisation; for a question without an "
    "answer, where nothing is predicted.",
    source="Rajpurkar et al. 2016, SQuAD; Rajpurkar et al. 2018, SQuAD 2.0",
    about=if_one_part,
    score=_score,
    binary=True,
)
