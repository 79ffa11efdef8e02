"""Sentences cited against sentences needed, by HotpotQA's arithmetic."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Set
from dataclasses import dataclass

from eval.corpus import Corpus
from eval.metrics.metric import Case, Metric
from eval.metrics.spans import Extent, cited, extent, gold, if_proved, invalid
from eval.types import Scored


@dataclass(frozen=True, slots=True)
class Agreement:
    """How what was predicted agrees with gold; ``em`` is 1 where both are the same."""

    em: float
    precision: float
    recall: float
    f1: float


def facts(predicted: Set[Hashable], wanted: Set[Hashable]) -> Agreement:
    """HotpotQA's ``sp_em``, ``sp_prec``, ``sp_recall`` and ``sp_f1`` of two sets of facts (its ``update_sp``)."""
    right = len(predicted & wanted)
    precision = right / len(predicted) if predicted else 0.0
    recall = right / len(wanted) if wanted else 0.0
    return Agreement(float(predicted == wanted), precision, recall, harmonic(precision, recall))


def harmonic(precision: float, recall: float) -> float:
    """F1 as HotpotQA computes it; 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def sentences(a: Extent, corpus: Corpus) -> frozenset[tuple[str, int]]:
    """The sentences with a character in ``a``: article and number, as ``qa`` cuts them."""
    found: set[tuple[str, int]] = set()
    for article, spans in a.items():
        cut = corpus[article].sentences
        for span in spans:
            first = bisect_right(cut, span.start, key=lambda sentence: sentence.end)
            last = bisect_left(cut, span.end, key=lambda sentence: sentence.start)
            found.update((article, number) for number in range(first, last))
    return frozenset(found)


def by_alternative(case: Case) -> tuple[Agreement, ...]:
    """The agreement of the cited sentences with each evidence set's.

    Sentences of acceptable spans and of other sets are left out of what was cited: they neither help nor hurt. Each
    invalid citation counts as one wrong sentence.
    """
    shown: frozenset[Hashable] = sentences(cited(case), case.corpus) | invalid(case)
    allowed = sentences(gold(case), case.corpus)
    wanted = [sentences(extent(alternative), case.corpus) for alternative in case.evidence]
    return tuple(facts(shown - (allowed - one), one) for one in wanted)


_SOURCE = "Yang et al. 2018, HotpotQA: supporting facts (its official script's sp_{}), best over evidence sets"

METRICS = (
    Metric(
        name="supporting_fact_f1",
        definition="F1 of the sentences that valid citations touch against those that the spans of an evidence set "
        "touch, for the best set; acceptable sentences and other sets' are left out; an invalid citation counts as a "
        "wrong sentence.",
        source=_SOURCE.format("f1"),
        about=if_proved,
        score=lambda case: Scored(max((one.f1 for one in by_alternative(case)), default=0.0)),
        needs_spans=True,
    ),
    Metric(
        name="supporting_fact_em",
        definition="1 where the sentences cited are exactly those of an evidence set, acceptable ones and other sets' "
        "left out.",
        source=_SOURCE.format("em"),
        about=if_proved,
        score=lambda case: Scored(max((one.em for one in by_alternative(case)), default=0.0)),
        binary=True,
        needs_spans=True,
    ),
)
