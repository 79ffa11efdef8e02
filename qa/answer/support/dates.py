"""Whether every date and time of a claim is the evidence's: the same or coarser, never finer, never another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qa.answer.support.cited import Piece
from qa.answer.support.clock import EITHER, same_hour
from qa.answer.support.moment import WEEKDAYS, Time
from qa.answer.support.periods import Period, period_of
from qa.answer.support.reading import Line
from qa.answer.support.times import times
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.answer.support.words import is_past
from qa.statements import vocabulary as v
from qa.types import Support

_AHEAD = v.words(
    "will shall to plan plans expected scheduled due would should may could is are begins starts opens ends expires "
    "takes closes comes runs"
)
_SIGNS = frozenset(',;:."')
_BACK = 12  # words
_WAS = frozenset(("was", "were", "had", "did"))
#: Pairs of places in time of which neither can stand for the other.
_OPPOSED = ({"since", "until"}, {"before", "after"}, {"since", "before"}, {"until", "after"}, {"by", "after"})
#: What a claim may say where the evidence has the second.
_WEAKER_PLACE = {("after", "since"), ("by", "before")}


@dataclass(frozen=True, slots=True)
class _Then:
    """A time of the evidence, its period where it's known, and the day on which its article was published."""

    time: Time
    period: Period | None
    published: date | None


def dates(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """What is wrong with the dates of a claim."""
    there = [then for piece in cited for line in piece.lines for then in _read(line, piece.evidence.published)]
    published = [piece.evidence.published for piece in cited if piece.evidence.published is not None]
    for line in claim:
        for time in times(line):
            yield from _date(line, time, there, published)


def _read(line: Line, published: date | None) -> Iterator[_Then]:
    for time in times(line):
        yield _Then(time, period_of(time, published, ahead=_ahead(line, time, published)), published)


def _ahead(line: Line, time: Time, published: date | None) -> bool:
    """Whether a time without its year is to come: by the words before it in its clause, or, where nothing there is in
    the past, because the next such day is nearer than the last one.
    """
    first = time.first
    while first and time.first - first < _BACK and line.low(first - 1) not in _SIGNS:
        first -= 1
    before = [(at, line.low(at)) for at in range(first, time.first) if not line.words[at].capital or not at]
    if any(low in _AHEAD and not _to_a_figure(line, at) for at, low in before if at < time.first - 1 or low != "to"):
        return True
    if published is None or any(is_past(low) or low in _WAS for _, low in before) or time.month is None:
        return False
    last, following = (period_of(time, published, ahead=ahead) for ahead in (False, True))
    if last is None or following is None:
        return False
    return abs(following[0] - published) < abs(published - last[1])


def _to_a_figure(line: Line, at: int) -> bool:
    """ "fell to 2.8 percent": no infinitive."""
    return line.low(at) == "to" and line.words[at + 1].kind != "word"


def _date(line: Line, time: Time, there: Sequence[_Then], published: Sequence[date]) -> Iterator[Reason]:
    words = line.said(time.first, time.last)
    graded = [(reason, then) for then in there for reason in [_against(time, words, then)]]
    off = _weekday_off(line, time, period_of(time, None, ahead=False))
    if off:
        yield fails(Failure.DATE, words, f"{words!r} is no {off}")
        return
    if any(reason is None for reason, _ in graded):
        return
    mild = [reason for reason, _ in graded if reason is not None and reason.support is Support.PARTLY]
    severe = [reason for reason, then in graded if reason is not None and _fit(time, then) != "other"]
    period = period_of(time, None, ahead=False)
    if (mild or severe) and time.words != "today":
        yield (mild or severe)[0]
    elif time.words in ("today", "now"):
        yield doubts(Failure.DATE, words, f"{words!r} isn't in the evidence")
    elif _is_of_the_telling(line, time, published) or (
        not there and period is not None and any(period[0] <= day <= period[1] for day in published)
    ):
        yield doubts(Failure.DATE, words, f"{words!r} is only when the article was published")
    else:
        seen = ", ".join(dict.fromkeys(repr(then.time.words) for then in there[:3]))
        yield fails(Failure.DATE, words, f"{words!r} isn't in the evidence{f', which has {seen}' if seen else ''}")


def _is_of_the_telling(line: Line, time: Time, published: Sequence[date]) -> bool:
    """Whether a day of publication stands with the verb that somebody says it, not with what is said."""
    told = any(not report.first <= time.first < report.last for report in line.reports) and not any(
        report.first <= time.first < report.last for report in line.reports
    )
    return told and any(
        (time.month, time.day) == (day.month, day.day) and time.year in (None, day.year) for day in published
    )


def _weekday_off(line: Line, time: Time, period: Period | None) -> str:
    """The weekday beside a date that isn't that day's; nothing where there is none."""
    step = time.first - 1 - (line.low(time.first - 1) == ",")
    day = WEEKDAYS.get(line.low(step))
    wrong = period is not None and period[0] == period[1] and day is not None and period[0].weekday() != day
    return line.words[step].text if wrong else ""


def _against(time: Time, words: str, then: _Then) -> Reason | None:
    """What speaks against a time of the evidence being the claim's; nothing where it bears it out."""
    fit = _fit(time, then)
    if fit == "other":
        return fails(Failure.DATE, words, f"{words!r} isn't in the evidence, which has {then.time.words!r}")
    if fit == "finer":
        return fails(Failure.DATE, words, f"{words!r} is more exact than the evidence, which has {then.time.words!r}")
    if fit == "floating":
        text = f"{words!r} counts from no known day; the evidence has {then.time.words!r}"
        return weakens(Failure.DATE, words, text)
    mine, theirs = time.place, then.time.place
    if mine != theirs and (mine, theirs) not in _WEAKER_PLACE:
        text = f"{mine} {words!r}: the evidence has {theirs} {then.time.words!r}"
        severe = {mine, theirs} in _OPPOSED
        return fails(Failure.DIRECTION, words, text) if severe else doubts(Failure.DATE, words, text)
    return None


def _fit(time: Time, then: _Then) -> str:
    """``"same"`` (or coarser), ``"finer"``, ``"floating"`` (relative in the claim alone), ``"other"``."""
    other = then.time
    if _as_written(time, other):
        return "same"
    if time.kind == "date" and time.year is not None:
        return _dated(period_of(time, None, ahead=False), time, then)
    if time.kind == "date":
        return _yearless(time, then)
    if time.kind == "decade":
        return _dated(period_of(time, None, ahead=False), time, then)
    if time.kind == "weekday":
        same = then.period is not None and then.period[0] == then.period[1] and then.period[0].weekday() == time.day
        return "same" if same and time.shift is None else "other"
    if time.kind in ("period", "ago"):
        mine = period_of(time, then.published, ahead=False)
        return "floating" if _within(then.period, mine) else "other"
    if time.kind == other.kind == "clock" and same_hour(time.unit, other.unit):
        return "same" if time.unit.endswith(EITHER) else "finer"
    if time.kind == "quarter":
        return "same" if other.kind == "quarter" and other.unit == time.unit and not time.year else "other"
    return "other"


def _as_written(time: Time, other: Time) -> bool:
    if time.kind != other.kind:
        return False
    if time.kind == "clock":
        return time.unit == other.unit
    mine = (time.year, time.month, time.day, time.shift, time.unit)
    return mine == (other.year, other.month, other.day, other.shift, other.unit)


def _dated(mine: Period | None, time: Time, then: _Then) -> str:
    """A date with its year against a time of the evidence."""
    if _within(then.period, mine):
        return "same"
    if then.period is not None:
        return "finer" if _within(mine, then.period) else "other"
    other = then.time
    partly = other.kind == "date" and (other.month, other.day) in ((time.month, time.day), (time.month, None))
    return "finer" if partly and other.month is not None else "other"


def _yearless(time: Time, then: _Then) -> str:
    """ "June 10" or "June" against a time of the evidence."""
    other = then.time
    if other.kind == "date" and other.month == time.month:
        if time.day is None or time.day == other.day:
            return "same"
        return "finer" if other.day is None else "other"
    if then.period is None:
        return "other"
    first, last = then.period
    if first.month == last.month == time.month and first.year == last.year:
        return "same" if time.day is None or (first == last and first.day == time.day) else "finer"
    return "other"


def _within(inner: Period | None, outer: Period | None) -> bool:
    return inner is not None and outer is not None and outer[0] <= inner[0] and inner[1] <= outer[1]
