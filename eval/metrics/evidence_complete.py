"""Whether all that an answer needs was found."""

from __future__ import annotations

from eval.metrics.evidence_recall import NO_HITS
from eval.metrics.metric import Case, Metric
from eval.metrics.spans import complete, extent, if_proved
from eval.types import Score, Scored, Unscored


def _score(case: Case) -> Score:
    if case.answer.retrieved is None:
        return Unscored(NO_HITS)
    found = extent(case.answer.retrieved)
    return Scored(float(any(complete(alternative, found, case.corpus) for alternative in case.evidence)))


METRIC = Metric(
    name="evidence_complete",
    definition="1 where all hits together cover every span of an evidence set.",
    source="own; complete evidence as in FEVER (Thorne et al. 2018)",
    about=if_proved,
    score=_score,
    binary=True,
    needs_spans=True,
)
