"""Of the characters of an evidence set, the share that an answer cites."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.spans import cited, common, extent, if_proved, size
from eval.types import Scored


def recall(case: Case) -> float:
    """Validly cited characters of an evidence set / its characters, for the set where that is most."""
    shown = cited(case)
    sets = [extent(alternative) for alternative in case.evidence]
    return max((size(common(shown, one)) / size(one) for one in sets if one), default=0.0)


METRIC = Metric(
    name="char_recall",
    definition="Of the characters of the evidence set that is cited best, the share that valid citations hold.",
    source="recall over characters, as in PAN's passage-level measures (Potthast et al. 2010)",
    about=if_proved,
    score=lambda case: Scored(recall(case)),
    needs_spans=True,
)
