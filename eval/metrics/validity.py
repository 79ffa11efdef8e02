"""The share of an answer's citations whose words stand exactly where they say."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, always
from eval.metrics.spans import citations, is_valid
from eval.types import NotApplicable, Score, Scored


def _score(case: Case) -> Score:
    if not case.answer.answered:
        return NotApplicable("no answer was given")
    shown = citations(case)
    return Scored(sum(is_valid(citation, case.corpus) for citation in shown) / len(shown) if shown else 0.0)


METRIC = Metric(
    name="citation_validity",
    definition="Of the citations shown with an answer, the share whose article exists and whose quote is exactly the "
    "text between its offsets; an answer without any citation scores 0.",
    source="own; provenance, judged apart from support",
    about=always,
    score=_score,
)
