"""A time as a sentence says it, before it is known which day that is."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer.support.reading import Line
from qa.statements import vocabulary as v

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
#: Months by name and by short name, from 1.
MONTHS = {name[:size]: n for n, name in enumerate(_MONTH_NAMES, 1) for size in (3, 9)} | {"sept": 9}
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Days of the week, Monday being 0.
WEEKDAYS = {form: n for n, name in enumerate(_DAY_NAMES) for form in (name, f"{name}s", name[:3])}
WEEKDAYS |= {"tues": 1, "thur": 3, "thurs": 3}
SHIFTS = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "past": -1}
#: A preposition says where in time the thing lies from the date.
_PLACES = {
    "since": "since", "from": "since", "until": "until", "till": "until", "before": "before", "by": "by",
    "starting": "since", "after": "after", "following": "after",
}  # fmt: skip
_LOOSE = v.words("early late mid - the end middle beginning start of on in at , around about")


@dataclass(frozen=True, slots=True)
class Time:
    """A time in words ``[first, last)``: ``kind`` is ``"date"`` (as far as ``year``, ``month``, ``day`` are known),
    ``"weekday"`` (``day``: 0 for Monday; ``shift`` as below), ``"period"`` (``unit`` and ``shift``: -1 for last, 0 for
    this, 1 for next), ``"ago"`` (``shift`` units back), ``"decade"`` (``year``), ``"clock"`` or ``"quarter"``.

    ``words`` is it in plain words; ``place`` is ``"at"``, ``"since"``, ``"until"``, ``"before"``, ``"by"``,
    ``"after"``.
    """

    kind: str
    first: int
    last: int
    words: str
    place: str = "at"
    year: int | None = None
    month: int | None = None
    day: int | None = None
    shift: int | None = None
    unit: str = ""


def made(line: Line, kind: str, first: int, last: int, **parts: int | str | None) -> Time:
    """The time in words ``[first, last)``, its place told by the preposition before it."""
    before = first - 1
    while before >= 0 and line.low(before) in _LOOSE and first - before < 5:
        before -= 1
    place = _PLACES.get(line.low(before), "at")
    if line.low(before + 1) == "beginning" and line.low(before + 2) in ("in", "on"):
        place = "since"
    if line.low(before) == "from" and "to" in (line.low(last), line.low(last + 1)):
        place = "at"  # "from 2010 to 2013" is when it was
    words = " ".join(line.low(step) for step in range(first, last))
    return Time(kind, first, last, words, place, **parts)  # type: ignore[arg-type]
