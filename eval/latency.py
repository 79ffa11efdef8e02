"""Time by stage and tokens, over the records of a run. No metrics: they say nothing about being right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.types import RunRecord


@dataclass(frozen=True, slots=True)
class StageLatency:
    """Seconds that a stage took, over the ``n`` records that report it. Percentiles are of nearest rank: the smallest
    time that at least so many per cent of the records don't exceed, always one that was measured.
    """

    stage: str
    n: int
    p50: float
    p90: float
    p99: float
    mean: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a language model. ``per_answer`` is ``total`` / ``answered``: what was spent on abstaining is part of
    the price of an answer; None where nothing was answered.
    """

    total: int
    answered: int
    per_answer: float | None


def latencies(records: Iterable[RunRecord]) -> tuple[StageLatency, ...]:
    """The seconds of each stage that any record reports, by the stage's name; failed records count too."""
    seconds: dict[str, list[float]] = {}
    for record in records:
        for stage, value in record.seconds.items():
            seconds.setdefault(stage, []).append(value)
    return tuple(_latency(stage, sorted(seconds[stage])) for stage in sorted(seconds))


def tokens(records: Iterable[RunRecord]) -> Tokens:
    """All tokens that ``records`` report, and how many an answer costs."""
    total = answered = 0
    for record in records:
        total += record.tokens
        answered += record.answered
    return Tokens(total, answered, total / answered if answered else None)


def _latency(stage: str, ordered: Sequence[float]) -> StageLatency:
    n = len(ordered)
    p50, p90, p99 = (ordered[-(-percent * n // 100) - 1] for percent in (50, 90, 99))
    return StageLatency(stage, n, p50, p90, p99, sum(ordered) / n)
