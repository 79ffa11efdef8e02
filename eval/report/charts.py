"""The charts' geometry: where bars, curves, points and ticks stand. The template draws them as SVG.

Shares are in 0..1; coordinates are in the units of a chart's view box, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from eval.results import Blame

T = TypeVar("T")

#: The view box of a plot, and the room around its axes for labels.
WIDTH, HEIGHT = 400, 300
LEFT, RIGHT, TOP, BOTTOM = 50, 14, 12, 48
#: The radius of a dot that stands for all items, and the smallest one.
LARGEST, SMALLEST = 12.0, 2.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the waterfall: ``count`` items, drawn from ``start`` to ``start + share`` of the width.

    ``kind`` is ``"all"``, ``"lost"`` or ``"right"``.
    """

    label: str
    count: int
    share: float
    start: float
    kind: str


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a curve."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A point for which ``n`` items stand, drawn with an area that grows with their number."""

    x: float
    y: float
    n: int
    radius: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled position on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Axes from 0: x to 1, y to ``highest``."""

    highest: float = 1.0

    def x(self, value: float) -> float:
        """The x coordinate of a value."""
        return round(LEFT + value * (WIDTH - LEFT - RIGHT), 2)

    def y(self, value: float) -> float:
        """The y coordinate of a value."""
        return round(HEIGHT - BOTTOM - value / self.highest * (HEIGHT - TOP - BOTTOM), 2)

    @property
    def x_ticks(self) -> tuple[Tick, ...]:
        """Quarters."""
        return tuple(Tick(self.x(i / 4), f"{i / 4:.2f}") for i in range(5))

    @property
    def y_ticks(self) -> tuple[Tick, ...]:
        """Five, from 0 to the highest value."""
        places = 3 if self.highest < 0.2 else 2
        return tuple(Tick(self.y(self.highest * i / 4), f"{self.highest * i / 4:.{places}f}") for i in range(5))

    def path(self, points: Sequence[Point]) -> str:
        """An SVG path through ``points``."""
        return "".join(f"{'L' if i else 'M'}{self.x(one.x)} {self.y(one.y)}" for i, one in enumerate(points))


def waterfall(blames: Mapping[str, int]) -> tuple[Bar, ...]:
    """All items, then what each stage lost (stages that lost nothing left out), then what is left: right and proved."""
    whole = sum(blames.values())
    if not whole:
        return ()
    stages = [blame.value for blame in Blame if blame is not Blame.NONE]
    known = {*stages, Blame.NONE.value}
    lost = [*stages, *sorted(set(blames) - known)]
    bars, left = [Bar("all items", whole, 1.0, 0.0, "all")], whole
    for label in lost:
        if count := blames.get(label, 0):
            left -= count
            bars.append(Bar(label, count, count / whole, left / whole, "lost"))
    bars.append(Bar("right and proved", left, left / whole, 0.0, "right"))
    return tuple(bars)


def scale(values: Sequence[float]) -> float:
    """The end of an axis that holds ``values``, all in 0..1: one of a few round numbers."""
    most = max(values, default=1.0)
    return next(end for end in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if most <= end or end == 1.0)


def dots(points: Sequence[tuple[float, float, int]]) -> tuple[Dot, ...]:
    """Each (x, y, n) as a dot."""
    whole = sum(n for _, _, n in points)
    return tuple(Dot(x, y, n, round(max(SMALLEST, LARGEST * math.sqrt(n / whole)), 2)) for x, y, n in points)


def thinned(points: Sequence[T], most: int) -> tuple[T, ...]:
    """At most ``most`` (at least 2) of ``points``, evenly drawn, the first and the last among them."""
    if len(points) <= most:
        return tuple(points)
    step = (len(points) - 1) / (most - 1)
    return tuple(points[round(i * step)] for i in range(most))
