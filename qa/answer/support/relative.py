"""Times that count from the day of publication: "on Wednesday", "last year", "two weeks ago", "the third quarter"."""

from __future__ import annotations

from qa.answer.support.dated import day_first, month_at, year_at
from qa.answer.support.lexicon import lexicon
from qa.answer.support.moment import SHIFTS, WEEKDAYS, Time, made
from qa.answer.support.reading import Line
from qa.statements import vocabulary as v

_SHORT_DAYS = v.words("mon tue wed thu fri sat sun tues thur thurs")
_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_PARTS = v.words("morning afternoon evening night")
_PERIODS = v.words("day week month year quarter decade century weekend summer winter spring autumn fall season")
_ENDS = v.words("end close rest start beginning half quarter months weeks part middle")


def weekday(line: Line, at: int) -> Time | None:
    """ "Wednesday", "last Wednesday"; before a date ("Wednesday, March 3") the date says more."""
    low = line.low(at)
    if low not in WEEKDAYS or not line.words[at].capital or (low in _SHORT_DAYS and line.low(at + 1) != "."):
        return None
    before = line.low(at - 1)
    shift = SHIFTS.get(before)
    step = at + 1 + (line.low(at + 1) == ",")
    if month_at(line, step) or day_first(line, step):
        return None
    return made(line, "weekday", at - (shift is not None), at + 1, day=WEEKDAYS[low], shift=shift)


def relative(line: Line, at: int) -> Time | None:
    """ "yesterday", "last year", "this week", "tonight"."""
    low, following = line.low(at), line.low(at + 1)
    if low in _DAYS:
        return made(line, "period", at, at + 1, unit="day", shift=_DAYS[low])
    if low in SHIFTS and following in _PERIODS and line.low(at - 1) != "at":
        return made(line, "period", at, at + 2, unit=following, shift=SHIFTS[low])
    if low == "this" and following in _PARTS:
        return made(line, "period", at, at + 2, unit="day", shift=0)
    if low == "the" and following in ("week", "month", "year") and line.low(at - 1) == "of":
        ends = line.low(at - 2) in _ENDS
        return made(line, "period", at, at + 2, unit=following, shift=0) if ends else None
    if low == "last" and following == "night":
        return made(line, "period", at, at + 2, unit="day", shift=-1)
    return None


def ago(line: Line, at: int) -> Time | None:
    """ "three years ago", "a week earlier" (only "ago" counts from the article's day)."""
    small = lexicon().numbers.small
    word = line.words[at]
    number = int(word.text) if word.kind == "number" and word.text.isdigit() and len(word.text) < 4 else 0
    number = number or small.get(word.low, 1 if word.low in ("a", "an") else 0)
    unit = line.low(at + 1).removesuffix("s")
    if not number or unit not in ("day", "week", "month", "year", "decade", "hour", "minute", "century"):
        return None
    return made(line, "ago", at, at + 3, unit=unit, shift=number) if line.low(at + 2) == "ago" else None


def quarter(line: Line, at: int) -> Time | None:
    """ "the third quarter", "Q3"."""
    low = line.low(at)
    if len(low) == 2 and low[0] == "q" and low[1] in "1234" and line.words[at].capital:
        return made(line, "quarter", at, at + 1, unit=low[1], year=year_at(line, at + 1) or None)
    number = {"first": "1", "second": "2", "third": "3", "fourth": "4"}.get(low)
    if number is None or line.low(at + 1) != "quarter":
        return None
    return made(line, "quarter", at, at + 2, unit=number)
