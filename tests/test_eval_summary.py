"""Honest denominators: what is missing, failed or can't be scored stays in a mean, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from eval.corpus import Corpus
from eval.metrics.metric import Case, Metric, always, apply
from eval.results import Blame, ItemResult
from eval.summary import groups, mean, records_digest
from eval.types import Ended, Item, NotApplicable, RunRecord, Score, Scored, Split, Unscored, Why

NOWHERE = Corpus(Path("/nowhere"), {})


def item(number: int, *, answerable: bool = True) -> Item:
    return Item(
        id=f"i{number}",
        question="?",
        type="who" if number % 2 else "when",
        categories=("odd",) if number % 2 else ("even", "round"),
        cluster=f"c{number}",
        split=Split.TEST,
        answerable=answerable,
        why=None if answerable else Why.OUTDATED,
    )


def metric(score: Score = Scored(1.0), **options: bool) -> Metric:  # noqa: B008
    return Metric(name="m", definition="", source="", about=always, score=lambda _case: score, **options)  # type: ignore[arg-type]


def case(record: RunRecord | None, twin: RunRecord | None = None) -> Case:
    return Case(item=item(1), record=record, corpus=NOWHERE, twin=twin, twins=twin is not None)


ANSWERED = RunRecord(id="i1", ended=Ended.ANSWERED, answer="x")
FAILED = RunRecord(id="i1", ended=Ended.ERROR, error="it broke")


def test_a_question_that_the_run_lacks_is_wrong() -> None:
    assert apply(metric(), case(None)) == Scored(0.0, failed="missing from the run")
    assert apply(metric(higher_is_better=False), case(None)) == Scored(1.0, failed="missing from the run")


def test_a_question_on_which_the_system_failed_is_wrong() -> None:
    assert apply(metric(), case(FAILED)) == Scored(0.0, failed="the system failed: it broke")


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, 1.1])
def test_what_is_no_score_is_unscored(value: float) -> None:
    assert isinstance(apply(metric(Scored(value)), case(ANSWERED)), Unscored)


def test_a_half_is_no_score_of_a_binary_metric() -> None:
    assert apply(metric(Scored(0.5)), case(ANSWERED)) == Scored(0.5)
    assert isinstance(apply(metric(Scored(0.5), binary=True), case(ANSWERED)), Unscored)


def test_a_metric_of_twins_reads_the_twin() -> None:
    assert apply(metric(needs_twin=True), case(ANSWERED)) == NotApplicable("the run has no hidden twins")
    # A run that has twins of other items can't leave out those that it fails.
    lacking = replace(case(ANSWERED), twins=True)
    assert apply(metric(needs_twin=True), lacking) == Scored(0.0, failed="missing from the run")
    assert apply(metric(needs_twin=True), case(ANSWERED, twin=FAILED)) == Scored(
        0.0, failed="the system failed: it broke"
    )
    assert apply(metric(needs_twin=True), case(None)) == Scored(0.0, failed="missing from the run")


SCORES: tuple[Score, ...] = (
    Scored(1.0),
    Scored(0.5),
    Scored(0.0, failed="missing from the run"),
    Unscored("nobody knows"),
    NotApplicable("it isn't about this"),
)


def results(scores: tuple[Score, ...] = SCORES) -> tuple[list[Item], list[ItemResult]]:
    items = [item(number, answerable=number != 4) for number in range(len(scores))]
    return items, [
        ItemResult(id=one.id, scores={"m": score}, blame=Blame.NONE) for one, score in zip(items, scores, strict=True)
    ]


def test_a_mean_by_hand() -> None:
    found = mean(metric(), *results())
    # Three have values, 1 + 1/2 + 0; four are in the denominator; the fourth is at worst 0 and at best 1.
    assert (found.scored, found.applicable, found.failed) == (3, 4, 1)
    assert (found.value, found.worst, found.best) == (1.5 / 3, 1.5 / 4, 2.5 / 4)
    assert found.low is None  # three clusters


def test_where_less_is_better_the_bounds_change_sides() -> None:
    found = mean(metric(higher_is_better=False), *results())
    assert (found.worst, found.best) == (2.5 / 4, 1.5 / 4)


def test_a_mean_of_nothing_is_no_number() -> None:
    found = mean(metric(), *results((NotApplicable(""), Unscored("?"))))
    assert (found.value, found.scored, found.applicable, found.worst, found.best) == (None, 0, 1, 0.0, 1.0)
    nothing = mean(metric(), *results((NotApplicable(""),)))
    assert (nothing.value, nothing.worst, nothing.best, nothing.applicable) == (None, None, None, 0)


def test_every_part_has_its_own_denominator() -> None:
    found = {(group.kind, group.name): group for group in groups(*results(), metrics=[metric()])}
    assert {key for key in found if key[0] == "category"} == {("category", name) for name in ("odd", "even", "round")}
    odd = found["category", "odd"]  # items 1 (one half) and 3 (unscored)
    assert odd.items == 2
    assert (odd.means[0].value, odd.means[0].applicable, odd.means[0].worst) == (0.5, 2, 0.25)
    assert found["why", "outdated"].items == 1
    assert found["split", "test"].items == 5


def test_the_digest_of_records_leaves_out_times_and_order_only() -> None:
    other = replace(ANSWERED, id="i2")
    digest = records_digest([ANSWERED, other])
    assert records_digest([other, replace(ANSWERED, seconds={"read": 1.5})]) == digest
    assert records_digest([ANSWERED, replace(other, answer="y")]) != digest
    assert records_digest([ANSWERED]) != digest
