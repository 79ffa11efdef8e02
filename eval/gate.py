"""A run against the bounds of its set: what is met, what isn't, and whether the run is whole.

Bounds stand in a file (:mod:`eval.gatefile`) and are written by :mod:`eval.pins`. A mean meets a bound by its worst
value, in which what couldn't be scored counts as wrong; no number meets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from eval.gatefile import Gate
from eval.metrics.metric import Metric
from eval.results import Blame, GateLine, ItemResult, Summary
from eval.scored import ScoredRun
from eval.types import HIDDEN, Item, Scored, Unscored
from qa.errors import UsageError

#: A number this close to a bound meets it: sums differ in their last bits between machines.
_SAME = 1e-9
#: So many ids are named in a line.
_NAMED = 3


class State(IntEnum):
    """How a run stands, as the exit code that says it. Gold or gates that can't be used (2) are errors, raised before
    anything is compared. A run that isn't whole is neither met nor not met: what it lacks would decide.
    """

    MET = 0
    NOT_MET = 1
    INCOMPLETE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """An item that keeps a metric from its bound. ``value`` is None where it couldn't be scored."""

    id: str
    question: str
    value: float | None
    blame: Blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A run against its gate: ``lines``, those not met first; what of the run is ``lacking``, in words; and for each
    metric that isn't met its items, worst first.
    """

    set: str
    system: str
    state: State
    lines: tuple[GateLine, ...]
    lacking: tuple[str, ...]
    failing: Mapping[str, tuple[Failing, ...]]


def check(gates: Mapping[str, Gate], scored: ScoredRun, *, metrics: Sequence[Metric]) -> Gated:
    """The run against the gate of its set; raises ``UsageError`` where there is none, or it isn't for this data."""
    gate = fitting(gates, scored.summary, metrics)
    found = lines(gate, scored.summary)
    lacking = unfinished(scored, metrics, gated={line.metric for line in found})
    unmet = {line.metric for line in found if not line.met}
    return Gated(
        set=gate.set,
        system=scored.summary.system,
        state=State.INCOMPLETE if lacking else State.NOT_MET if unmet else State.MET,
        lines=found,
        lacking=lacking,
        failing={
            metric.name: failing(metric, scored.gold.items, scored.results)
            for metric in metrics
            if metric.name in unmet
        },
    )


def fitting(gates: Mapping[str, Gate], summary: Summary, metrics: Sequence[Metric]) -> Gate:
    """The gate of the summary's set, if it is for the same data and can be read with these metrics."""
    gate = gates.get(summary.set)
    if gate is None:
        there = ", ".join(sorted(gates)) or "none"
        raise UsageError(
            "gate.no_gate",
            f"there is no gate for {summary.set!r} (there are: {there})",
            remedy="qa eval gate --pin RUN",
        )
    for what, pinned, now in (
        ("gold", gate.gold, summary.gold_sha256),
        ("corpus", gate.corpus, summary.corpus_sha256),
    ):
        if pinned != now:
            raise UsageError(
                f"gate.other_{what}",
                f"the bounds of {gate.set!r} are pinned to the {what} {pinned[:12]}..., the run is of {now[:12]}...",
                remedy="qa eval gate --pin RUN, after a look at what changed",
            )
    known = {metric.name: metric for metric in metrics}
    for bounds, higher, word in ((gate.floors, True, "floor"), (gate.ceilings, False, "ceiling")):
        for name in bounds:
            if name not in known:
                why = f"nobody knows the metric {name!r} of the gate of {gate.set!r}"
            elif known[name].higher_is_better is not higher:
                why = f"{name!r} has a {word} in the gate of {gate.set!r}, which bounds it on the wrong side"
            else:
                continue
            remedy = f'qa eval gate --pin RUN --lower {name} --because "..."'
            raise UsageError("gate.bad_metric", why, remedy=remedy)
    return gate


def lines(gate: Gate, summary: Summary) -> tuple[GateLine, ...]:
    """Each bound with what the summary has against it, those not met first, else by name."""
    bounds = [(name, "floor", wanted) for name, wanted in gate.floors.items()]
    bounds += [(name, "ceiling", wanted) for name, wanted in gate.ceilings.items()]
    found = (_line(summary, *bound) for bound in bounds)
    return tuple(sorted(found, key=lambda line: (line.met, line.metric)))


def _line(summary: Summary, metric: str, bound: str, wanted: float) -> GateLine:
    mean = summary.mean(metric)
    got = mean.worst if mean else None
    scored, applicable = (mean.scored, mean.applicable) if mean else (0, 0)
    # So that no NaN meets a bound: it is neither at least nor at most anything.
    met = got is not None and (got >= wanted - _SAME if bound == "floor" else got <= wanted + _SAME)
    shown = "no number" if got is None else f"{got:.4f}"
    sign = ">=" if bound == "floor" else "<="
    counts = f"{scored} of {applicable} items scored"
    return GateLine(
        metric=metric,
        bound=bound,
        wanted=wanted,
        got=got,
        met=met,
        text=f"{metric} {shown}, wanted {sign} {wanted:.4f} ({counts})",
        scored=scored,
        applicable=applicable,
    )


def unfinished(scored: ScoredRun, metrics: Sequence[Metric], *, gated: set[str]) -> tuple[str, ...]:
    """What a run lacks before bounds can be held against it."""
    found, manifest, summary = [], scored.run.manifest, scored.summary
    if manifest is not None and manifest.limit is not None:
        found.append(f"only {manifest.limit} items were asked (--limit)")
    if manifest is not None and manifest.split is not None:
        found.append(f"only the items of the split {manifest.split!r} were asked")
    if summary.missing:
        found.append(f"{len(summary.missing)} of {summary.items} questions aren't in it: {_named(summary.missing)}")
    about = [metric for metric in metrics if metric.needs_twin]
    if any(metric.name in gated for metric in about) or (manifest is not None and manifest.twins):
        twins = [item.id for item in scored.gold.items if any(not metric.about(item) for metric in about)]
        lost = [id for id in twins if id + HIDDEN not in scored.run.records]
        if lost:
            found.append(
                f"{len(lost)} of {len(twins)} questions weren't asked with the evidence hidden: {_named(lost)}"
            )
    return tuple(found)


def _named(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_NAMED]) + (", ..." if len(ids) > _NAMED else "")


def failing(metric: Metric, items: Sequence[Item], results: Sequence[ItemResult]) -> tuple[Failing, ...]:
    """The items that have less than the best value of ``metric``, or none: the worst first, else by id."""
    found = []
    for item, result in zip(items, results, strict=True):
        score = result.scores[metric.name]
        value = score.value if isinstance(score, Scored) else None
        if isinstance(score, Unscored) or (value is not None and value != metric.best):
            found.append(Failing(id=item.id, question=item.question, value=value, blame=result.blame))
    return tuple(sorted(found, key=lambda one: (_loss(one, metric), one.id)))


def _loss(one: Failing, metric: Metric) -> float:
    """Smaller is worse."""
    value = metric.worst if one.value is None else one.value
    return value if metric.higher_is_better else -value
