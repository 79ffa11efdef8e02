"""Of the characters that an answer cites, the share that gold allows."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.spans import cited, claimed, common, gold, if_proved, size
from eval.types import Scored


def precision(case: Case) -> float:
    """Validly cited characters inside any evidence set or acceptable span / all cited; 0 where nothing is cited.

    Characters cited twice count once. An invalid citation adds as many wrong ones as it claims.
    """
    shown = cited(case)
    total = size(shown) + claimed(case)
    return size(common(shown, gold(case))) / total if total else 0.0


METRIC = Metric(
    name="char_precision",
    definition="Of the characters cited, the share inside the evidence sets and acceptable spans; those that an "
    "invalid citation claims count as wrong; 0 where nothing is cited.",
    source="precision over characters, as in PAN's passage-level measures (Potthast et al. 2010)",
    about=if_proved,
    score=lambda case: Scored(precision(case)),
    needs_spans=True,
)
