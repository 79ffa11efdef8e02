"""How much of the evidence was found, whatever was made of it."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.spans import covered, extent, if_proved
from eval.types import Score, Scored, Unscored

#: Why nothing can be said about hits that a run doesn't report.
NO_HITS = "the run reports no hits"


def _score(case: Case) -> Score:
    if case.answer.retrieved is None:
        return Unscored(NO_HITS)
    found = extent(case.answer.retrieved)
    shares = (
        sum(covered(place, found, case.corpus) for place in alternative) / len(alternative)
        for alternative in case.evidence
        if alternative
    )
    return Scored(max(shares, default=0.0))


METRIC = Metric(
    name="evidence_recall",
    definition="Of the spans of the evidence set that was found best, the share that all hits together cover (80 % of "
    "their characters, white space left out).",
    source="own; recall over gold spans, without a cut-off",
    about=if_proved,
    score=_score,
    needs_spans=True,
)
