"""How well confidence tells right answers from wrong ones: risk against coverage, and calibration.

Numbers of a whole run, not of one item. Equal confidences are one step, since no threshold comes between them: the
order of the input never matters. Answers without a confidence come after all others, as one step: no threshold reaches
them, and they are counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with its confidence in 0..1, None where the system gives none, and whether it was right."""

    confidence: float | None
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What answering at ``threshold`` and above gives: ``covered`` answers, ``wrong`` of them wrong, of ``total``.

    ``threshold`` is None where answers without a confidence are given too.
    """

    threshold: float | None
    covered: int
    wrong: int
    total: int

    @property
    def coverage(self) -> float:
        """The share of answers given."""
        return self.covered / self.total

    @property
    def risk(self) -> float:
        """The share of those given that are wrong."""
        return self.wrong / self.covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """``n`` answers of confidence ``low`` to ``high``, both inclusive: their mean confidence and the share right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


# --- risk and coverage ------------------------------------------------------------------------------------------------


def risk_coverage(judged: Iterable[Judged]) -> tuple[Step, ...]:
    """The risk-coverage curve, from the most confident answers to all of them (El-Yaniv and Wiener 2010; Geifman and
    El-Yaniv 2017); raises ``ValueError`` for a confidence outside 0..1.
    """
    ordered = sorted(judged, key=_last_without)
    steps, covered, wrong = [], 0, 0
    for _, group in groupby(ordered, key=_last_without):
        answers = list(group)
        covered += len(answers)
        wrong += sum(not answer.right for answer in answers)
        steps.append(Step(threshold=answers[0].confidence, covered=covered, wrong=wrong, total=len(ordered)))
    return tuple(steps)


def aurc(steps: Sequence[Step]) -> float | None:
    """The area under the curve: the mean, over answers, of the risk at the step that brings them in; None without any.

    ``1/n * sum(risk_i)`` (Geifman, Uziel and El-Yaniv 2019); of equal confidences all have the risk after the last.
    """
    if not steps:
        return None
    sizes = [step.covered - before for step, before in zip(steps, [0, *(s.covered for s in steps)], strict=False)]
    return math.fsum(size * step.risk for size, step in zip(sizes, steps, strict=True)) / steps[-1].total


def best_aurc(total: int, wrong: int) -> float:
    """The area where every right answer comes before every wrong one: ``1/n * sum(j / (n - wrong + j))`` over
    ``j = 1..wrong``.
    """
    return math.fsum(j / (total - wrong + j) for j in range(1, wrong + 1)) / total


def excess_aurc(steps: Sequence[Step]) -> float | None:
    """E-AURC: the area beyond the best possible with as many wrong answers (Geifman, Uziel and El-Yaniv 2019)."""
    area = aurc(steps)
    return None if area is None else max(0.0, area - best_aurc(steps[-1].total, steps[-1].wrong))


def step_at(steps: Sequence[Step], risk: float) -> Step | None:
    """The step of largest coverage whose risk is at most ``risk``; None where even the most confident are riskier."""
    return next((step for step in reversed(steps) if step.risk <= risk), None)


def coverage_at(steps: Sequence[Step], risk: float) -> float:
    """The largest coverage whose risk is at most ``risk``, 0 where there is none (Kamath, Jia and Liang 2020)."""
    step = step_at(steps, risk)
    return step.coverage if step else 0.0


def without_confidence(judged: Iterable[Judged]) -> int:
    """How many answers have no confidence."""
    return sum(answer.confidence is None for answer in judged)


def _last_without(answer: Judged) -> float:
    """Sorts by falling confidence."""
    if answer.confidence is None:
        return 1.0
    if not 0 <= answer.confidence <= 1:
        raise ValueError(f"not a confidence in 0..1: {answer.confidence!r}")
    return -answer.confidence


# --- calibration ------------------------------------------------------------------------------------------------------


def reliability(judged: Iterable[Judged], *, bins: int = 10) -> tuple[Bin, ...]:
    """At most ``bins`` bins of about equally many answers, by rising confidence; answers without one are in none.

    Equal confidences stay together: a group goes where its middle falls, so bins may differ in size and be fewer.
    Equal mass after Nguyen and O'Connor 2015; Guo et al. 2017 have bins of equal width.
    """
    ordered = sorted((answer for answer in judged if answer.confidence is not None), key=_last_without, reverse=True)
    filled: dict[int, list[Judged]] = {}
    start = 0
    for _, group in groupby(ordered, key=_last_without):
        answers = list(group)
        filled.setdefault((2 * start + len(answers)) * bins // (2 * len(ordered)), []).extend(answers)
        start += len(answers)
    return tuple(_bin(answers) for _, answers in sorted(filled.items()))


def _bin(answers: Sequence[Judged]) -> Bin:
    confidences = [answer.confidence for answer in answers if answer.confidence is not None]
    return Bin(
        low=min(confidences),
        high=max(confidences),
        n=len(answers),
        confidence=math.fsum(confidences) / len(answers),
        accuracy=sum(answer.right for answer in answers) / len(answers),
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """ECE: the mean of ``|accuracy - confidence|`` over bins, weighted by ``n`` (Guo et al. 2017); None without any."""
    total = sum(one.n for one in bins)
    return math.fsum(one.n * abs(one.accuracy - one.confidence) for one in bins) / total if total else None
