"""Times of day: "9:30", "9.30pm", "half past seven in the morning", "nine o'clock", "noon"."""

from __future__ import annotations

from typing import Final

from qa.answer.support.lexicon import lexicon
from qa.answer.support.moment import Time
from qa.answer.support.reading import Line
from qa.statements import vocabulary as v

#: Ends the unit of a time of which it isn't said whether it's before noon.
EITHER: Final = "?"
_HALVES = {"am": 0, "a.m": 0, "pm": 12, "p.m": 12}
_PARTS = {"morning": 0, "afternoon": 12, "evening": 12, "night": 12}
_NAMED = {"noon": "12:00", "midnight": "00:00"}
_BEFORE = v.words("at by until till from before after since")
_PAST = {"half": 30, "quarter": 15}


def clock(line: Line, at: int) -> Time | None:
    """The time of day at ``at``, its ``unit`` being the time of 24 hours, or of 12 and ``EITHER``."""
    low = line.low(at)
    if low in _NAMED:
        return Time("clock", at, at + 1, low, unit=_NAMED[low])
    found = _past(line, at) or _digits(line, at) or _hour(line, at)
    if found is None:
        return None
    hour, minute, last, alone = found
    half, end = _half(line, last)
    if (half is None and not alone) or not (0 <= hour < 24 and 0 <= minute < 60):
        return None
    words = " ".join(line.low(step) for step in range(at, end))
    known = half is not None or hour > 12 or hour == 0 or line.low(at).startswith("0")
    hour = hour if half is None or hour > 12 else hour % 12 + half
    return Time("clock", at, end, words, unit=f"{hour:02}:{minute:02}{'' if known else EITHER}")


def same_hour(one: str, other: str) -> bool:
    """Whether two units are of one time, but for the half of the day."""
    (hour, minute), (theirs, minutes) = (unit.rstrip(EITHER).split(":") for unit in (one, other))
    return minute == minutes and int(hour) % 12 == int(theirs) % 12


def _past(line: Line, at: int) -> tuple[int, int, int, bool] | None:
    """ "half past seven", "quarter to nine"; "a" before it is left out."""
    minute, side = _PAST.get(line.low(at)), line.low(at + 1)
    hour = _number(line, at + 2)
    if minute is None or not 0 < hour <= 12 or side not in ("past", "to") or (side == "to" and minute == 30):
        return None
    return (hour, minute, at + 3, True) if side == "past" else ((hour - 1) or 12, 60 - minute, at + 3, True)


def _digits(line: Line, at: int) -> tuple[int, int, int, bool] | None:
    """ "9:30"; "9.30" only where more tells that it's a time."""
    word = line.words[at]
    if word.kind != "number":
        return None
    hour, _, minute = word.text.partition(".")
    if minute:
        return (int(hour), int(minute), at + 1, False) if len(hour) <= 2 and len(minute) == 2 else None
    if line.low(at + 1) != ":" or at + 2 >= len(line.words) or not line.words[at + 2].glued or len(hour) > 2:
        return None
    minute = line.words[at + 2].text
    return (int(hour), int(minute), at + 3, True) if minute.isdigit() and len(minute) == 2 and hour.isdigit() else None


def _hour(line: Line, at: int) -> tuple[int, int, int, bool] | None:
    """ "9 a.m.", "nine o'clock", "at nine in the evening"."""
    hour = _number(line, at)
    if not 0 < hour <= 24:
        return None
    if line.low(at + 1) == "o'clock":
        return hour, 0, at + 2, True
    told = line.low(at + 1) in _HALVES or line.low(at - 1) in _BEFORE
    return (hour, 0, at + 1, False) if told else None


def _half(line: Line, last: int) -> tuple[int | None, int]:
    """The hours before the half of the day that is told at ``last``, and where that ends."""
    low = line.low(last)
    if low in _HALVES:
        return _HALVES[low], last + 1
    if low == "at" and line.low(last + 1) == "night":
        return 12, last + 2
    if low == "in" and line.low(last + 1) == "the" and line.low(last + 2) in _PARTS:
        return _PARTS[line.low(last + 2)], last + 3
    return None, last


def _number(line: Line, at: int) -> int:
    if not 0 <= at < len(line.words):
        return 0
    word = line.words[at]
    if word.kind == "number":
        return int(word.text) if word.text.isdigit() and len(word.text) <= 2 else 0
    return lexicon().numbers.small.get(word.low, 0)
