"""Answer and supporting sentences in one number, by HotpotQA's arithmetic."""

from __future__ import annotations

from collections import Counter

from eval.metrics.exact_match import golds
from eval.metrics.metric import Case, Metric, both
from eval.metrics.shown import if_one_part, prediction
from eval.metrics.spans import if_proved
from eval.metrics.supporting_facts import Agreement, by_alternative, harmonic
from eval.metrics.tokens import squad_normal
from eval.types import Scored

_CLOSED = frozenset({"yes", "no", "noanswer"})


def answer(gold: str, predicted: str) -> Agreement:
    """HotpotQA's ``em``, ``prec``, ``recall`` and ``f1`` of an answer (its ``update_answer``).

    Unlike SQuAD's, two empty answers have no overlap, and "yes" or "no" agrees with nothing but itself.
    """
    wanted, given = squad_normal(gold), squad_normal(predicted)
    if wanted != given and _CLOSED & {wanted, given}:
        return Agreement(0.0, 0.0, 0.0, 0.0)
    same = (Counter(wanted.split()) & Counter(given.split())).total()
    precision = same / len(given.split()) if same else 0.0
    recall = same / len(wanted.split()) if same else 0.0
    return Agreement(float(wanted == given), precision, recall, harmonic(precision, recall))


def joint(one: Agreement, other: Agreement) -> Agreement:
    """HotpotQA's ``joint_em``, ``joint_prec``, ``joint_recall`` and ``joint_f1``: products, and the F1 of these."""
    precision, recall = one.precision * other.precision, one.recall * other.recall
    return Agreement(one.em * other.em, precision, recall, harmonic(precision, recall))


def pairs(case: Case) -> list[Agreement]:
    """The joint agreement for each gold wording with each evidence set."""
    predicted, sets = prediction(case.answer), by_alternative(case)
    return [joint(answer(gold, predicted), one) for gold in golds(case.item) for one in sets]


_SOURCE = "Yang et al. 2018, HotpotQA (its official script's joint_{}), best over gold wordings and evidence sets"

METRICS = (
    Metric(
        name="joint_f1",
        definition="F1 of two products: the precision of the answer's tokens times that of the sentences cited, and "
        "their recalls; for the gold wording and evidence set that agree best.",
        source=_SOURCE.format("f1"),
        about=both(if_proved, if_one_part),
        score=lambda case: Scored(max((one.f1 for one in pairs(case)), default=0.0)),
        needs_spans=True,
    ),
    Metric(
        name="joint_em",
        definition="1 where the short answer equals a gold wording and the sentences cited are those of an evidence "
        "set.",
        source=_SOURCE.format("em"),
        about=both(if_proved, if_one_part),
        score=lambda case: Scored(max((one.em for one in pairs(case)), default=0.0)),
        binary=True,
        needs_spans=True,
    ),
)
