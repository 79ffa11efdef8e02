"""When a sentence says that things are, as far as it says so."""

from __future__ import annotations

from functools import lru_cache

from qa.answer.support.clock import clock
from qa.answer.support.dated import named_date, numeric_date, years
from qa.answer.support.moment import Time
from qa.answer.support.reading import Line
from qa.answer.support.relative import ago, quarter, relative, weekday


@lru_cache(maxsize=1_024)
def times(line: Line) -> tuple[Time, ...]:
    """The times of a sentence, in order."""
    found: list[Time] = []
    at = 0
    while at < len(line.words):
        here = _at(line, at)
        found.extend(here)
        at = here[-1].last if here else at + 1
    return tuple(found)


def _at(line: Line, at: int) -> list[Time]:
    word = line.words[at]
    if word.kind == "number":
        found = numeric_date(line, at) or clock(line, at) or ago(line, at)
        return [found] if found is not None else years(line, at)
    if word.kind not in ("word", "code"):
        return []
    one = (
        named_date(line, at)
        or weekday(line, at)
        or relative(line, at)
        or quarter(line, at)
        or clock(line, at)
        or ago(line, at)
    )
    return [one] if one is not None else []
