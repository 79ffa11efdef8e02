"""Whether an answer leads with what holds today."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, both, if_answerable, if_graded
from eval.metrics.shown import claims, gives, if_forbidden, named, said_by
from eval.metrics.values import given
from eval.types import Item, RunClaim, Score, Scored


def _score(case: Case) -> Score:
    for claim in claims(case.answer):
        if any(gives(phrase, claim, case) for phrase in case.item.forbidden):
            return Scored(0.0)
        if not claim.earlier and _says(claim, case.item):
            return Scored(1.0)
    return Scored(0.0)


def _says(claim: RunClaim, item: Item) -> bool:
    """Whether a claim gives a part, a value or a vital nugget: one claim need not give all of them."""
    said = said_by(claim, item)
    return (
        any(named(part, said) for part in item.answers)
        or any(named(nugget, said) for nugget in item.nuggets if nugget.vital)
        or any(given(value, text) for value in item.values for text in said)
    )


METRIC = Metric(
    name="current_first",
    definition="1 where, of the claims not marked as earlier, the first that gives something of the right answer or "
    "something forbidden gives the right and nothing forbidden; an answer without claims is judged as one claim.",
    source="own",
    about=both(if_answerable, if_forbidden, if_graded),
    score=_score,
    binary=True,
)
