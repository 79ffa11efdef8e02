"""The confidence: how the scorer's probabilities become how often answers are right."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench.scorer_calibrate import COST, Confidence, break_even, platt, write
from qa.answer.weights import shipped_weights, sigmoid


def test_what_was_put_in_is_found_again() -> None:
    rng = np.random.default_rng(5)
    logits = rng.normal(0.5, 2.0, 20_000)
    right = rng.random(20_000) < 1 / (1 + np.exp(-(0.6 * logits - 0.8)))
    assert platt(logits, right) == (pytest.approx(0.6, abs=0.03), pytest.approx(-0.8, abs=0.05))


def test_a_small_sample_is_never_certain() -> None:
    slope, shift = platt(np.array([-1.0, -0.5, 0.5, 1.0]), np.array([False, False, True, True]))
    assert 0 < slope < 10  # without Platt's targets there is no end to it
    assert 0.5 < sigmoid(slope * 1.0 + shift) < 0.9


def test_the_threshold_is_where_both_are_worth_the_same() -> None:
    threshold = break_even((0.8, -0.4), (-0.6, 0.3))
    logit = (math.log(threshold / (1 - threshold)) + 0.4) / 0.8
    right, nothing = threshold, sigmoid(-0.6 * logit + 0.3)
    assert right - COST * (1 - right) == pytest.approx(nothing, abs=0.02)


@pytest.mark.parametrize(("right", "nothing"), [((-0.2, 0.0), (-0.3, 0.0)), ((0.2, 0.0), (0.3, 0.0))])
def test_confidences_that_tell_nothing_give_no_threshold(
    right: tuple[float, float], nothing: tuple[float, float]
) -> None:
    with pytest.raises(ValueError, match="no threshold"):
        break_even(right, nothing)


@pytest.mark.parametrize("right", [True, False])
def test_one_kind_of_answer_alone_tells_nothing(right: bool) -> None:
    with pytest.raises(ValueError, match="the same"):
        platt(np.array([0.0, 1.0]), np.array([right, right]))


def test_it_is_written_beside_the_weights(tmp_path: Path) -> None:
    path = tmp_path / "scorer.toml"
    path.write_text(
        "# kept\n[confidence]\nslope = 1.0\nshift = 0.0\nthreshold = 0.5\n\n[sentence]\nbias = -1.5\n", encoding="utf-8"
    )
    write(path, Confidence(slope=0.75, shift=-0.25, threshold=0.4, answers=90, right=40))
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text)
    assert text.startswith("# kept")
    assert document["sentence"] == {"bias": -1.5}
    assert {key: document["confidence"][key] for key in ("slope", "shift", "threshold", "answers", "right")} == {
        "slope": 0.75, "shift": -0.25, "threshold": 0.4, "answers": 90, "right": 40,
    }  # fmt: skip


def test_the_shipped_confidence_was_calibrated() -> None:
    weights = shipped_weights()
    assert (weights.slope, weights.shift) != (1.0, 0.0)
    assert weights.slope > 0


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_likely_is_never_less_sure(one: float, other: float) -> None:
    weights = replace(shipped_weights(), slope=0.7, shift=-0.3)
    low, high = sorted((one, other))
    assert 0.0 <= weights.confidence(low) <= weights.confidence(high) <= 1.0
