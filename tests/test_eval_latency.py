"""Percentiles and means of stages, and what an answer costs in tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.latency import StageLatency, Tokens, latencies, tokens
from eval.types import Ended, RunRecord


def took(seconds: dict[str, float], *, ended: Ended = Ended.ANSWERED, tokens: int = 0) -> RunRecord:
    return RunRecord(id="q", ended=ended, seconds=seconds, tokens=tokens)


def test_percentiles_are_of_nearest_rank() -> None:
    # Of 1..10: at least 5 don't exceed 5, 9 don't exceed 9, and 9.9, so 10, don't exceed 10.
    ten = [took({"read": float(value)}) for value in (3, 1, 4, 10, 5, 9, 2, 6, 8, 7)]
    assert latencies(ten) == (StageLatency("read", 10, 5.0, 9.0, 10.0, 5.5),)
    # Of 1..200: ranks 100, 180, 198.
    many = [took({"read": float(value)}) for value in range(200, 0, -1)]
    assert latencies(many) == (StageLatency("read", 200, 100.0, 180.0, 198.0, 100.5),)


def test_each_stage_counts_the_records_that_report_it() -> None:
    records = [
        took({"search": 0.25, "read": 1.0}),
        took({"search": 0.75}, ended=Ended.ABSTAINED),
        took({}),
        took({"search": 2.0}, ended=Ended.ERROR),
    ]
    assert latencies(records) == (
        StageLatency("read", 1, 1.0, 1.0, 1.0, 1.0),
        StageLatency("search", 3, 0.75, 2.0, 2.0, 1.0),
    )
    assert latencies([]) == latencies([took({})]) == ()


@given(st.lists(st.integers(0, 20), min_size=1, max_size=50))
def test_a_percentile_is_the_least_value_that_so_many_dont_exceed(values: list[int]) -> None:
    (found,) = latencies(took({"s": float(value)}) for value in values)
    for percent, value in ((50, found.p50), (90, found.p90), (99, found.p99)):
        enough = [v for v in values if 100 * sum(other <= v for other in values) >= percent * len(values)]
        assert value == min(enough)
    assert found.mean == pytest.approx(sum(values) / len(values))


def test_an_answer_carries_the_tokens_of_abstentions_too() -> None:
    records = [
        took({}, tokens=300),
        took({}, tokens=100, ended=Ended.PARTLY),
        took({}, tokens=50, ended=Ended.ABSTAINED),
        took({}, tokens=0, ended=Ended.ERROR),
    ]
    assert tokens(records) == Tokens(total=450, answered=2, per_answer=225.0)
    assert tokens(records[2:]) == Tokens(total=50, answered=0, per_answer=None)
