"""What the first characters found are worth to a reader who takes no more of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.metrics.evidence_recall import NO_HITS
from eval.metrics.metric import Case, Metric
from eval.metrics.spans import common, complete, extent, gold, if_proved, size
from eval.types import RunSpan, Score, Scored, Unscored

#: How many characters a reader takes; about 250, 500 and 1,000 tokens.
BUDGETS = (1_000, 2_000, 4_000)


def ranked(hits: Sequence[RunSpan]) -> list[RunSpan]:
    """Hits, higher scores first, else as they were given."""
    return sorted(hits, key=lambda hit: -hit.score)


def first(case: Case, hits: Sequence[RunSpan], budget: int) -> tuple[list[RunSpan], int]:
    """The first ``budget`` characters of the ranked hits, the last hit cut, and how many characters that took.

    A character found twice is taken twice. Hits are clipped to their article; one in an article that doesn't exist
    takes what it claims.
    """
    taken, spent = [], 0
    for hit in ranked(hits):
        text = case.corpus.get(hit.article)
        start, end = max(hit.start, 0), hit.end if text is None else min(hit.end, len(text.text))
        end = min(end, start + budget - spent)
        if start < end:
            taken.append(replace(hit, start=start, end=end))
            spent += end - start
    return taken, spent


def _density(budget: int) -> Callable[[Case], Score]:
    def score(case: Case) -> Score:
        if case.answer.retrieved is None:
            return Unscored(NO_HITS)
        taken, spent = first(case, case.answer.retrieved, budget)
        return Scored(size(common(extent(taken), gold(case))) / spent if spent else 0.0)

    return score


def _complete(budget: int) -> Callable[[Case], Score]:
    def score(case: Case) -> Score:
        if case.answer.retrieved is None:
            return Unscored(NO_HITS)
        taken, _ = first(case, case.answer.retrieved, budget)
        return Scored(float(any(complete(one, extent(taken), case.corpus) for one in case.evidence)))

    return score


METRICS = (
    *(
        Metric(
            name=f"density_at_{budget}",
            definition=f"Of the first {budget:,} characters found (of all, where there are fewer), the share inside "
            "the evidence sets and acceptable spans; found again they count as waste; 0 where nothing was found.",
            source="own; precision at a budget of characters, so that short and long passages compare",
            about=if_proved,
            score=_density(budget),
            needs_spans=True,
        )
        for budget in BUDGETS
    ),
    *(
        Metric(
            name=f"evidence_complete_at_{budget}",
            definition=f"1 where the first {budget:,} characters found cover every span of an evidence set.",
            source="own; evidence_complete at a budget of characters, so that short and long passages compare",
            about=if_proved,
            score=_complete(budget),
            binary=True,
            needs_spans=True,
        )
        for budget in BUDGETS
    ),
)
