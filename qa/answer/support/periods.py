"""Which days a time means: what is relative counts from the day on which the article was published, as news uses it.

"On Wednesday" is the last one up to that day, or the next one where the sentence looks ahead.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from qa.answer.support.moment import Time

Period = tuple[date, date]


def period_of(time: Time, published: date | None, *, ahead: bool) -> Period | None:
    """The first and the last day of a time; ``published`` is what it counts from, ``ahead`` whether it's to come.

    ``None`` where it can't be known, or lies beyond the calendar ("five thousand years ago").
    """
    try:
        return _period_of(time, published, ahead=ahead)
    except (ValueError, OverflowError):  # years before 1 and after 9999
        return None


def _period_of(time: Time, published: date | None, *, ahead: bool) -> Period | None:
    if time.kind == "date" and time.year is not None:
        return _of(time.year, time.month, time.day)
    if time.kind == "decade" and time.year is not None:
        return date(time.year, 1, 1), date(time.year + 9, 12, 31)
    if published is None:
        return None
    if time.kind == "date" and time.month is not None:
        return _near(published, time, ahead=ahead)
    if time.kind == "weekday" and time.day is not None:
        return _weekday_near(published, time, ahead=ahead)
    if time.kind == "period":
        return _shifted(published, time.unit, time.shift or 0)
    return _back(published, time) if time.kind == "ago" else None


def _of(year: int, month: int | None, day: int | None) -> Period:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _near(published: date, time: Time, *, ahead: bool) -> Period | None:
    """The last such month or day up to the article's day, or the next from it on; "last March" and "next March" too."""
    ahead = time.shift == 1 or (ahead and time.shift != -1)
    years = (published.year, published.year + 1) if ahead else (published.year, published.year - 1)
    for year in years:
        if exists(year, time.month or 1, time.day or 1):
            first, last = _of(year, time.month, time.day)
            if (last >= published) if ahead else (first <= published):
                return first, last
    return None


def _weekday_near(published: date, time: Time, *, ahead: bool) -> Period:
    back = (published.weekday() - (time.day or 0)) % 7
    if time.shift == -1:
        back = back or 7
    if time.shift == 1 or (time.shift == 0 and back) or (time.shift is None and ahead and back):
        back -= 7
    day = published - timedelta(days=back)
    return day, day


def _shifted(published: date, unit: str, shift: int) -> Period | None:
    if unit == "day":
        day = published + timedelta(days=shift)
        return day, day
    if unit in ("week", "weekend"):
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=shift)
        return monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6)
    if unit == "month":
        return _of(*_month_back(published, -shift), None)
    if unit == "year":
        return _of(published.year + shift, None, None)
    return None


def _back(published: date, time: Time) -> Period | None:
    number = time.shift or 0
    if time.unit == "day":
        day = published - timedelta(days=number)
        return day, day
    if time.unit in ("hour", "minute"):
        return published - timedelta(days=1), published
    if time.unit == "month":
        return _of(*_month_back(published, number), None)
    if time.unit == "year":
        return _of(published.year - number, None, None)
    return None


def _month_back(published: date, number: int) -> tuple[int, int]:
    months = published.year * 12 + published.month - 1 - number
    return months // 12, months % 12 + 1


def exists(year: int | None, month: int, day: int) -> bool:
    """Whether there is such a day; without a year, in a leap year."""
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2000, month)[1]
