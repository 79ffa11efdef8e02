"""Supporting facts and joint scores by HotpotQA's arithmetic, to the last digit."""

from __future__ import annotations

import pytest
from citation_cases import ABSTAINED, case, cite, place, record

from eval.metrics import joint_f1
from eval.metrics.metric import apply
from eval.metrics.supporting_facts import facts
from eval.types import AnswerPart, NotApplicable, RunCitation, Score, Scored

#: Sentences 0 and 2 of a prove the answer, or sentence 1 of b; sentence 5 of a is acceptable.
EVIDENCE = ((place("a", 0), place("a", 2)), (place("b", 1),))
ACCEPTABLE = (place("a", 5),)


@pytest.mark.parametrize(
    ("predicted", "wanted", "expected"),
    [
        # em, prec, recall, f1, as the definition gives them in doubles: tp / (tp + fp), tp / (tp + fn), 2pr / (p + r).
        ({1, 2}, {1, 2}, (1.0, 1.0, 1.0, 1.0)),
        ({1, 2, 3}, {1, 2}, (0.0, 0.6666666666666666, 1.0, 0.8)),
        ({1, 2, 3}, {1, 4}, (0.0, 0.3333333333333333, 0.5, 0.4)),
        ({1}, {1, 2, 3}, (0.0, 1.0, 0.3333333333333333, 0.5)),
        ({1, 2, 3, 4, 5, 6, 7}, {1, 2, 8}, (0.0, 0.2857142857142857, 0.6666666666666666, 0.4)),
        ({3}, {1, 2}, (0.0, 0.0, 0.0, 0.0)),
        (set(), {1, 2}, (0.0, 0.0, 0.0, 0.0)),
        ({1}, set(), (0.0, 0.0, 0.0, 0.0)),
        (set(), set(), (1.0, 0.0, 0.0, 0.0)),  # em 1 with f1 0: so the script has it
    ],
)
def test_supporting_facts_to_the_last_digit(
    predicted: set[int], wanted: set[int], expected: tuple[float, float, float, float]
) -> None:
    found = facts(frozenset(predicted), frozenset(wanted))
    assert (found.em, found.precision, found.recall, found.f1) == expected


# --- answer and sentences together


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("the Eiffel Tower", "Eiffel tower!", (1.0, 1.0, 1.0, 1.0)),
        ("Eiffel Tower", "tower of Paris", (0.0, 0.3333333333333333, 0.5, 0.4)),
        ("red red blue", "red red red", (0.0, 0.6666666666666666, 0.6666666666666666, 0.6666666666666666)),
        ("Oslo", "Bergen", (0.0, 0.0, 0.0, 0.0)),
        ("yes", "yes", (1.0, 1.0, 1.0, 1.0)),
        ("yes", "yes it is", (0.0, 0.0, 0.0, 0.0)),  # HotpotQA's rule for closed answers; as tokens it would be 1/3
        ("no doubt", "no", (0.0, 0.0, 0.0, 0.0)),
        ("Oslo", "", (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_answers_as_hotpotqa_compares_them(
    wanted: str, given: str, expected: tuple[float, float, float, float]
) -> None:
    found = joint_f1.answer(wanted, given)
    assert (found.em, found.precision, found.recall, found.f1) == expected


def test_joint_to_the_last_digit() -> None:
    # Answer: P 1/3, R 1/2. Sentences: 2 of 3 cited are right, all found: P 2/3, R 1.
    # Joint: P 2/9, R 1/2, F1 2(2/9)(1/2) / (2/9 + 1/2) = (2/9) / (13/18) = 4/13.
    found = joint_f1.joint(joint_f1.answer("Eiffel Tower", "tower of Paris"), facts({1, 2, 3}, {1, 2}))
    assert (found.em, found.precision, found.recall) == (0.0, 0.2222222222222222, 0.5)
    assert found.f1 == 0.30769230769230765  # 4/13 as doubles multiplied in the script's order; rounded it ends in 77
    exact = joint_f1.joint(joint_f1.answer("Oslo", "Oslo."), facts({1, 2}, {1, 2}))
    assert (exact.em, exact.f1) == (1.0, 1.0)
    # Either alone isn't enough.
    assert joint_f1.joint(joint_f1.answer("Oslo", "Oslo."), facts({1, 2, 3}, {1, 2})).em == 0.0
    assert joint_f1.joint(joint_f1.answer("Oslo", "Bergen"), facts({1, 2}, {1, 2})).f1 == 0.0


def test_joint_takes_the_best_wording_and_the_best_set() -> None:
    def scores(*citations: RunCitation, short: str) -> tuple[Score, ...]:
        given = record(citations, short=short)
        part = AnswerPart(text="Oslo city", aliases=("Kristiania",))
        one = case(EVIDENCE, given, acceptable=ACCEPTABLE, answers=(part,))
        return tuple(apply(metric, one) for metric in joint_f1.METRICS)

    assert scores(cite("b", 1), short="Kristiania") == (Scored(1.0), Scored(1.0))
    # "Oslo" has P 1, R 1/2 of "Oslo city"; sentence 0 has P 1, R 1/2 of the first set: P 1, R 1/4, F1 2/5.
    assert scores(cite("a", 0), short="Oslo") == (Scored(0.4), Scored(0.0))
    assert scores(short="Kristiania") == (Scored(0.0), Scored(0.0))


def test_joint_is_of_answers_of_one_part() -> None:
    for metric in joint_f1.METRICS:
        two = case(EVIDENCE, record(), answers=(AnswerPart(text="Oslo"), AnswerPart(text="Bergen")))
        assert apply(metric, two) == NotApplicable("the answer has several parts")
        assert isinstance(apply(metric, case((), ABSTAINED, answerable=False)), NotApplicable)
        assert apply(metric, case(EVIDENCE, None)) == Scored(0.0, "missing from the run")
