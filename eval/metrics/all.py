"""Every metric, in the order in which reports show them: the headline first, then answers, citations, retrieval."""

from __future__ import annotations

from eval.metrics import (
    char_f1,
    char_precision,
    char_recall,
    citation_precision,
    citation_recall,
    contains,
    current_first,
    density,
    duplicates,
    evidence_complete,
    evidence_read,
    evidence_recall,
    exact_match,
    false_answer,
    forbidden_fact,
    grounded,
    iou,
    joint_f1,
    list_f1,
    nugget_f3,
    nugget_vital,
    over_refusal,
    retrieval,
    right,
    right_when_answered,
    speaker,
    supporting_facts,
    token_f1,
    twins,
    validity,
    values,
)
from eval.metrics.metric import Metric

METRICS: tuple[Metric, ...] = (
    grounded.METRIC,
    # abstention
    false_answer.METRIC,
    over_refusal.METRIC,
    right_when_answered.METRIC,
    twins.METRIC,
    # answers
    right.METRIC,
    contains.METRIC,
    values.METRIC,
    nugget_vital.METRIC,
    nugget_f3.METRIC,
    list_f1.METRIC,
    exact_match.METRIC,
    token_f1.METRIC,
    forbidden_fact.METRIC,
    current_first.METRIC,
    speaker.METRIC,
    # citations
    validity.METRIC,
    citation_recall.METRIC,
    citation_precision.METRIC,
    char_precision.METRIC,
    char_recall.METRIC,
    char_f1.METRIC,
    iou.METRIC,
    *supporting_facts.METRICS,
    *joint_f1.METRICS,
    duplicates.METRIC,
    # retrieval
    *retrieval.METRICS,
    evidence_recall.METRIC,
    evidence_complete.METRIC,
    evidence_read.METRIC,
    *density.METRICS,
)


def metric(name: str) -> Metric | None:
    """The metric of that name."""
    return next((one for one in METRICS if one.name == name), None)
