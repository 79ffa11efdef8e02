"""Intervals and tests, with the formula's source on each. Everything random is seeded: the same data, the same numbers.

Values of one cluster (a story) aren't independent, so resampling draws whole clusters (Cameron, Gelbach and Miller
2008; Field and Welsh 2007). Plain percentiles are too narrow where there are few clusters; ours are expanded, and below
``FEWEST`` none are given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

#: Fewer clusters than this give no interval.
FEWEST = 5
RESAMPLES = 2_000
SEED = 20_250_101
#: Standard normal quantiles for a two-sided test at 5 % with a power of 80 %.
_Z_TEST, _Z_POWER = 1.959964, 0.841621


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval ``[low, high]``."""

    low: float
    high: float


def cluster_interval(values: Sequence[float], clusters: Sequence[str], *, level: float = 0.95) -> Interval | None:
    """The expanded percentile interval of the mean of ``values``, whole clusters drawn; None with too few clusters."""
    drawn = cluster_means(values, clusters)
    if drawn is None:
        return None
    tail = expanded_tail(len(set(clusters)), level=level)
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(float(low), float(high))


@lru_cache(maxsize=256)
def expanded_tail(clusters: int, *, level: float = 0.95) -> float:
    """Which quantile of the resampled means ends an interval, so that few clusters don't make it too narrow.

    ``Phi(-t * sqrt(k / (k - 1)))`` with Student's ``t`` of ``k - 1`` degrees of freedom (Hesterberg 2015, What Teachers
    Should Know about the Bootstrap, section 4.1).
    """
    t = student_quantile((1 + level) / 2, clusters - 1)
    return NormalDist().cdf(-t * math.sqrt(clusters / (clusters - 1)))


def student_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's t distribution, for probabilities from .5 up to 1."""
    low, high = 0.0, 1.0
    while _student(high, degrees) < probability:
        high *= 2
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _student(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def _student(t: float, degrees: int) -> float:
    """P(T <= t) for t >= 0 (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4, finite sums)."""
    angle = math.atan2(t, math.sqrt(degrees))
    cosine, odd = math.cos(angle), degrees % 2
    term = total = 0.0 if degrees == 1 else (cosine if odd else 1.0)
    for k in range(3 if odd else 2, degrees, 2):
        term *= cosine * cosine * ((k - 1) / k)
        total += term
    inside = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    return (1 + inside) / 2


def cluster_means(
    values: Sequence[float], clusters: Sequence[str], *, resamples: int = RESAMPLES
) -> NDArray[np.float64] | None:
    """Means of ``values`` over resamples of clusters with replacement; None with fewer than ``FEWEST`` clusters."""
    names, where = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    if len(names) < FEWEST:
        return None
    sums = np.bincount(where, weights=np.asarray(values, dtype=float), minlength=len(names))
    counts = np.bincount(where, minlength=len(names)).astype(float)
    draws = _draws(len(names), resamples)
    means: NDArray[np.float64] = (draws @ sums) / (draws @ counts)
    return means


@lru_cache(maxsize=8)
def _draws(clusters: int, resamples: int) -> NDArray[np.float64]:
    """How often each cluster is drawn in each resample: shape (resamples, clusters)."""
    generator = np.random.default_rng(SEED)
    shares = np.full(clusters, 1 / clusters)
    return generator.multinomial(clusters, shares, size=resamples).astype(float)


def standard_error(values: Sequence[float], clusters: Sequence[str]) -> float | None:
    """The standard deviation of the resampled means; None with too few clusters."""
    drawn = cluster_means(values, clusters)
    return None if drawn is None else float(np.std(drawn, ddof=1))


def smallest_difference(error: float) -> float:
    """The smallest true difference that a paired comparison with this standard error sees in 8 of 10 cases.

    ``(z(.975) + z(.80)) * error`` (Bland 2015, An Introduction to Medical Statistics, ch. 18).
    """
    return (_Z_TEST + _Z_POWER) * error


def mcnemar(fixed: int, broken: int) -> float:
    """The exact two-sided p value that as many of the changed items were fixed as broken (McNemar 1947, binomial)."""
    changed = fixed + broken
    if not changed:
        return 1.0
    fewer = min(fixed, broken)
    return min(1.0, 2 * math.fsum(_binomial(changed, k, 0.5) for k in range(fewer + 1)))


def clopper_pearson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact two-sided interval of a proportion (Clopper and Pearson 1934); raises ``ValueError`` for impossible
    counts.
    """
    tail = (1 - level) / 2
    return Interval(lower_bound(successes, n, tail=tail), upper_bound(successes, n, tail=tail))


def upper_bound(successes: int, n: int, *, tail: float) -> float:
    """The largest proportion under which at most ``successes`` of ``n`` still have a chance of ``tail``."""
    _check(successes, n)
    if successes == n:
        return 1.0
    return _root(lambda p: _at_most(successes, n, p) - tail)


def lower_bound(successes: int, n: int, *, tail: float) -> float:
    """The smallest proportion under which at least ``successes`` of ``n`` still have a chance of ``tail``."""
    _check(successes, n)
    if successes == 0:
        return 0.0
    return _root(lambda p: tail - (1 - _at_most(successes - 1, n, p)))


def _check(successes: int, n: int) -> None:
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"no proportion: {successes} of {n}")


def _root(decreasing: Callable[[float], float]) -> float:
    """Where a decreasing function of a probability crosses 0, to the last bits."""
    low, high = 0.0, 1.0
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if decreasing(middle) > 0 else (low, middle)
    return (low + high) / 2


def _at_most(successes: int, n: int, p: float) -> float:
    return math.fsum(_binomial(n, k, p) for k in range(successes + 1))


def _binomial(n: int, k: int, p: float) -> float:
    if p in (0.0, 1.0):
        return float(k == (0 if p == 0.0 else n))
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
