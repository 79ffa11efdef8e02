"""Fusion and collapse of copies: exact values, and what is never a copy."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.duplicates import print_of, same
from qa.retrieve.fusion import reciprocal_ranks, weighted_sum

REPORT = (
    "The harbour board of Selm agreed on Tuesday to lengthen the north pier by 40 metres, after months of talks with"
    " the fishing fleet, which has asked for more room since the cannery opened its second hall last spring."
)


def test_reciprocal_ranks_by_hand() -> None:
    scores = reciprocal_ranks([[7, 8], [8, 9]], k=60)
    assert scores == pytest.approx({7: 1 / 61, 8: 1 / 62 + 1 / 61, 9: 1 / 62})


def test_weighted_sum_by_hand() -> None:
    scores = weighted_sum({1: 8.0, 2: 4.0}, {1: 0.5, 2: 0.5, 3: 0.9}, lexical=0.25)
    assert scores == pytest.approx({1: 0.25 + 0.375, 2: 0.125 + 0.375, 3: 0.675})


def test_weighted_sum_does_not_blow_up_what_means_nothing() -> None:
    assert weighted_sum({1: 1e-6}, {}, lexical=0.3)[1] < 1e-6


def test_weighted_sum_without_any_word_found() -> None:
    assert weighted_sum({}, {1: 0.4}, lexical=0.3) == pytest.approx({1: 0.28})


@given(st.lists(st.integers(0, 50), unique=True), st.lists(st.integers(0, 50), unique=True))
def test_better_in_both_is_better(one: list[int], other: list[int]) -> None:
    scores = reciprocal_ranks([one, other])
    for better, worse in pairwise(one):
        if better in other and worse in other and other.index(better) < other.index(worse):
            assert scores[better] > scores[worse]


@pytest.mark.parametrize(
    "other",
    [REPORT, REPORT.upper(), REPORT.replace("fishing fleet", "trawler fleet"), REPORT.replace(" last spring", "")],
)
def test_copies(other: str) -> None:
    assert same(print_of(REPORT), print_of(other))


@pytest.mark.parametrize(
    "other",
    [
        REPORT.replace("40 metres", "60 metres"),
        REPORT.replace("agreed on Tuesday", "has not agreed"),
        REPORT.replace("of Selm", "of Orsa"),
        REPORT
        + " Elsewhere on the coast nothing was agreed by then, and the boats that need room lie at anchor for days.",
        "Nothing in common with the harbour board of Selm.",
    ],
)
def test_what_is_no_copy(other: str) -> None:
    assert not same(print_of(REPORT), print_of(other))


def test_two_texts_without_words_are_no_copies_of_a_text() -> None:
    assert not same(print_of(""), print_of(REPORT))
