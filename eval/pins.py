"""What becomes of a set's bounds when they are pinned to a run: they rise by themselves, and are lowered only with a
reason that stays in the file.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from eval.gatefile import Gate, Lowered
from eval.metrics.metric import Metric
from eval.results import Summary
from qa.errors import UsageError

#: Bounds are kept in steps of this, rounded to the easy side: a run always meets the bounds that were pinned to it.
_STEP = Decimal("0.0001")
#: What a set is gated by unless something else is asked for, as far as its items give these numbers.
GATED = (
    "grounded_accuracy",
    "right",
    "false_answer",
    "over_refusal",
    "twin_abstains",
    "citation_validity",
    "citation_recall",
    "citation_precision",
    "evidence_recall",
)
#: So many bounds are named in a message.
_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a bound: ``"new"``, ``"raised"``, ``"kept"``, ``"lowered"`` or ``"removed"``."""

    metric: str
    what: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """The gate after pinning, and what changed in it."""

    gate: Gate
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How to pin: ``add`` names metrics to gate beside those that are, ``slack`` is left between a number and its
    bound, ``lower`` names bounds that may be lowered and ``because`` says why.
    """

    add: Sequence[str] = ()
    slack: float = 0.0
    lower: Collection[str] = ()
    because: str = ""


def pin(old: Gate | None, summary: Summary, wish: Wish, *, metrics: Sequence[Metric], today: date) -> Pinned:
    """The gate of the run's set, with bounds from the run's worst numbers.

    Without an old gate those of ``wish.add`` are gated, or of ``GATED``. A bound that the run meets is kept or raised;
    one that it doesn't meet is lowered, or taken away where there is no number, if ``wish.lower`` names it. Raises
    ``UsageError`` where a bound would have to be lowered without leave, for names that nobody knows, and where
    ``lower`` and ``because`` don't come together.
    """
    known = {metric.name: metric for metric in metrics}
    before = {**old.floors, **old.ceilings} if old else {}
    _check(wish, known, before)
    numbers = {name: number for name in known if (number := _number(summary, name)) is not None}
    names = [*before, *(wish.add or (() if old else [name for name in GATED if name in numbers]))]
    changes = [
        _change(name, before.get(name), numbers.get(name), known.get(name), wish) for name in dict.fromkeys(names)
    ]
    _refuse(summary.set, [one for one in changes if one.what == "refused"], numbers)
    lowered = [_recorded(one, wish, today) for one in changes if one.what in ("lowered", "removed")]
    after = {one.metric: one.after for one in changes if one.after is not None}
    if not after:
        raise UsageError("gate.nothing_to_pin", f"the run has no number to gate {summary.set!r} by")
    gate = Gate(
        set=summary.set,
        gold=summary.gold_sha256,
        corpus=summary.corpus_sha256,
        floors={name: value for name, value in sorted(after.items()) if known[name].higher_is_better},
        ceilings={name: value for name, value in sorted(after.items()) if not known[name].higher_is_better},
        lowered=(*(old.lowered if old else ()), *lowered),
    )
    return Pinned(gate=gate, changes=tuple(changes))


def _check(wish: Wish, known: Mapping[str, Metric], before: Mapping[str, float]) -> None:
    if not 0 <= wish.slack < 1:
        raise UsageError("gate.bad_slack", f"a slack of {wish.slack!r} isn't in 0..1", remedy="--slack 0.01")
    if bool(wish.lower) != bool(wish.because.strip()):
        raise UsageError(
            "gate.no_reason",
            "a bound is lowered for a reason, and a reason is given for a bound",
            remedy='--lower METRIC --because "..."',
        )
    for name in wish.add:
        if name not in known:
            raise UsageError("gate.no_metric", f"{name!r} is no metric; there are {', '.join(sorted(known))}")
    for name in wish.lower:
        if name not in before:
            raise UsageError("gate.no_bound", f"{name!r} has no bound; there are {', '.join(sorted(before)) or 'none'}")


def _number(summary: Summary, name: str) -> float | None:
    """The worst bound of a mean; None where nothing could be scored."""
    mean = summary.mean(name)
    if mean is None or mean.value is None or mean.worst is None or not math.isfinite(mean.worst):
        return None
    return mean.worst


def _change(name: str, before: float | None, number: float | None, metric: Metric | None, wish: Wish) -> Change:
    """What becomes of one bound; ``"refused"`` where it would have to be lowered without leave."""
    if metric is None or number is None:
        what = "removed" if name in wish.lower else "refused"
        return Change(metric=name, what=what, before=before, after=None)
    after = _bound(number, metric, wish.slack)
    if before is None:
        return Change(metric=name, what="new", before=None, after=after)
    gain, met = (after - before, number - before) if metric.higher_is_better else (before - after, before - number)
    if gain > 0:
        return Change(metric=name, what="raised", before=before, after=after)
    if gain < 0 and name in wish.lower:
        return Change(metric=name, what="lowered", before=before, after=after)
    return Change(metric=name, what="kept" if met >= 0 else "refused", before=before, after=before)


def _bound(number: float, metric: Metric, slack: float) -> float:
    """The number less its slack, in steps, within 0..1."""
    sign, rounding = (-1, ROUND_FLOOR) if metric.higher_is_better else (1, ROUND_CEILING)
    exact = Decimal(repr(number)) + sign * Decimal(repr(slack))
    return min(1.0, max(0.0, float(exact.quantize(_STEP, rounding=rounding))))


def _refuse(name: str, refused: Sequence[Change], numbers: Mapping[str, float]) -> None:
    if not refused:
        return
    said = [
        f"{one.metric} is pinned at {one.before:g} and the run has {_shown(numbers.get(one.metric))}"
        if one.before is not None
        else f"{one.metric} has no number in the run"
        for one in refused[:_NAMED]
    ]
    if len(refused) > _NAMED:
        said.append(f"and {len(refused) - _NAMED} more")
    remedy = " ".join(f"--lower {one.metric}" for one in refused if one.before is not None)
    raise UsageError(
        "gate.lower",
        f"{name}: nothing is lowered silently: {'; '.join(said)}",
        remedy=f'qa eval gate --pin RUN {remedy} --because "..."' if remedy else "leave it out",
    )


def _shown(number: float | None) -> str:
    return "no number" if number is None else f"{number:.4f}"


def _recorded(one: Change, wish: Wish, today: date) -> Lowered:
    assert one.before is not None, "only a bound that was there is lowered"
    because = " ".join(wish.because.split())
    return Lowered(metric=one.metric, before=one.before, after=one.after, reason=because, date=today.isoformat())
