"""What is expected of scores: the words in which the table says it, and on which items each metric says something.

Written from the metrics' definitions and from gold alone; none of their code is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eval.selftest.ground import Facts
from eval.types import Item, RunRecord


class Says(StrEnum):
    """What is expected where it isn't a number."""

    AS_ORACLE = "as the oracle"
    NOTHING = "not applicable"
    UNSCORED = "unscored"
    #: On each item any value, on all of them together worse than the oracle.
    WORSE = "worse than the oracle"


#: A value worked out for an item from what the system handed in.
Formula = Callable[[Facts, RunRecord], float]


@dataclass(frozen=True, slots=True)
class Own:
    """Holds on the shipped set, whose words are known; on another one nothing is said."""

    value: float | Says | Formula


Expected = float | Says | Formula | Own
Row = Mapping[str, Expected]


def every(names: tuple[str, ...], value: Expected) -> Row:
    """The same for each of these metrics."""
    return dict.fromkeys(names, value)


# --- which items a metric says something about ------------------------------------------------------------------------


def _answerable(item: Item) -> bool:
    return item.answerable


def _unanswerable(item: Item) -> bool:
    return not item.answerable


def _described(item: Item) -> bool:
    return bool(item.answers or item.values) or any(nugget.vital for nugget in item.nuggets)


def _graded(item: Item) -> bool:
    return _described(item) or not item.answerable


def _proved(item: Item) -> bool:
    return item.answerable and bool(item.evidence)


def _one_part(item: Item) -> bool:
    return len(item.answers) == 1 or not item.answerable


def _vital(item: Item) -> bool:
    return any(nugget.vital for nugget in item.nuggets)


def _ranked(item: Item) -> bool:
    return item.answerable and bool(item.evidence or any(item.relevant.values()))


SPANS = ("char_precision", "char_recall", "char_f1", "char_iou", "supporting_fact_f1", "supporting_fact_em")
SUPPORT = ("citation_recall", "citation_precision")
JOINT = ("joint_f1", "joint_em")
RANKS = ("ndcg_at_10", "recall_at_10", "rr_at_10", "success_at_5")
DENSITY = ("density_at_1000", "density_at_2000", "density_at_4000")
BUDGETED = ("evidence_complete_at_1000", "evidence_complete_at_2000", "evidence_complete_at_4000")
FOUND = ("evidence_recall", "evidence_complete", *DENSITY, *BUDGETED)
READ = "evidence_read_complete"

#: Metrics of which less is better.
LESS_IS_BETTER = frozenset(("false_answer", "over_refusal", "forbidden_fact"))


def best(name: str) -> float:
    """The value of a perfect answer."""
    return 0.0 if name in LESS_IS_BETTER else 1.0


#: By metric whether it says something about an item. A metric that isn't here has no expectation.
SCOPE: Mapping[str, Callable[[Item], bool]] = {
    "grounded_accuracy": lambda item: not item.answerable or (_described(item) and bool(item.evidence)),
    "false_answer": _unanswerable,
    "over_refusal": _answerable,
    "right_when_answered": _graded,
    "twin_abstains": _proved,
    "right": _graded,
    "contains": lambda item: bool(item.answers),
    "values": lambda item: bool(item.values),
    "nugget_vital": _vital,
    "nugget_f3": _vital,
    "list_f1": lambda item: len(item.answers) > 1,
    "exact_match": _one_part,
    "token_f1": _one_part,
    "forbidden_fact": lambda item: bool(item.forbidden),
    "current_first": lambda item: bool(item.forbidden) and _described(item),
    "speaker": lambda item: bool(item.speaker),
    "citation_validity": lambda item: True,
    "no_duplicate_citations": lambda item: True,
    **dict.fromkeys(SUPPORT, lambda item: _proved(item) or not item.answerable),
    **dict.fromkeys(SPANS, _proved),
    **dict.fromkeys(JOINT, lambda item: _proved(item) and _one_part(item)),
    **dict.fromkeys(RANKS, _ranked),
    **dict.fromkeys((*FOUND, READ), _proved),
}
