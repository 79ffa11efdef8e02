"""Lines of the reader's table: what was measured, beside the floor, the bar and the aim; and what numbers are made by.

What is measured is the business of the other ``reader_`` modules.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTHS = (84, 9, 7, 8, 8, 8, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What a number is held against. ``floor`` was measured before there was a reader. Where ``lower``, less is better.

    Where ``strict``, the bar must be passed and not only reached.
    """

    floor: float | None = None
    bar: float | None = None
    aim: float | None = None
    lower: bool = False
    strict: bool = False

    @property
    def sign(self) -> str:
        """How the number must stand to the bar."""
        return ("<" if self.lower else ">") + ("" if self.strict else "=")

    def verdict(self, value: float) -> str:
        """``"met"``, ``"met, aim"`` or ``"MISSED"``; empty without a bar, or without a value."""
        if self.bar is None or math.isnan(value):
            return ""
        if not self._reaches(value, self.bar, strict=self.strict):
            return "MISSED"
        return "met, aim" if self.aim is not None and self._reaches(value, self.aim, strict=False) else "met"

    def _reaches(self, value: float, wanted: float, *, strict: bool) -> bool:
        gain = wanted - value if self.lower else value - wanted
        return gain > 0 if strict else gain >= 0


NONE = Bars()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number of the table, over ``n`` items. ``value`` is NaN where nothing was measured; ``note`` then says why.

    ``digits`` are those behind the point.
    """

    what: str
    value: float = math.nan
    n: int = 0
    bars: Bars = NONE
    digits: int = 3
    note: str = ""

    def __str__(self) -> str:
        bars = self.bars
        bar = f"{bars.sign} {self._shown(bars.bar)}" if bars.bar is not None else ""
        cells = (self._shown(self.value), self._shown(bars.floor), bar, self._shown(bars.aim))
        verdict = bars.verdict(self.value)
        return f"{_row(self.what, *cells, verdict, str(self.n))}  {self.note}".rstrip()

    def _shown(self, number: float | None) -> str:
        if number is None:
            return ""
        return "-" if math.isnan(number) else f"{number:.{self.digits}f}"


def header() -> str:
    """The names of the columns, underlined."""
    return f"{_row('what', 'measured', 'floor', 'bar', 'aim', '', 'n')}\n{' '.join('-' * width for width in _WIDTHS)}"


def _row(what: str, *cells: str) -> str:
    return " ".join(
        [f"{what:<{_WIDTHS[0]}}", *(f"{cell:>{width}}" for cell, width in zip(cells, _WIDTHS[1:], strict=True))]
    )


def mean(values: Sequence[float]) -> float:
    """The mean; NaN of nothing."""
    return math.fsum(values) / len(values) if values else math.nan


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The share of pairs in which the positive scores above the negative, ties half (Mann and Whitney's U); NaN without
    a pair.
    """
    if not positive or not negative:
        return math.nan
    ordered = sorted(negative)
    above = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in positive)
    return above / (2 * len(positive) * len(negative))
