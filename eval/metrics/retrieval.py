"""How well articles are ranked, by ``ir-measures``.

A run's ranking is its hits' articles, each where it first appears. Relevant are the articles that gold grades, else
those of any evidence set, all of grade 1: copies of an article too, so recall and nDCG ask for every copy, and a system
that shows one of several copies can't reach 1; reciprocal rank and success are content with one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from eval.metrics.density import ranked
from eval.metrics.evidence_recall import NO_HITS
from eval.metrics.metric import Case, Metric, both, if_answerable
from eval.types import Item, Score, Scored, Unscored
from qa.errors import UsageError

#: By the metric's name its name in ir-measures, and who defined it.
MEASURES = {
    "ndcg_at_10": ("nDCG@10", "Järvelin and Kekäläinen 2002"),
    "recall_at_10": ("R@10", "recall at a cut-off, as trec_eval computes it"),
    "rr_at_10": ("RR@10", "Kantor and Voorhees 2000"),
    "success_at_5": ("Success@5", "a relevant article among the first five, as trec_eval computes it"),
}


def ranking(case: Case) -> tuple[str, ...]:
    """The articles found, best first."""
    return tuple(dict.fromkeys(hit.article for hit in ranked(case.answer.retrieved or ())))


def relevant(case: Case) -> dict[str, int]:
    """The relevant articles with their grades: as gold grades them, else those of all evidence sets."""
    if case.item.relevant:
        return dict(case.item.relevant)
    return {place.article: 1 for alternative in case.evidence for place in alternative}


@lru_cache(maxsize=1_024)  # the four metrics ask for the same case in turn; measuring one takes 0.3 ms
def measured(ranking: tuple[str, ...], grades: tuple[tuple[str, int], ...]) -> dict[str, float]:
    """All ``MEASURES`` of one ranking, by the metrics' names."""
    try:
        import ir_measures
    except ImportError as error:
        raise UsageError(
            "eval.extra_missing", "retrieval is measured by ir-measures", remedy="pip install 'cited-qa[eval]'"
        ) from error
    wanted = {ir_measures.parse_measure(measure): name for name, (measure, _) in MEASURES.items()}
    judged = [ir_measures.Qrel("item", article, grade) for article, grade in grades]
    run = [ir_measures.ScoredDoc("item", article, -float(rank)) for rank, article in enumerate(ranking)]
    return {wanted[one.measure]: float(one.value) for one in ir_measures.iter_calc(list(wanted), judged, run)}


def _scorer(name: str) -> Callable[[Case], Score]:
    def score(case: Case) -> Score:
        if case.answer.retrieved is None:
            return Unscored(NO_HITS)
        grades = relevant(case)
        if not grades:
            return Unscored("no relevant article stands in the corpus any more")
        return Scored(measured(ranking(case), tuple(sorted(grades.items())))[name])

    return score


def _if_relevant(item: Item) -> str:
    known = any(grade > 0 for grade in item.relevant.values()) if item.relevant else bool(item.evidence)
    return "" if known else "gold doesn't say which articles are relevant"


METRICS = tuple(
    Metric(
        name=name,
        definition=f"{measure} of the articles found, each where it first appears; relevant are those that gold "
        "grades, else those of every evidence set, copies too.",
        source=f"{source}; computed by ir-measures (MacAvaney et al. 2022)",
        about=both(if_answerable, _if_relevant),
        score=_scorer(name),
        binary=name.startswith("success"),
    )
    for name, (measure, source) in MEASURES.items()
)
