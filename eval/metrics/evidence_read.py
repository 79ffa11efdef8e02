"""Whether all that an answer needs was looked at to write it."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.spans import complete, extent, if_proved
from eval.types import Score, Scored, Unscored


def _score(case: Case) -> Score:
    if case.answer.read is None:
        return Unscored("the run doesn't report what was read")
    read = extent(case.answer.read)
    return Scored(float(any(complete(alternative, read, case.corpus) for alternative in case.evidence)))


METRIC = Metric(
    name="evidence_read_complete",
    definition="1 where the spans that were read to answer together cover every span of an evidence set.",
    source="own; complete evidence as in FEVER (Thorne et al. 2018)",
    about=if_proved,
    score=_score,
    binary=True,
    needs_spans=True,
)
