"""Character precision and recall of citations in one number."""

from __future__ import annotations

from eval.metrics.char_precision import precision
from eval.metrics.char_recall import recall
from eval.metrics.metric import Case, Metric
from eval.metrics.spans import if_proved
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    p, r = precision(case), recall(case)
    return Scored(2 * p * r / (p + r) if p + r else 0.0)


METRIC = Metric(
    name="char_f1",
    definition="2PR / (P + R) of char_precision (against all that may be cited) and char_recall (of the evidence set "
    "that is cited best).",
    source="F1 over characters, as in PAN's passage-level measures (Potthast et al. 2010)",
    about=if_proved,
    score=_score,
    needs_spans=True,
)
