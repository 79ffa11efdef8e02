"""What scoring gives: a result for each item, means that carry their denominators, and the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eval.types import Score


class Blame(StrEnum):
    """Where an item went wrong, found by span arithmetic alone; the first stage that lost the evidence is blamed."""

    NONE = "right"
    HARNESS = "harness error"
    NOT_IN_CORPUS = "not in the corpus"
    ARTICLE_NOT_RETRIEVED = "article not retrieved"
    EVIDENCE_NOT_RETRIEVED = "evidence not retrieved"
    DROPPED = "dropped before reading"
    OVER_REFUSED = "over-refused"
    NOT_CITED = "read but not cited"
    WRONG = "cited but answer wrong"
    FALSE_ANSWER = "false answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """All scores of one item by the metrics' names, and what is to blame where it failed."""

    id: str
    scores: Mapping[str, Score]
    blame: Blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean with what stands behind it.

    ``applicable`` items are in the denominator: ``scored`` of them have a value (``failed`` of these the worst one,
    because the run lacks them or the system failed), the others are unscored. ``value`` is the mean of those scored
    (None where there is none); ``worst`` and ``best`` take the unscored as wrong and as right. ``low`` and ``high``:
    95 % interval by bootstrap over clusters, None where there are too few clusters for one.
    """

    metric: str
    value: float | None
    scored: int
    applicable: int
    failed: int
    worst: float | None
    best: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The means of a part of the items: ``kind`` is ``"category"``, ``"split"``, ``"type"`` or ``"why"``."""

    kind: str
    name: str
    items: int
    means: tuple[Mean, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliance:
    """What confidences are worth, over the ``answers`` given that can be judged; ``without`` of them have none.

    ``aurc`` is the area under the risk-coverage curve, ``excess_aurc`` what of it a better order could save,
    ``calibration_error`` the expected one; None without anything to make them of. ``coverage_at`` maps a risk to the
    share of the answers, the surest first, up to which no more than that are wrong.
    """

    answers: int
    without: int
    aurc: float | None
    excess_aurc: float | None
    calibration_error: float | None
    coverage_at: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A scored run in numbers. The same records and gold give the same summary, byte for byte; it holds no times.

    ``missing`` items aren't in the run, ``errors`` failed in it, ``unknown`` records are of no item; ``quarantined``
    spans don't stand in the corpus any more, ``moved`` ones were found elsewhere. ``unhidden`` are answered although
    their evidence was hidden.
    """

    set: str
    system: str
    gold_sha256: str
    corpus_sha256: str
    records_sha256: str
    items: int
    answerable: int
    answered: int
    missing: tuple[str, ...]
    errors: tuple[str, ...]
    unknown: tuple[str, ...]
    quarantined: tuple[str, ...]
    moved: int
    means: tuple[Mean, ...]
    groups: tuple[Group, ...]
    blames: Mapping[str, int]
    unhidden: tuple[str, ...]
    reliance: Reliance | None = None

    def mean(self, metric: str) -> Mean | None:
        """The mean of a metric by name."""
        return next((mean for mean in self.means if mean.metric == metric), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One bound of a gate and what a run shows against it. ``bound`` is ``"floor"`` or ``"ceiling"``.

    ``got`` is the mean's worst bound (None where no item could be scored, which meets nothing) over ``applicable``
    items, ``scored`` of which have a value. ``text`` says it in one line.
    """

    metric: str
    bound: str
    wanted: float
    got: float | None
    met: bool
    text: str
    scored: int = 0
    applicable: int = 0
