"""Intervals and tests against published and hand-worked values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stats import (
    FEWEST,
    clopper_pearson,
    cluster_interval,
    cluster_means,
    expanded_tail,
    lower_bound,
    mcnemar,
    smallest_difference,
    standard_error,
    student_quantile,
    upper_bound,
)


def test_mcnemar_by_hand() -> None:
    # 10 changed, 1 of them broken: 2 * (C(10,0) + C(10,1)) / 2^10 = 22/1024.
    assert mcnemar(9, 1) == pytest.approx(22 / 1024, rel=1e-12)
    assert mcnemar(1, 9) == mcnemar(9, 1)
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 5) == 1.0
    assert mcnemar(0, 6) == pytest.approx(2 / 64, rel=1e-12)


def test_clopper_pearson_where_it_has_a_closed_form() -> None:
    # 0 of n: the upper bound p solves (1 - p)^n = .025.
    assert clopper_pearson(0, 10).low == 0.0
    assert clopper_pearson(0, 10).high == pytest.approx(1 - 0.025 ** (1 / 10), rel=1e-12)
    assert clopper_pearson(10, 10).low == pytest.approx(0.025 ** (1 / 10), rel=1e-12)
    assert clopper_pearson(10, 10).high == 1.0
    # 1 of 2: 1 - p^2 = .025 and its mirror image.
    assert clopper_pearson(1, 2).high == pytest.approx(math.sqrt(0.975), rel=1e-12)
    assert clopper_pearson(1, 2).low == pytest.approx(1 - math.sqrt(0.975), rel=1e-12)


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3), (0, 0)])
def test_impossible_counts_are_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        clopper_pearson(successes, n)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_hold_the_proportion_and_mirror(counts: tuple[int, int]) -> None:
    successes, n = counts
    low, high = lower_bound(successes, n, tail=0.05), upper_bound(successes, n, tail=0.05)
    assert low <= successes / n <= high
    assert high == pytest.approx(1 - lower_bound(n - successes, n, tail=0.05), abs=1e-9)
    if successes < n:
        assert upper_bound(successes + 1, n, tail=0.05) > high


def test_the_upper_bound_covers_as_often_as_it_says() -> None:
    # Exact coverage at p = .2, n = 30: the outcomes whose bound is at least .2 have at least 95 % of the probability.
    p, n = 0.2, 30
    chance = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    covered = sum(chance[k] for k in range(n + 1) if upper_bound(k, n, tail=0.05) >= p)
    assert 0.95 <= covered < 0.99


def test_clusters_of_equal_values_have_no_spread() -> None:
    assert cluster_interval([0.5] * 12, list("aabbccddeeff")) is not None
    interval = cluster_interval([0.5] * 12, list("aabbccddeeff"))
    assert interval is not None
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_too_few_clusters_give_no_interval() -> None:
    assert cluster_interval([0.0, 1.0] * 10, ["a", "b"] * 10) is None
    assert standard_error([0.0, 1.0] * 10, ["a", "b"] * 10) is None
    assert cluster_interval([0.0] * FEWEST, [str(i) for i in range(FEWEST)]) is not None


def test_single_items_as_clusters_give_the_textbook_error() -> None:
    values = [float(i % 2) for i in range(400)]
    error = standard_error(values, [str(i) for i in range(400)])
    assert error == pytest.approx(0.5 / math.sqrt(400), rel=0.1)


def test_items_that_agree_inside_a_cluster_widen_the_interval() -> None:
    values = [float(i // 10 % 2) for i in range(200)]
    apart = cluster_interval(values, [str(i) for i in range(200)])
    together = cluster_interval(values, [str(i // 10) for i in range(200)])
    assert apart is not None
    assert together is not None
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_resampling_repeats_itself() -> None:
    values, clusters = [0.0, 1.0, 1.0, 0.0, 1.0, 0.5], list("abcdef")
    first, second = cluster_means(values, clusters), cluster_means(values, clusters)
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_the_smallest_difference_by_hand() -> None:
    assert smallest_difference(0.02) == pytest.approx(0.02 * 2.801585, rel=1e-9)


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [
        (1, 12.7062047),
        (2, 4.3026527),
        (4, 2.7764451),
        (9, 2.2621572),
        (10, 2.2281389),
        (30, 2.0422725),
        (1000, 1.9623391),
    ],
)
def test_student_quantiles_as_in_tables(degrees: int, quantile: float) -> None:
    assert student_quantile(0.975, degrees) == pytest.approx(quantile, rel=1e-7)


def test_intervals_of_few_clusters_are_wider() -> None:
    # k = 5: t = 2.776 * sqrt(5 / 4) = 3.104, whose normal tail is .00095; many clusters come near .025.
    assert expanded_tail(5) == pytest.approx(0.00095, abs=2e-5)
    assert expanded_tail(2000) == pytest.approx(0.025, abs=2e-4)


def test_the_interval_covers_the_truth_with_few_clusters() -> None:
    generator = np.random.default_rng(3)
    covered, n = 0, 400
    for _ in range(n):
        centres = generator.normal(0, 1, 8)
        values = np.repeat(centres, 5) + generator.normal(0, 1, 40)
        interval = cluster_interval(list(values), [str(i // 5) for i in range(40)])
        assert interval is not None
        covered += interval.low <= 0 <= interval.high
    assert covered / n >= 0.92  # these cover .94; plain percentiles .87
