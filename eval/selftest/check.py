"""The self-test: every scripted system scored by every metric, and held against the table.

A metric without an expectation, or that no system tells from the oracle, is a finding too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from eval.metrics.all import METRICS
from eval.metrics.metric import Case, Metric
from eval.results import Blame, Mean
from eval.selftest.expected import SCOPE
from eval.selftest.ground import Ground, own
from eval.selftest.outcome import Finding, near
from eval.selftest.play import Held, Played, differences, hold
from eval.selftest.systems import SYSTEMS
from eval.selftest.whole import risk, summary
from eval.waterfall import blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a system came to: ``touched`` items of all, ``exact`` scores of which the table knows the value, its means,
    and what isn't as declared.
    """

    system: str
    touched: int
    exact: int
    means: tuple[Mean, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole self-test. ``findings`` are about the table and the set; each row has its own."""

    set: str
    items: int
    metrics: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Everything that isn't as declared; empty where all is well."""
        return (*self.findings, *(finding for row in self.rows for finding in row.findings))


def check(
    ground: Ground | None = None,
    *,
    metrics: Sequence[Metric] = METRICS,
    blamed: Callable[[Case], Blame] = blame,
) -> tuple[Finding, ...]:
    """All that isn't as declared; empty where all is well."""
    return examine(ground, metrics=metrics, blamed=blamed).all_findings


def examine(
    ground: Ground | None = None,
    *,
    metrics: Sequence[Metric] = METRICS,
    blamed: Callable[[Case], Blame] = blame,
) -> Report:
    """The self-test on ``ground``; without one on the shipped set, where all expectations are exact."""
    stood = ground or shipped()
    known = [metric for metric in metrics if metric.name in SCOPE]
    findings = [Finding(metric=metric.name, wanted="an expectation") for metric in metrics if metric.name not in SCOPE]
    every = [hold(played, known, blamed) for played in _players(stood)]
    if stood.own:
        findings += [*_alike(every, known), *_kinds(every, known)]
    return Report(
        set=stood.gold.name,
        items=len(stood.gold.items),
        metrics=tuple(metric.name for metric in metrics),
        rows=tuple(_row(held, blamed) for held in every),
        findings=tuple(findings),
    )


@lru_cache(maxsize=1)
def shipped() -> Ground:
    """The shipped set, read once."""
    return own()


@lru_cache(maxsize=1)  # who checks one metric after the other has the runs made once
def _players(stood: Ground) -> tuple[Played, ...]:
    return tuple(Played(system, stood) for system in SYSTEMS)


def _row(held: Held, blamed: Callable[[Case], Blame]) -> Row:
    return Row(
        system=held.name,
        touched=sum(one.touched for one in held.played.judged),
        exact=held.exact,
        means=held.means,
        findings=(*differences(held, blamed), *summary(held), *risk(held)),
    )


def _alike(every: Sequence[Held], metrics: Sequence[Metric]) -> Iterator[Finding]:
    """Metrics by which every system is said to be as good as the oracle: such a metric could measure anything."""
    oracle = every[0].wanted
    for metric in metrics:
        told = any(
            one.worse or (None not in (one.value, best.value) and not near(one.value, best.value))
            for held in every
            for one, best in zip(held.wanted[metric.name], oracle[metric.name], strict=True)
        )
        if not told:
            yield Finding(metric=metric.name, wanted="a system that it tells from the oracle")


def _kinds(every: Sequence[Held], metrics: Sequence[Metric]) -> Iterator[Finding]:
    """Metrics that call themselves binary and aren't, or don't and are: they are compared by another test."""
    for metric in metrics:
        values = {one.value for held in every for one in held.wanted[metric.name] if one.value is not None}
        if metric.binary != (values <= {0.0, 1.0}):
            yield Finding(metric=metric.name, wanted=f"binary: {not metric.binary}", got=f"binary: {metric.binary}")
