"""Whether an answer is right, by gold's description of a right one."""

from __future__ import annotations

from eval.metrics.metric import Case, Metric, if_graded
from eval.metrics.shown import forbidden_given, named, texts
from eval.metrics.values import fault, given
from eval.types import AnswerPart, Item, Score, Scored, Unscored


def is_right(case: Case) -> bool:
    """Whether the answer gives every part, value and vital nugget and no forbidden fact; without an answer in the
    corpus, whether none was given.
    """
    item, said = case.item, texts(case)
    if not item.answerable:
        return not case.answer.answered
    return (
        case.answer.answered
        and all(named(part, said) or _carried(part, item, said) for part in item.answers)
        and all(any(given(value, text) for text in said) for value in item.values)
        and all(named(nugget, said) for nugget in item.nuggets if nugget.vital)
        and not forbidden_given(case)
    )


def _carried(part: AnswerPart, item: Item, said: tuple[str, ...]) -> bool:
    """Whether a value given says what ``part`` says: "Cr 1,120 million" for "1.12 billion crowns"."""
    values = [value for value in item.values if any(given(value, wording) for wording in part.wordings)]
    return any(given(value, text) for value in values for text in said)


def _score(case: Case) -> Score:
    for value in case.item.values:
        if why := fault(value):
            return Unscored(f"gold's {value.kind} {value.value!r} {why}")
    return Scored(float(is_right(case)))


METRIC = Metric(
    name="right",
    definition="1 where the answer names every part (or gives the typed value that the part states), gives every typed "
    "value and vital nugget, and no forbidden fact; for a question without an answer, where none was given.",
    source="own; the conjunction of contains, values, nugget_vital and forbidden_fact",
    about=if_graded,
    score=_score,
    binary=True,
)
