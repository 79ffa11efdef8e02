"""Two runs over the same items, compared in pairs: what changed, how sure that is, and what could have been seen.

The verdict on a metric is that of its interval. Items without a value on either side form no pair, and are counted.
Loading and scoring runs is in :mod:`eval.scored`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eval.metrics.metric import Metric
from eval.results import Blame, ItemResult
from eval.stats import FEWEST, cluster_interval, mcnemar, smallest_difference, standard_error
from eval.types import Item, NotApplicable, Score, Scored
from qa.errors import UsageError

#: The metric whose verdict decides a comparison.
HEADLINE = "grounded_accuracy"
#: A loss smaller than this is none.
MARGIN = 0.02
#: McNemar's test decides below this, where there is no interval.
SIGNIFICANT = 0.05
#: The chance with which the smallest difference is seen.
_POWER = 0.80
#: Values closer than this are the same: sums of the same parts differ in their last bits.
_SAME = 1e-12


class Verdict(StrEnum):
    """What a comparison says about B against A."""

    WORSE = "worse"
    BETTER = "better"
    NOT_WORSE = "not worse"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An item with its values in both runs, and what each run is blamed for."""

    id: str
    question: str
    cluster: str
    a: float
    b: float
    blame_a: Blame
    blame_b: Blame


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many items form no pair, and why."""

    reason: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One metric in two runs, over the ``pairs`` items that have a value in both.

    ``a`` and ``b`` are the means; ``difference`` is positive where B is better, whichever way the metric points, and
    None without a pair. ``low`` and ``high``: its 95 % interval by paired bootstrap over clusters, None with fewer than
    ``eval.stats.FEWEST`` of these. ``p`` is McNemar's, exact, for metrics of 0 and 1 (it takes items as independent of
    each other); ``p_adjusted`` the same after Holm over all such metrics of the comparison. ``smallest``: the smallest
    true difference that would have been seen in 8 of 10 such comparisons. ``reason`` says what decided the verdict.
    """

    metric: str
    higher_is_better: bool
    pairs: int
    clusters: int
    left_out: tuple[LeftOut, ...]
    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    smallest: float | None
    fixed: tuple[Pair, ...]
    broken: tuple[Pair, ...]
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The differences of all metrics asked for, the headline first, and what to bear in mind."""

    margin: float
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    @property
    def headline(self) -> Difference:
        """The metric that decides."""
        return self.differences[0]


def compare(
    items: Sequence[Item],
    a: Sequence[ItemResult],
    b: Sequence[ItemResult],
    *,
    metrics: Sequence[Metric],
    names: Sequence[str] = (),
    margin: float = MARGIN,
) -> Comparison:
    """B against A by the headline and by the metrics ``names`` (none: by all that have a pair).

    ``a`` and ``b`` are of ``items`` in their order. Raises ``UsageError`` for a name that is none of ``metrics``, or a
    margin outside ``[0, 1)``.
    """
    if not 0 <= margin < 1:
        raise UsageError("compare.bad_margin", f"a margin of {margin!r} isn't in 0..1", remedy="--margin 0.02")
    chosen = _chosen(metrics, names)
    found = [_difference(metric, items, a, b, margin) for metric in chosen]
    kept = [one for one in found if one.pairs or names or one.metric == HEADLINE]
    return Comparison(margin=margin, differences=_adjusted(kept), notes=_notes(kept))


def holm(p_values: Sequence[float]) -> list[float]:
    """p values adjusted for there being several, in the order given (Holm 1979, step-down)."""
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, where in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[where]))
        adjusted[where] = largest
    return adjusted


def _chosen(metrics: Sequence[Metric], names: Sequence[str]) -> list[Metric]:
    known = {metric.name: metric for metric in metrics}
    for name in names:
        if name not in known:
            raise UsageError("compare.no_metric", f"{name!r} is no metric; there are {', '.join(sorted(known))}")
    wanted = dict.fromkeys((HEADLINE, *(names or known)))
    return [known[name] for name in wanted]


def _difference(
    metric: Metric, items: Sequence[Item], a: Sequence[ItemResult], b: Sequence[ItemResult], margin: float
) -> Difference:
    pairs, left_out = _pairs(metric, items, a, b)
    sign = 1.0 if metric.higher_is_better else -1.0
    gains = [sign * _gain(pair) for pair in pairs]
    clusters = [pair.cluster for pair in pairs]
    interval = cluster_interval(gains, clusters) if gains else None
    fixed = tuple(pair for pair, gain in zip(pairs, gains, strict=True) if gain > 0)
    broken = tuple(pair for pair, gain in zip(pairs, gains, strict=True) if gain < 0)
    made = Difference(
        metric=metric.name,
        higher_is_better=metric.higher_is_better,
        pairs=len(pairs),
        clusters=len(set(clusters)),
        left_out=left_out,
        a=_mean([pair.a for pair in pairs]),
        b=_mean([pair.b for pair in pairs]),
        difference=_mean(gains),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        p=mcnemar(len(fixed), len(broken)) if metric.binary and pairs else None,
        p_adjusted=None,
        smallest=_smallest(gains, clusters),
        fixed=fixed,
        broken=broken,
        verdict=Verdict.INCONCLUSIVE,
        reason="",
    )
    return _judged(made, margin)


def _pairs(
    metric: Metric, items: Sequence[Item], a: Sequence[ItemResult], b: Sequence[ItemResult]
) -> tuple[list[Pair], tuple[LeftOut, ...]]:
    """The items with a value in both runs, and why the others have none."""
    pairs, left_out = [], Counter[str]()
    for item, one, other in zip(items, a, b, strict=True):
        before, after = one.scores[metric.name], other.scores[metric.name]
        if not (isinstance(before, Scored) and isinstance(after, Scored)):
            left_out[_why_no_pair(before, after)] += 1
            continue
        pair = Pair(
            id=item.id,
            question=item.question,
            cluster=item.cluster,
            a=before.value,
            b=after.value,
            blame_a=one.blame,
            blame_b=other.blame,
        )
        pairs.append(pair)
    return pairs, tuple(LeftOut(reason=reason, items=count) for reason, count in sorted(left_out.items()))


def _gain(pair: Pair) -> float:
    return 0.0 if abs(pair.b - pair.a) <= _SAME else pair.b - pair.a


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _why_no_pair(a: Score, b: Score) -> str:
    before, after = _why_no_value(a), _why_no_value(b)
    if before == after:
        return before
    return "; ".join(f"in {side}: {why}" for side, why in (("A", before), ("B", after)) if why)


def _why_no_value(score: Score) -> str:
    """In words that are the same for many items; empty where there is a value."""
    if isinstance(score, Scored):
        return ""
    return score.reason if isinstance(score, NotApplicable) else f"unscored: {score.reason.split(':')[0]}"


def _smallest(gains: Sequence[float], clusters: Sequence[str]) -> float | None:
    """The smallest difference that could have been seen; None with too few clusters.

    Where nothing varies, resampling knows no spread: then it is the share ``p`` of changed clusters of which ``k``
    independent ones show at least one in 8 of 10 cases, ``1 - (1 - p)**k = .8``.
    """
    error = standard_error(gains, clusters) if gains else None
    if error is None:
        return None
    if max(gains) - min(gains) > _SAME:
        return smallest_difference(error)
    return float(1 - (1 - _POWER) ** (1 / len(set(clusters))))


# --- verdicts --------------------------------------------------------------------------------------------------------


def _judged(one: Difference, margin: float) -> Difference:
    """With the verdict of the interval and the margin."""
    if not one.pairs:
        return replace(one, reason="no item has a value in both runs")
    if one.low is None or one.high is None:
        return _judged_by_test(one)
    span = f"the interval {one.low:+.3f} to {one.high:+.3f}"
    if one.high < 0:
        return replace(one, verdict=Verdict.WORSE, reason=f"{span} lies wholly below 0")
    if one.low > 0:
        return replace(one, verdict=Verdict.BETTER, reason=f"{span} lies wholly above 0")
    if one.low > -margin:
        return replace(one, verdict=Verdict.NOT_WORSE, reason=f"{span} stays above the margin, {-margin:+.3f}")
    return replace(one, reason=f"{span} holds 0 and losses beyond the margin, {-margin:+.3f}")


def _judged_by_test(one: Difference) -> Difference:
    """Too few clusters for an interval: McNemar's p of this metric alone decides, or nothing does."""
    few = f"{one.clusters} cluster{'s' * (one.clusters != 1)}, fewer than {FEWEST}, give no interval"
    if one.p is None or one.p >= SIGNIFICANT:
        return replace(one, reason=few if one.p is None else f"{few}, and McNemar's p is {one.p:.3f}")
    verdict = Verdict.BETTER if len(one.fixed) > len(one.broken) else Verdict.WORSE
    return replace(one, verdict=verdict, reason=f"{few}; McNemar's p is {one.p:.3f}, with items taken as independent")


def _adjusted(found: Sequence[Difference]) -> tuple[Difference, ...]:
    adjusted = iter(holm([one.p for one in found if one.p is not None]))
    return tuple(one if one.p is None else replace(one, p_adjusted=next(adjusted)) for one in found)


def _notes(found: Sequence[Difference]) -> tuple[str, ...]:
    notes = []
    if len(found) > 1:
        notes.append(
            f"{len(found)} metrics are {len(found)} chances to be misled: {found[0].metric} decides, intervals of the "
            "others aren't adjusted, p values are (Holm)"
        )
    if not found[0].pairs:
        notes.append(f"{found[0].metric} says nothing here: {found[0].reason}")
    return tuple(notes)
