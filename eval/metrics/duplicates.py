"""Whether an answer shows the same words of two articles as two proofs."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, always
from eval.metrics.spans import citations
from eval.types import NotApplicable, Score, Scored
from qa.text import normalise


def _score(case: Case) -> Score:
    if not case.answer.answered:
        return NotApplicable("no answer was given")
    shown = citations(case)
    if not shown:
        return NotApplicable("nothing is cited")
    articles: dict[str, str] = {}
    for citation in shown:
        words = normalise(citation.quote).text.strip()
        if articles.setdefault(words, citation.article) != citation.article:
            return Scored(0.0)
    return Scored(1.0)


METRIC = Metric(
    name="no_duplicate_citations",
    definition="1 where no two citations of an answer quote the same words, as normalised, from different articles.",
    source="own; copies of a report aren't independent sources",
    about=always,
    score=_score,
    binary=True,
)
