"""Dates as articles write them, read without guessing: what could be two days is no date.

``03/04/2025`` is April or March, so it is None; ``25/03/2025`` can only be one day; ``04.03.2025`` is day first
wherever dots are used. A month without a year, a year alone, an impossible day and a year after 2100 are None.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_FIRST_YEAR, _LAST_YEAR = 1500, 2100
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s{1,3})?"
_WRITTEN = (
    re.compile(rf"{_WEEKDAY}{_MONTH}\s{{1,3}}{_DAY}\s{{0,2}},?\s{{0,3}}{_YEAR}(?!\d)", re.IGNORECASE),
    re.compile(rf"{_WEEKDAY}{_DAY}[ -]{{1,3}}(?:of\s{{1,3}})?{_MONTH},?[ -]{{1,3}}{_YEAR}(?!\d)", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})年\s?(?P<day_month>\d{1,2})月\s?(?P<day>\d{1,2})日"),
)
_ISO = re.compile(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d-])")
_NUMERIC = re.compile(r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{4})(?!\d)")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T\d{4,6}Z?)?")


def read_date(text: str) -> date | None:
    """The date that ``text`` begins with, or None. What follows (a time, a zone) is ignored, what is before isn't."""
    found = date_at_start(text.strip()[:60])
    if found is not None:
        return found[0]
    compact = _COMPACT.fullmatch(text.strip())
    return _day(compact["year"], compact["month"], compact["day"]) if compact else None


def date_at_start(text: str) -> tuple[date, int] | None:
    """The date at the very start of ``text`` and the offset behind it."""
    for pattern in _WRITTEN:
        if match := pattern.match(text):
            return _found(_written(match), match.end())
    if match := _ISO.match(text):
        return _found(_day(match["year"], match["month"], match["day"]), match.end())
    if match := _NUMERIC.match(text):
        return _found(_numeric(match), match.end())
    return None


def from_number(value: float) -> date | None:
    """The date of a number in a JSON field: ``20250304``, or seconds or milliseconds since 1970 (UTC)."""
    if value == int(value) and 15_000_101 <= value <= 21_001_231:
        return read_date(str(int(value)))
    seconds = value / 1000 if value > 1e11 else value
    if not 86_400 <= seconds < 4_133_980_800:  # 1970-01-02 to the end of 2100
        return None
    return datetime.fromtimestamp(seconds, UTC).date()


def _found(day: date | None, end: int) -> tuple[date, int] | None:
    return None if day is None else (day, end)


def _written(match: re.Match[str]) -> date | None:
    named = match.groupdict().get("month")
    month = _MONTHS.index(named[:3].lower()) + 1 if named else match["day_month"]
    return _day(match["year"], month, match["day"])


def _numeric(match: re.Match[str]) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    if match["sep"] == "." or first > 12 or first == second:
        return _day(match["year"], second, first)
    return _day(match["year"], first, second) if second > 12 else None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
