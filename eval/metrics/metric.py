"""What a metric is, and how one is applied to one item so that its denominator stays honest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.corpus import Corpus
from eval.types import Item, NotApplicable, RunRecord, Score, Scored, Unscored
from qa.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A span of an article of the corpus as it stands today (gold, re-anchored)."""

    article: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its offsets alone."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item with all that it is judged from. ``record`` is None where the run doesn't have it.

    ``evidence`` and ``acceptable`` are the item's spans where they stand in ``corpus`` today; ``quarantined`` says
    which couldn't be found there (an alternative with such a span is left out of ``evidence``). ``twin`` is the record
    of the same question with its evidence hidden, if the run has one; ``twins`` says whether it has any at all.
    """

    item: Item
    record: RunRecord | None
    corpus: Corpus
    evidence: tuple[tuple[Place, ...], ...] = ()
    acceptable: tuple[Place, ...] = ()
    quarantined: tuple[str, ...] = ()
    twin: RunRecord | None = None
    twins: bool = False

    @property
    def answer(self) -> RunRecord:
        """The record, for metrics, which are called only where there is one."""
        assert self.record is not None
        return self.record


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number in 0..1 about one item. ``definition`` and ``source`` are printed in reports.

    ``about`` says, from the item alone, why the metric says nothing about it (empty: it does); a record that is
    missing or failed then counts as worst. ``score`` sees a case with a record that didn't fail; it may still find
    that the metric doesn't apply. ``needs_spans``: unscored where no evidence set of the item could be anchored.
    ``needs_twin``: it reads the hidden twin, not the record. ``binary``: values are 0 or 1 (compared by McNemar).
    """

    name: str
    definition: str
    source: str
    about: Callable[[Item], str]
    score: Callable[[Case], Score]
    higher_is_better: bool = True
    binary: bool = False
    needs_spans: bool = False
    needs_twin: bool = False

    @property
    def worst(self) -> float:
        """The value of an item that was never answered."""
        return 0.0 if self.higher_is_better else 1.0

    @property
    def best(self) -> float:
        """The value of a perfect answer."""
        return 1.0 - self.worst


def apply(metric: Metric, case: Case) -> Score:
    """The score of one case: worst for a question missing from the run or failed in it, never dropped."""
    reason = metric.about(case.item)
    if reason:
        return NotApplicable(reason)
    record = case.twin if metric.needs_twin else case.record
    if metric.needs_twin and record is None and not case.twins and case.record is not None:
        return NotApplicable("the run has no hidden twins")
    if record is None:
        return Scored(metric.worst, failed="missing from the run")
    if record.ended == "error":
        return Scored(metric.worst, failed=f"the system failed: {record.error}"[:200])
    if metric.needs_spans and case.item.evidence and not case.evidence:
        return Unscored(f"no evidence set stands in the corpus any more: {'; '.join(case.quarantined[:1])}")
    return _checked(metric, metric.score(case))


def _checked(metric: Metric, score: Score) -> Score:
    if isinstance(score, Scored) and not (math.isfinite(score.value) and 0 <= score.value <= 1):
        return Unscored(f"{metric.name} gave {score.value!r}, which is no score")
    if isinstance(score, Scored) and metric.binary and score.value not in (0.0, 1.0):
        return Unscored(f"{metric.name} gave {score.value!r}, which is neither 0 nor 1")
    return score


# --- reasons for not applying, shared by many metrics ----------------------------------------------------------------


def always(_item: Item) -> str:
    """Says something about every item."""
    return ""


def if_answerable(item: Item) -> str:
    """Says something about items that have an answer."""
    return "" if item.answerable else "the question has no answer"


def if_unanswerable(item: Item) -> str:
    """Says something about items that have none."""
    return "the question has an answer" if item.answerable else ""


def if_graded(item: Item) -> str:
    """Says something about items whose right answer gold describes, and about those that have none."""
    return "" if item.graded or not item.answerable else "gold doesn't say what a right answer contains"


def if_evidence(item: Item) -> str:
    """Says something about items with gold spans."""
    return "" if item.evidence else "gold has no evidence spans"


def both(*reasons: Callable[[Item], str]) -> Callable[[Item], str]:
    """The first reason that any of ``reasons`` gives."""

    def about(item: Item) -> str:
        return next((why for why in (reason(item) for reason in reasons) if why), "")

    return about


def names(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Their names, in order."""
    return tuple(metric.name for metric in metrics)
