"""How far cited characters and an evidence set are the same."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.spans import cited, claimed, common, extent, gold, if_proved, size, together, without
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    """The best over evidence sets A of |C ∩ A| / (|(C - N) ∪ A| + I).

    C are the validly cited characters, N those that may be cited but aren't in A (acceptable spans, other sets): they
    are taken out of C, so they neither help nor hurt. I are the characters that invalid citations claim.
    """
    shown, allowed, wrong = cited(case), gold(case), claimed(case)
    best = 0.0
    for one in map(extent, case.evidence):
        counted = without(shown, without(allowed, one))
        union = size(together(counted, one)) + wrong
        best = max(best, size(common(counted, one)) / union if union else 0.0)
    return Scored(best)


METRIC = Metric(
    name="char_iou",
    definition="Characters both cited and in an evidence set / characters in either, for the best set; acceptable "
    "spans and other sets are left out of what was cited; what an invalid citation claims counts as cited wrongly.",
    source="Jaccard 1901; over token spans: DeYoung et al. 2020, ERASER",
    about=if_proved,
    score=_score,
    needs_spans=True,
)
