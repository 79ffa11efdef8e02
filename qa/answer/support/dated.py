"""Dates in a sentence: "1 June 2025", "June 1", "2014", "2014-15", "the 1990s"."""

from __future__ import annotations

from qa.answer.support.lexicon import lexicon
from qa.answer.support.moment import MONTHS, SHIFTS, Time, made
from qa.answer.support.periods import exists
from qa.answer.support.reading import Line
from qa.statements import vocabulary as v

_VERBS = frozenset(("may", "march", "mar"))
_BEFORE_YEARS = v.words(
    "in since by until till from to of during before after the around early late mid between through throughout "
    "fiscal and its their for year"
)
EARLIEST, LATEST = 1100, 2199


def numeric_date(line: Line, at: int) -> Time | None:
    """The date that the digits at ``at`` begin: "2025-06-01", "1 June 2025"."""
    return _iso(line, at) or day_first(line, at)


def _iso(line: Line, at: int) -> Time | None:
    text = [line.words[step].text if step < len(line.words) else "" for step in range(at, at + 5)]
    glued = all(line.words[step].glued for step in range(at + 1, min(at + 5, len(line.words))))
    if len(text[0]) != 4 or text[1] != "-" or text[3] != "-" or not glued:
        return None
    if not all(part.isdigit() and len(part) == size for part, size in zip(text[::2], (4, 2, 2), strict=True)):
        return None
    year, month, day = map(int, text[::2])
    return made(line, "date", at, at + 5, year=year, month=month, day=day) if exists(year, month, day) else None


def day_first(line: Line, at: int) -> Time | None:
    """ "1 June 2025", "the 1st of June"."""
    day, after = _day(line, at)
    after += line.low(after) == "of"
    month = month_at(line, after)
    if not day or not month:
        return None
    after += 1
    after += line.low(after) == "."
    year, last = _year_after(line, after)
    return made(line, "date", at, last, year=year, month=month, day=day) if exists(year, month, day) else None


def named_date(line: Line, at: int) -> Time | None:
    """ "June 1, 2025", "June 1", "June 2025", "June"."""
    month = month_at(line, at)
    if not month:
        return None
    after = at + 1 + (line.low(at + 1) == "." and len(line.low(at)) < 5)
    day, last = _day(line, after)
    if day and exists(None, month, day):
        year, last = _year_after(line, last)
        return made(line, "date", at, last, year=year, month=month, day=day)
    year, last = _year_after(line, after)
    alone = year is None
    named = line.low(at - 1) in (*_BEFORE_YEARS, *SHIFTS) or line.low(after) == "'s"  # "May's average"
    if alone and line.low(at) in _VERBS and not named:
        return None
    if alone and line.low(at - 1) in SHIFTS:
        return made(line, "date", at - 1, at + 1, month=month, shift=SHIFTS[line.low(at - 1)])
    return made(line, "date", at, last if year else at + 1, year=year, month=month)


def month_at(line: Line, at: int) -> int:
    """The month named at ``at`` with a capital, or 0."""
    if not 0 <= at < len(line.words) or not line.words[at].capital:
        return 0
    return MONTHS.get(line.low(at), 0)


def _day(line: Line, at: int) -> tuple[int, int]:
    if at >= len(line.words) or line.words[at].kind != "number" or not line.words[at].text.isdigit():
        return 0, at
    day = int(line.words[at].text) if len(line.words[at].text) <= 2 else 0
    after = line.words[at + 1] if at + 1 < len(line.words) else None
    if after is not None and after.glued and after.low in ("st", "nd", "rd", "th"):
        return (day if day <= 31 else 0), at + 2
    if after is not None and after.glued and (after.kind != "sign" or after.low in ":/%"):
        return 0, at
    return (day if day <= 31 else 0), at + 1


def _year_after(line: Line, at: int) -> tuple[int | None, int]:
    """The year that follows a month or a day, over a comma; and where the date ends."""
    step = at + (line.low(at) in (",", "of"))
    year = year_at(line, step)
    return (year, step + 1) if year else (None, at)


def year_at(line: Line, at: int) -> int:
    """The year that the digits at ``at`` may be, or 0."""
    if not 0 <= at < len(line.words):
        return 0
    word = line.words[at]
    if word.kind != "number" or len(word.text) != 4 or not word.text.isdigit():
        return 0
    after = line.words[at + 1] if at + 1 < len(line.words) else None
    if after is not None and after.glued and (after.kind != "sign" or after.low == "%"):
        return 0
    return int(word.text) if EARLIEST <= int(word.text) <= LATEST else 0


def years(line: Line, at: int) -> list[Time]:
    """ "2014", "2014-15", "the 1990s"; "2000 workers" is a number."""
    decade = line.words[at].text
    after = line.words[at + 1] if at + 1 < len(line.words) else None
    if after is not None and after.glued and after.low == "s" and decade.isdigit() and decade.endswith("0"):
        if len(decade) == 4 and EARLIEST <= int(decade) <= LATEST:
            return [made(line, "decade", at, at + 2, year=int(decade))]
        return [made(line, "decade", at, at + 2, year=1900 + int(decade))] if len(decade) == 2 else []
    year = year_at(line, at)
    if not year or not _is_year(line, at):
        return []
    found = [made(line, "date", at, at + 1, year=year)]
    if after is not None and after.low == "-" and after.glued and at + 2 < len(line.words):
        text = line.words[at + 2].text
        if text.isdigit() and len(text) in (2, 4) and line.words[at + 2].glued:
            end = int(str(year)[: 4 - len(text)] + text)
            if end > year:
                found.append(made(line, "date", at + 2, at + 3, year=end))
    return found


def _is_year(line: Line, at: int) -> bool:
    """Whether four digits are a year: not money, nothing counted, unless a word before them says so."""
    before, after = line.low(at - 1), line.low(at + 1)
    if before and (before in lexicon().units.signs or before in lexicon().units.money):
        return False
    units = lexicon().units
    if after in units.percent or after in units.money or after in units.measures or after in units.times:
        return False
    if after in lexicon().numbers.scales or before in ("than", "least", "nearly", "almost", "some", "over", "about"):
        return False
    if before in _BEFORE_YEARS or MONTHS.get(before):
        return True
    following = line.words[at + 1] if at + 1 < len(line.words) else None
    return following is None or not following.content or following.capital or not following.low.endswith("s")
