"""Typed values in an answer: numbers, money, percent, dates, durations, found by a parser of the suite's own.

English as news writes it. A value is never read out of the middle of a longer number, and takes linear time.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from eval.metrics import units
from eval.metrics.dates import Dated, dates, is_date, meets
from eval.metrics.figures import Amount, amounts
from eval.metrics.lexemes import Lexemes
from eval.metrics.metric import Case, Metric
from eval.metrics.shown import texts
from eval.types import Item, Score, Scored, Unscored, Value

_OPEN = ("", Decimal(1))
_POINTS = ("points", "percentage points", "percentage point", "pp")
KINDS = ("number", "money", "percent", "date", "duration")


@dataclass(frozen=True, slots=True)
class Found:
    """A value in ``text[start:end]``. ``kind`` as in gold.

    ``value``: a decimal number (durations in seconds), or a date as ISO has it, ``--06-01`` where no year is said.
    ``unit``: a currency's code, ``%`` or ``points``, ``s``, a unit of measure as written, or nothing.
    """

    kind: str
    value: str
    unit: str
    start: int
    end: int


def values_in(text: str) -> list[Found]:
    """All values in ``text``, in order. Four digits may be a year and a number: then both are found."""
    return list(_values_in(text))


@lru_cache(maxsize=1_024)
def _values_in(text: str) -> tuple[Found, ...]:
    lexemes = Lexemes(text)
    figures, dated = amounts(lexemes), dates(lexemes)
    in_dates = {at for one in dated if not one.is_year for at in range(one.first, one.after)}
    in_typed = {at for one in figures if not one.bare for at in range(one.first, one.after)}
    found = [
        _amount(one, lexemes) for one in figures if not one.bare or in_dates.isdisjoint((one.first, one.after - 1))
    ]
    found += [_date(one, lexemes) for one in dated if not (one.is_year and one.first in in_typed)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.kind, one.value)))


def _amount(one: Amount, lexemes: Lexemes) -> Found:
    return Found(one.kind, _plain(one.number), one.unit, lexemes[one.first].start, lexemes[one.after - 1].end)


def _date(one: Dated, lexemes: Lexemes) -> Found:
    return Found("date", one.iso, "", lexemes[one.first].start, lexemes[one.after - 1].end)


def _plain(number: Decimal) -> str:
    """A decimal number without exponent and without zeros at its end."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


# --- compared ---------------------------------------------------------------------------------------------------------


def given(value: Value, text: str) -> bool:
    """Whether ``text`` gives ``value`` within its tolerance; never where gold's value can't be read.

    Units must agree: percentage points aren't percent, crowns aren't dollars. Money and numbers of which gold names no
    unit are met in any; what a number counts ("people") isn't looked at. Dates: see :func:`eval.metrics.dates.meets`.
    """
    if fault(value):
        return False
    if value.kind == "date":
        return any(
            meets(found.value, value.value, value.tolerance) for found in values_in(text) if found.kind == "date"
        )
    return any(found.kind == value.kind and _agrees(found, value) for found in values_in(text))


def _agrees(found: Found, value: Value) -> bool:
    """Whether a figure found is the gold value: the same unit, or one that gold leaves open, and near enough."""
    (unit, one), (their_unit, their_one) = _gold_unit(value), _found_unit(found)
    if value.kind == "number" and not unit:
        if value.unit and their_unit:
            return False  # 310 km aren't 310 people
        their_one = Decimal(1)
    elif unit and unit != their_unit:
        return False
    slack = Decimal(str(value.tolerance)) * one
    return abs(Decimal(found.value) * their_one - Decimal(value.value) * one) <= slack


def fault(value: Value) -> str:
    """Why no answer can ever give ``value``; empty if one can."""
    if value.kind not in KINDS:
        return f"is of an unknown kind; known are {', '.join(KINDS)}"
    if not 0 <= value.tolerance < float("inf"):
        return f"has a tolerance of {value.tolerance}"
    if value.kind == "date":
        return "" if is_date(value.value) and not value.value.startswith("--") else "isn't an ISO date"
    try:
        finite = Decimal(value.value).is_finite() and abs(Decimal(value.value).adjusted()) < 100
    except InvalidOperation:
        finite = False
    if not finite:
        return "isn't a decimal number"
    if value.kind == "duration" and value.unit.casefold() not in units.TIME:
        return f"has no unit of time: {value.unit!r}"
    if value.kind == "money" and value.unit and units.currency(value.unit) is None:
        return f"is in an unknown currency: {value.unit!r}"
    return ""


def _gold_unit(value: Value) -> tuple[str, Decimal]:
    """The base unit of a gold value, and what one of its own unit is in it; none where gold leaves the unit open."""
    name = value.unit.casefold()
    if value.kind == "duration":
        return units.TIME[name]
    if value.kind == "money":
        return units.currency(name) or _OPEN
    if value.kind == "percent":
        return "points" if name in _POINTS else "%", Decimal(1)
    return units.MEASURES.get(name, _OPEN)


def _found_unit(found: Found) -> tuple[str, Decimal]:
    return units.MEASURES.get(found.unit, _OPEN) if found.kind == "number" else (found.unit, Decimal(1))


# --- the metric -------------------------------------------------------------------------------------------------------


def _score(case: Case) -> Score:
    for value in case.item.values:
        if why := fault(value):
            return Unscored(f"gold's {value.kind} {value.value!r} {why}")
    said = texts(case)
    return Scored(float(all(any(given(value, text) for text in said) for value in case.item.values)))


def _about(item: Item) -> str:
    if not item.answerable:
        return "the question has no answer"
    return "" if item.values else "gold has no typed values"


METRIC = Metric(
    name="values",
    definition="1 where the answer gives every typed value of gold, in its unit, within its tolerance.",
    source="own",
    about=_about,
    score=_score,
    binary=True,
)
