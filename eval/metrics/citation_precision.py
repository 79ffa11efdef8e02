"""The share of an answer's citations that carry weight, after ALCE, with the denominator mended.

As in ALCE a citation counts if the statement is supported and the citation isn't irrelevant: it supports the statement
alone, or the others don't support it without this one. Support is decided by gold spans (``citation_recall``). Here

- an answerable item where nothing is cited, or nothing answered, scores 0, not nothing;
- every citation of an answer to a question that has none is wrong;
- only where nothing is cited and the question has no answer does the metric not apply.
"""

from __future__ import annotations

from eval.metrics.citation_recall import about, supported
from eval.metrics.metric import Case, Metric
from eval.metrics.spans import citations
from eval.types import NotApplicable, RunClaim, Score, Scored


def _precise(case: Case, claim: RunClaim) -> int:
    """How many of a statement's citations count."""
    if not supported(case, claim.citations):
        return 0
    count = 0
    for number, citation in enumerate(claim.citations):
        others = claim.citations[:number] + claim.citations[number + 1 :]
        count += supported(case, (citation,)) or not supported(case, others)
    return count


def _score(case: Case) -> Score:
    shown = len(citations(case))
    if not case.item.answerable:
        return Scored(0.0) if shown else NotApplicable("rightly, nothing is cited")
    return Scored(sum(_precise(case, claim) for claim in case.answer.claims) / shown if shown else 0.0)


METRIC = Metric(
    name="citation_precision",
    definition="Of the citations of an answer, the share that support their statement alone or without which it isn't "
    "supported; 0 where an answerable item has none, and for all citations of an answer that there shouldn't be.",
    source="Gao et al. 2023, Enabling Large Language Models to Generate Text with Citations (ALCE): citation "
    "precision, support decided by gold spans, items without citations counted",
    about=about,
    score=_score,
    needs_spans=True,
)
