"""From which confidence on to answer: the smallest threshold at which the share of wrong answers is certified.

Selection with guaranteed risk (Geifman and El-Yaniv 2017, algorithm 1): a binary search over the confidences seen on
the calibration split, each step with an exact binomial bound at a part of the error that is allowed. What was chosen is
then held against the test split, which had no part in it. An answer is wrong if it isn't grounded and right; any
answer to a question without one is. Answers are those of a run in which everything was answered that could be.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.compare import HEADLINE
from eval.results import ItemResult
from eval.stats import upper_bound
from eval.types import Ended, Item, NotApplicable, RunRecord, Scored, Split
from qa.errors import UsageError

#: More answers than this aren't worked out: nobody writes so many questions.
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer: how sure the system was of it, and whether it was wrong."""

    confidence: float
    wrong: bool
    cluster: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The answers of a split. ``items`` are all its questions that can be judged, ``silent`` of them weren't answered
    even with everything allowed (``failed`` of these because the system failed); ``unjudged`` questions are left out.
    """

    split: str
    items: int
    silent: int
    failed: int
    unjudged: int
    answers: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a threshold does on a sample.

    ``bound`` is the exact upper bound of the risk at an error of ``tail``, with answers taken as independent; they
    come from ``clusters`` clusters, which are worth ``effective`` independent answers if those of a cluster are always
    right or wrong together (Kish 1965: the square of the sum over the sum of squares of their sizes).
    """

    threshold: float
    items: int
    answered: int
    wrong: int
    tail: float
    bound: float
    clusters: int
    effective: float

    @property
    def coverage(self) -> float:
        """The share of questions that are answered."""
        return self.answered / self.items if self.items else 0.0

    @property
    def risk(self) -> float:
        """The share of answers that are wrong; 1 without any, which prove nothing."""
        return self.wrong / self.answered if self.answered else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """How many answers would certify a threshold that isn't: ``needed`` at its observed risk (None: no number would, or
    more than anybody writes), which are about ``needed_items`` questions at its coverage; ``flawless`` if none were
    wrong.
    """

    needed: int | None
    needed_items: int | None
    flawless: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What calibrating came to: ``chosen`` on the calibration split and ``proof`` on test; or, where no threshold is
    certified, the ``nearest`` of those tried: the one with the smallest bound.

    ``tests`` thresholds at most were looked at, each at an error of ``(1 - confidence_level) / tests``.
    """

    max_risk: float
    confidence_level: float
    tests: int
    chosen: Point | None
    proof: Point | None
    nearest: Point | None

    @property
    def proved(self) -> bool:
        """Whether a threshold was certified, and its answers on test are no more often wrong than allowed."""
        proof = self.proof
        return proof is not None and proof.answered > 0 and proof.risk <= self.max_risk


def sample(
    split: Split, items: Sequence[Item], results: Sequence[ItemResult], records: Mapping[str, RunRecord]
) -> Sample:
    """The answers of a split; raises ``UsageError`` for records that are missing, or answers without a confidence."""
    mine = [(item, result) for item, result in zip(items, results, strict=True) if item.split is split]
    judged = [pair for pair in mine if not isinstance(pair[1].scores[HEADLINE], NotApplicable)]
    shown, failed = [], 0
    for item, result in judged:
        record = records.get(item.id)
        if record is None:
            raise UsageError(
                "calibrate.incomplete", f"{item.id!r} isn't in the run", remedy="finish the run, then try again"
            )
        failed += record.ended is Ended.ERROR
        if record.answered:
            score = result.scores[HEADLINE]
            # What can't be judged isn't known to be right.
            right = isinstance(score, Scored) and score.value == 1.0
            shown.append(Shown(confidence=_confidence(record), wrong=not right, cluster=item.cluster))
    return Sample(
        split=split.value,
        items=len(judged),
        silent=len(judged) - len(shown),
        failed=failed,
        unjudged=len(mine) - len(judged),
        answers=tuple(shown),
    )


def _confidence(record: RunRecord) -> float:
    if record.confidence is None or not 0 <= record.confidence <= 1:
        raise UsageError(
            "calibrate.no_confidence",
            f"the answer to {record.id!r} has the confidence {record.confidence!r}: there is nothing to calibrate",
            remedy="use a run of an engine that reports one",
        )
    return record.confidence


def calibrate(calibration: Sample, test: Sample, *, max_risk: float, confidence_level: float = 0.95) -> Calibration:
    """The smallest threshold that ``calibration`` certifies, held against ``test``; raises ``UsageError`` for a risk or
    a level that is none, or a split without an answer.
    """
    _check(calibration, test, max_risk, confidence_level)
    thresholds = sorted({one.confidence for one in calibration.answers})
    tests = math.ceil(math.log2(len(thresholds) + 1))
    tail = (1 - confidence_level) / tests
    tried = _search(calibration, thresholds, max_risk, tail)
    passed = [one for one in tried if one.bound <= max_risk]
    chosen = min(passed, key=lambda one: one.threshold) if passed else None
    return Calibration(
        max_risk=max_risk,
        confidence_level=confidence_level,
        tests=tests,
        chosen=chosen,
        proof=point(test, chosen.threshold, tail=1 - confidence_level) if chosen else None,
        nearest=None if chosen else min(tried, key=lambda one: (one.bound, -one.threshold)),
    )


def _check(calibration: Sample, test: Sample, max_risk: float, confidence_level: float) -> None:
    if not 0 < max_risk < 1:
        raise UsageError("calibrate.bad_risk", f"a risk of {max_risk!r} isn't between 0 and 1", remedy="--max-risk 0.1")
    if not 0.5 <= confidence_level < 1:
        raise UsageError(
            "calibrate.bad_level",
            f"a confidence of {confidence_level!r} isn't in 0.5..1",
            remedy="--confidence 0.95",
        )
    for one in (calibration, test):
        if not one.items:
            raise UsageError("calibrate.no_split", f"the set has no item of the split {one.split!r} that can be judged")
    if not calibration.answers:
        raise UsageError("calibrate.no_answers", "the run answers no question of the calibration split")


def _search(sample: Sample, thresholds: Sequence[float], max_risk: float, tail: float) -> list[Point]:
    """The thresholds tried, of these ascending ones: down from one that is certified, up from one that isn't.

    ``n`` thresholds and "none of them" are told apart in at most ``ceil(log2(n + 1))`` steps.
    """
    tried, low, high = [], 0, len(thresholds)
    while low < high:
        middle = (low + high) // 2
        tried.append(point(sample, thresholds[middle], tail=tail))
        low, high = (low, middle) if tried[-1].bound <= max_risk else (middle + 1, high)
    return tried


def point(sample: Sample, threshold: float, *, tail: float) -> Point:
    """What ``threshold`` does on ``sample``: answers of that confidence are shown, ties together."""
    shown = [one for one in sample.answers if one.confidence >= threshold]
    wrong = sum(one.wrong for one in shown)
    sizes = Counter(one.cluster for one in shown).values()
    return Point(
        threshold=threshold,
        items=sample.items,
        answered=len(shown),
        wrong=wrong,
        tail=tail,
        bound=upper_bound(wrong, len(shown), tail=tail) if shown else 1.0,
        clusters=len(sizes),
        effective=sum(sizes) ** 2 / sum(size * size for size in sizes) if shown else 0.0,
    )


# --- what is lacking -------------------------------------------------------------------------------------------------


def shortfall(nearest: Point, max_risk: float) -> Shortfall:
    """What would certify ``nearest``."""
    needed = needed_answers(nearest.risk, max_risk, tail=nearest.tail)
    return Shortfall(
        needed=needed,
        needed_items=None if needed is None else math.ceil(needed / nearest.coverage),
        flawless=flawless_answers(max_risk, tail=nearest.tail),
    )


def flawless_answers(max_risk: float, *, tail: float) -> int:
    """The fewest answers that certify ``max_risk`` if none is wrong: ``(1 - max_risk)**n <= tail``."""
    return math.ceil(math.log(tail) / math.log1p(-max_risk))


def needed_answers(risk: float, max_risk: float, *, tail: float) -> int | None:
    """About how many answers certify ``max_risk`` where a share of ``risk`` is wrong; None where none would, or more
    than ``MOST``.
    """

    def certified(n: int) -> bool:
        return upper_bound(math.ceil(risk * n - 1e-9), n, tail=tail) <= max_risk

    if risk >= max_risk or not certified(MOST):
        return None
    low, high = 0, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if certified(middle) else (middle, high)
    return high
