"""A scripted system's run over a set, and its scores item by item held against what is expected of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from eval.metrics.metric import Case, Metric
from eval.results import Blame, ItemResult, Mean
from eval.score import score
from eval.selftest.expected import best
from eval.selftest.ground import Ground
from eval.selftest.outcome import Denominators, Finding, Judged, Outcome, agrees, denominators, near, outcome
from eval.selftest.systems import System
from eval.summary import means
from eval.types import GoldSet, NotApplicable, RunRecord, Score, Scored, Unscored

_SAME = "the same in any order"


@dataclass(frozen=True)
class Played:
    """A system's run, with the gold that it is scored against."""

    system: System
    ground: Ground

    @cached_property
    def records(self) -> Mapping[str, RunRecord]:
        """What the system handed in."""
        return self.system.records(self.ground)

    @cached_property
    def gold(self) -> GoldSet:
        """Gold, with whatever damage the system stands for."""
        return self.system.gold(self.ground)

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The items in gold's order."""
        facts = {one.item.id: one for one in self.ground.facts}
        return tuple(
            Judged(self.system, facts[item.id], item, self.records.get(item.id), self.system.touches(facts[item.id]))
            for item in self.gold.items
        )


@dataclass(frozen=True, kw_only=True)
class Held:
    """A run scored, with what was wanted of each item by each metric."""

    played: Played
    metrics: tuple[Metric, ...]
    results: tuple[ItemResult, ...]
    means: tuple[Mean, ...]
    wanted: Mapping[str, tuple[Outcome, ...]]

    @property
    def name(self) -> str:
        """The system's name."""
        return self.played.system.name

    @property
    def exact(self) -> int:
        """How many scores have a value that is known."""
        return sum(one.value is not None for wanted in self.wanted.values() for one in wanted)


def hold(played: Played, metrics: Sequence[Metric], blamed: Callable[[Case], Blame]) -> Held:
    """Score a run."""
    gold, corpus = played.gold, played.ground.corpus
    results = score(gold, corpus, played.records, metrics=metrics, blamed=blamed)
    return Held(
        played=played,
        metrics=tuple(metrics),
        results=results,
        means=means(gold.items, results, metrics=metrics),
        wanted={metric.name: tuple(outcome(metric, one) for one in played.judged) for metric in metrics},
    )


def differences(held: Held, blamed: Callable[[Case], Blame]) -> Iterator[Finding]:
    """Scores, means and blames that aren't as declared, or depend on the order of the items."""
    for metric, mean in zip(held.metrics, held.means, strict=True):
        yield from tuple(_scores(held, metric)) or _mean(held, metric, mean)
    yield from _blames(held)
    if held.played.ground.own:  # no other set could say more about it
        yield from _order(held, blamed)


# --- by item ----------------------------------------------------------------------------------------------------------


def _scores(held: Held, metric: Metric) -> Iterator[Finding]:
    """One finding for each kind of difference, with the first item that shows it."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    worse: list[Score] = []
    for result, wanted in zip(held.results, held.wanted[metric.name], strict=True):
        got = result.scores[metric.name]
        if not agrees(got, wanted):
            alike[str(wanted), _said(got)].append(result.id)
        worse += [got] if wanted.worse else []
    for (wanted_text, got_text), ids in alike.items():
        yield Finding(
            system=held.name, metric=metric.name, item=ids[0], wanted=wanted_text, got=got_text, more=len(ids) - 1
        )
    if worse and all(isinstance(got, Scored) and near(got.value, best(metric.name)) for got in worse):
        yield Finding(system=held.name, metric=metric.name, wanted="worse than the oracle", got="the oracle's values")


def _said(score: Score) -> str:
    match score:
        case Scored(value, failed):
            return f"{value:.6g}" + (f" ({failed})" if failed else "")
        case Unscored(reason):
            return f"unscored ({reason})"
        case NotApplicable(reason):
            return f"not applicable ({reason})"


def _blames(held: Held) -> Iterator[Finding]:
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for result, one in zip(held.results, held.played.judged, strict=True):
        if one.blame not in (None, result.blame):
            alike[str(one.blame), str(result.blame)].append(result.id)
    for (wanted, got), ids in alike.items():
        yield Finding(system=held.name, metric="blame", item=ids[0], wanted=wanted, got=got, more=len(ids) - 1)


# --- by metric --------------------------------------------------------------------------------------------------------


def _mean(held: Held, metric: Metric, mean: Mean) -> Iterator[Finding]:
    """The mean's denominators and bounds, worked out from what was wanted."""
    wanted = denominators(metric, held.wanted[metric.name])
    got = Denominators(
        scored=mean.scored,
        applicable=mean.applicable,
        failed=mean.failed,
        value=mean.value if wanted.value is not None or not wanted.scored else None,
        worst=mean.worst if wanted.worst is not None or not wanted.applicable else None,
        best=mean.best if wanted.best is not None or not wanted.applicable else None,
    )
    if not all(near(getattr(wanted, field.name), getattr(got, field.name)) for field in fields(wanted)):
        yield Finding(system=held.name, metric=metric.name, wanted=str(wanted), got=str(got))
    low, high = mean.low, mean.high
    if low is not None and high is not None and not -1e-9 <= low <= high <= 1 + 1e-9:
        yield Finding(system=held.name, metric=metric.name, wanted="an interval inside 0..1", got=f"{low}..{high}")


# --- in another order -------------------------------------------------------------------------------------------------


def _order(held: Held, blamed: Callable[[Case], Blame]) -> Iterator[Finding]:
    """The same run with items and records from the last to the first."""
    played = held.played
    gold = replace(played.gold, items=played.gold.items[::-1])
    records = dict(reversed(list(played.records.items())))
    turned = score(gold, played.ground.corpus, records, metrics=held.metrics, blamed=blamed)
    turned_means = means(gold.items, turned, metrics=held.metrics)
    for metric, mean, turned_mean in zip(held.metrics, held.means, turned_means, strict=True):
        pairs = zip(held.results, reversed(turned), strict=True)
        moved = [one.id for one, other in pairs if one.scores[metric.name] != other.scores[metric.name]]
        if moved or not all(near(a, b) for a, b in zip(_numbers(mean), _numbers(turned_mean), strict=True)):
            yield Finding(
                system=held.name, metric=metric.name, item=next(iter(moved), ""), wanted=_SAME, got="something else"
            )


def _numbers(mean: Mean) -> tuple[float | None, ...]:
    return (mean.value, mean.worst, mean.best, mean.low, mean.high, mean.scored, mean.applicable, mean.failed)
