"""Whether a system falls silent when the evidence is taken away."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.spans import if_proved
from eval.types import Ended, NotApplicable, Score, Scored


def _score(case: Case) -> Score:
    assert case.twin is not None, "a metric that needs the twin is called only where there is one"
    if case.record is not None and case.record.ended is Ended.ABSTAINED:
        return NotApplicable("it was silent with the evidence, too")
    return Scored(float(case.twin.ended is Ended.ABSTAINED))


METRIC = Metric(
    name="twin_abstains",
    definition="1 where a question that was answered, or failed, is not answered when every article of its evidence is "
    "hidden: whether it turns to abstaining.",
    source="own; after counterfactual tests of grounding (Longpre et al. 2021; Neeman et al. 2023)",
    about=if_proved,
    score=_score,
    binary=True,
    needs_twin=True,
)
