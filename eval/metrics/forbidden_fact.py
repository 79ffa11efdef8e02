"""Outdated or wrong facts given as if they were valid."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.shown import forbidden_given, if_forbidden
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    return Scored(float(bool(forbidden_given(case))))


METRIC = Metric(
    name="forbidden_fact",
    definition="1 where a claim gives a forbidden fact, unless it is marked as earlier or cites a gold span that says "
    "it too; an abstention gives none. Lower is better.",
    source="own",
    about=if_forbidden,
    score=_score,
    higher_is_better=False,
    binary=True,
)
