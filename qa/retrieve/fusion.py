"""Puts rankings of passages together into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Cormack, Clarke and Buettcher (SIGIR 2009): the constant hardly matters between 20 and 100.
RRF_K = 60


def reciprocal_ranks(rankings: Sequence[Sequence[int]], *, k: int = RRF_K) -> dict[int, float]:
    """Reciprocal rank fusion: the sum of ``1 / (k + rank)`` over the rankings that have a passage; ranks count from
    1.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (k + rank)
    return scores


def weighted_sum(bm25: Mapping[int, float], cosines: Mapping[int, float], *, lexical: float) -> dict[int, float]:
    """``lexical`` times BM25 as a share of the best one's, plus the rest times the cosine; a missing score is 0.

    In a corpus of a few passages every word is common and BM25 next to nothing: it is never blown up.
    """
    share = 1.0 / max(1.0, max(bm25.values(), default=0.0))
    return {
        key: lexical * share * bm25.get(key, 0.0) + (1.0 - lexical) * cosines.get(key, 0.0)
        for key in bm25.keys() | cosines.keys()
    }
