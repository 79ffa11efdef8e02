"""Whether an answer names every part of the gold answer."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric
from eval.metrics.shown import if_parts, named, texts
from eval.types import Score, Scored


def _score(case: Case) -> Score:
    said = texts(case)
    return Scored(float(all(named(part, said) for part in case.item.answers)))


METRIC = Metric(
    name="contains",
    definition="1 where every part of the gold answer stands in the answer, in any of its wordings, beginning and "
    "ending where a token does (NFKC, case-folded).",
    source="after Chen et al. 2023, RGB (accuracy), there without token boundaries",
    about=if_parts,
    score=_score,
    binary=True,
)
