"""What the table expects of one score, and whether a score is that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isclose

from eval.metrics.metric import Metric
from eval.results import Blame
from eval.selftest.expected import SCOPE, Expected, Formula, Own, Says, best
from eval.selftest.ground import Facts
from eval.selftest.oracle import oracle
from eval.selftest.systems import System
from eval.selftest.table import ORACLE, TABLE, Declared
from eval.types import Item, NotApplicable, RunRecord, Score, Scored, Unscored

#: Sums in another order differ by less.
_NEAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that isn't as declared: ``wanted`` and ``got`` in words. Without an item it is about all of them,
    without a system about the table itself; ``more`` items go wrong in the same way.
    """

    system: str = ""
    metric: str = ""
    item: str = ""
    wanted: str
    got: str = "nothing"
    more: int = 0

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.system, self.metric, self.item)))
        others = f" (and {self.more} more items)" if self.more else ""
        return f"{where}: wanted {self.wanted}, got {self.got}{others}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a score must be: ``value`` where it is known, any value where ``scored`` and it isn't.

    ``unscored``: the metric applies, but nothing can be said. ``worse``: over all items that say so the mean is worse
    than the oracle's.
    """

    scored: bool = False
    unscored: bool = False
    value: float | None = None
    failed: bool = False
    worse: bool = False

    def __str__(self) -> str:
        if not self.scored:
            return Says.UNSCORED if self.unscored else Says.NOTHING
        return (Says.WORSE if self.worse else "some value") if self.value is None else f"{self.value:.6g}"


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with what a system handed in for it: ``item`` is what it is scored by, ``facts`` what it was before any
    damage.
    """

    system: System
    facts: Facts
    item: Item
    record: RunRecord | None
    touched: bool

    @property
    def declared(self) -> Declared:
        """The declarations that hold for it."""
        return TABLE[self.system.name] if self.touched else ORACLE

    @property
    def blame(self) -> Blame | None:
        """The stage to blame; None where nothing is said."""
        declared = self.declared
        if declared.own_blame and not self.facts.ground.own:
            return None
        wanted = declared.blame if self.item.answerable else declared.false
        return wanted if isinstance(wanted, Blame) else wanted(self.facts)


def outcome(metric: Metric, one: Judged) -> Outcome:
    """What ``metric`` must give."""
    if not SCOPE[metric.name](one.item):
        return Outcome()
    if one.declared.failed:
        return Outcome(scored=True, value=1 - best(metric.name), failed=True)
    row = one.declared.answerable if one.item.answerable else one.declared.unanswerable
    wanted = row.get(metric.name, Says.AS_ORACLE)
    if isinstance(wanted, Own) and not one.facts.ground.own:
        return Outcome(scored=True)
    if _plain(wanted) is not Says.AS_ORACLE:
        return _outcome(wanted, one.facts, lambda: one.record)
    perfect = ORACLE.answerable if one.item.answerable else ORACLE.unanswerable
    return _outcome(perfect.get(metric.name, best(metric.name)), one.facts, lambda: oracle(one.facts))


def _plain(wanted: Expected) -> float | Says | Formula:
    return wanted.value if isinstance(wanted, Own) else wanted


def _outcome(expected: Expected, facts: Facts, record: Callable[[], RunRecord | None]) -> Outcome:
    wanted = _plain(expected)
    if isinstance(wanted, Says):
        return Outcome(scored=wanted is Says.WORSE, unscored=wanted is Says.UNSCORED, worse=wanted is Says.WORSE)
    if callable(wanted):
        given = record()
        assert given is not None, "values are worked out from what was handed in"
        wanted = wanted(facts, given)
    return Outcome(scored=True, value=wanted)


def agrees(score: Score, wanted: Outcome) -> bool:
    """Whether ``score`` is what is wanted."""
    match score:
        case Scored(value, failed):
            known = wanted.value is None or near(value, wanted.value)
            return wanted.scored and known and bool(failed) == wanted.failed
        case Unscored():
            return wanted.unscored
        case NotApplicable():
            return not wanted.scored and not wanted.unscored


def near(a: float | None, b: float | None) -> bool:
    """Whether both are the same number, or both none."""
    return a is b if a is None or b is None else isclose(a, b, rel_tol=0.0, abs_tol=_NEAR)


# --- means ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominators:
    """What a mean must say; its values are None where an item's isn't known."""

    scored: int
    applicable: int
    failed: int
    value: float | None
    worst: float | None
    best: float | None

    def __str__(self) -> str:
        counts = f"{self.scored} of {self.applicable}, {self.failed} of them failed"
        return f"a mean of {self.value} over {counts}, bounds {self.worst} and {self.best}"


def denominators(metric: Metric, wanted: Sequence[Outcome]) -> Denominators:
    """The mean over ``wanted``: what can't be scored counts as worst in the one bound and as best in the other."""
    scored = [one for one in wanted if one.scored]
    values = [one.value for one in scored if one.value is not None]
    known = len(values) == len(scored)
    applicable = len(scored) + sum(one.unscored for one in wanted)

    def bound(value: float) -> float | None:
        return (sum(values) + (applicable - len(scored)) * value) / applicable if known and applicable else None

    return Denominators(
        scored=len(scored),
        applicable=applicable,
        failed=sum(one.failed for one in wanted),
        value=sum(values) / len(scored) if known and scored else None,
        worst=bound(1 - best(metric.name)),
        best=bound(best(metric.name)),
    )
