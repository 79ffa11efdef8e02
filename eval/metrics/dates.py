"""Dates in a text, as precise as they are said, and whether one lies inside another.

ISO as far as it goes: ``2027``, ``2027-06``, ``2027-06-01``; without a year ``--06-01`` and ``--06``. Weekdays and
times of day say nothing here.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eval.metrics.lexemes import Lexemes
from eval.metrics.numerals import past_words
from eval.metrics.units import listed

_FULL = listed("january february march april may june july august september october november december")
MONTHS = {
    **{name: n for n, name in enumerate(_FULL, 1)},
    **{name[:3]: n for n, name in enumerate(_FULL, 1)},
    "sept": 9,
}
_ORDINALS = frozenset(("st", "nd", "rd", "th"))
#: Verbs, too: without a number beside them these are months only after such a word.
_VERBS = frozenset(("may", "march", "mar"))
_BEFORE_A_MONTH = frozenset(
    listed("in by until till since from before after of next last this early late mid through during for between")
)
_DASHES = ("-", "–")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in lexemes ``[first, after)``."""

    iso: str
    first: int
    after: int

    @property
    def is_year(self) -> bool:
        """Whether it is a year and nothing more; the same digits may be a number."""
        return len(self.iso) == 4


def dates(lexemes: Lexemes) -> list[Dated]:
    """All dates, in order; of "March 28-29" both days, of "the end of March" the month and its last day."""
    found: list[Dated] = []
    at = 0
    while at < len(lexemes):
        here = list(_date(lexemes, at)) if lexemes[at].number is not None or lexemes.folded(at) in MONTHS else []
        found += here
        at = here[-1].after if here else at + 1
    return found


def _date(lexemes: Lexemes, at: int) -> Iterator[Dated]:
    yield from _iso(lexemes, at) or _month_first(lexemes, at) or _day_first(lexemes, at) or _year_alone(lexemes, at)


def _iso(lexemes: Lexemes, at: int) -> list[Dated]:
    """ "2025-06-01", "2025-06"; "2025-26" is a span of years."""
    parts = [lexemes[at].text]
    while len(parts) < 3 and _year(lexemes, at) and _glued_number(lexemes, at + 2 * len(parts)):
        parts.append(lexemes[at + 2 * len(parts)].text)
    after = at + 2 * len(parts) - 1
    while len(parts) > 1 and not is_date("-".join(parts)):
        parts, after = parts[:-1], after - 2
    return [Dated("-".join(parts), at, after)] if len(parts) > 1 else []


def _glued_number(lexemes: Lexemes, at: int) -> bool:
    """Whether a number of two digits is joined by a hyphen to what is before."""
    joined = lexemes.folded(at - 1) == "-" and lexemes[at - 1].glued and lexemes[at].glued
    return joined and lexemes[at].number is not None and len(lexemes[at].text) == 2


def _month_first(lexemes: Lexemes, at: int) -> list[Dated]:
    """ "June 1, 2025", "June 1", "June 1-3, 2025", "June 2027", "June"."""
    month = _month(lexemes, at)
    if not month:
        return []
    named = at + 1 + (lexemes.folded(at + 1) == "." and lexemes[at + 1].glued)
    days, after = _days(lexemes, named)
    if not days:
        year_at = _past(lexemes, named, ",", "of")
        year = _year(lexemes, year_at)
        if not year and (lexemes.folded(at) in _VERBS and lexemes.folded(at - 1) not in _BEFORE_A_MONTH):
            return []
        return _and_end(lexemes, Dated(f"{year or '-'}-{month:02}", at, year_at + 1 if year else at + 1))
    year_at = _past(lexemes, after, ",", "of")
    year = _year(lexemes, year_at)
    return _checked([f"{year or '-'}-{month:02}-{day:02}" for day in days], at, year_at + 1 if year else after)


def _day_first(lexemes: Lexemes, at: int) -> list[Dated]:
    """ "1 June 2025", "the 1st of June", "1-3 June"."""
    days, after = _days(lexemes, at)
    after = _past(lexemes, after, "of")
    month = _month(lexemes, after)
    if not days or not month:
        return []
    after = _past(lexemes, after + 1, ".")
    year_at = _past(lexemes, after, ",")
    year = _year(lexemes, year_at)
    return _checked([f"{year or '-'}-{month:02}-{day:02}" for day in days], at, year_at + 1 if year else after)


def _year_alone(lexemes: Lexemes, at: int) -> list[Dated]:
    year = _year(lexemes, at)
    return _and_end(lexemes, Dated(year, at, at + 1)) if year else []


def _and_end(lexemes: Lexemes, one: Dated) -> list[Dated]:
    """A month or a year, and after "end of" its last day too; February's isn't known without a year."""
    if not past_words(lexemes, one.first - 2, "end", "of") or one.iso == "--02":
        return [one]
    last = period(one.iso.replace("--", "2000-"))[1].isoformat()
    return [one, Dated(last.replace("2000-", "--", 1) if one.iso.startswith("--") else last, one.first, one.after)]


def _checked(isos: list[str], first: int, after: int) -> list[Dated]:
    return [Dated(iso, first, after) for iso in isos if is_date(iso)]


def _past(lexemes: Lexemes, at: int, *words: str) -> int:
    return at + 1 if lexemes.folded(at) in words else at


def _month(lexemes: Lexemes, at: int) -> int:
    """The month named at ``at``, or 0. "may" and "march" are verbs."""
    word = lexemes[at]
    return MONTHS.get(word.folded, 0) if word.text[:1].isupper() or word.folded not in _VERBS else 0


def _days(lexemes: Lexemes, at: int) -> tuple[list[int], int]:
    """The day at ``at``, or the two ends of a range of days, and where the text goes on."""
    first, after = _day(lexemes, at)
    if not first:
        return [], at
    if lexemes.folded(after) in _DASHES:
        second, end = _day(lexemes, after + 1)
        if second > first and not (_month(lexemes, at - 1) and _month(lexemes, end)):
            return [first, second], end
    return [first], after


def _day(lexemes: Lexemes, at: int) -> tuple[int, int]:
    text = lexemes[at].text
    day = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
    if not 1 <= day <= 31:
        return 0, at
    follower = lexemes[at + 1]
    if follower.glued and follower.folded in _ORDINALS:
        return day, at + 2
    return (0, at) if follower.glued and follower.text[0].isalnum() else (day, at + 1)


def _year(lexemes: Lexemes, at: int) -> str:
    """The year at ``at``, or nothing: four digits, neither the 1990s nor a figure with thousands set apart."""
    text, follower = lexemes[at].text, lexemes[at + 1]
    glued = follower.glued and (follower.text[0].isalnum() or follower.text == "%")
    return (
        text if text.isascii() and text.isdigit() and len(text) == 4 and "1000" <= text < "2200" and not glued else ""
    )


# --- precision --------------------------------------------------------------------------------------------------------


def is_date(iso: str) -> bool:
    """Whether ``iso`` is a date in one of the forms above."""
    try:
        return bool(period(iso.replace("--", "2000-", 1) if iso.startswith("--") else iso))
    except ValueError:
        return False


def period(iso: str) -> tuple[date, date]:
    """The first and the last day of a date with a year; raises ``ValueError`` for anything else."""
    parts = iso.split("-")
    if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not iso.replace("-", "").isdecimal():
        raise ValueError(f"not a date: {iso!r}")
    year, month, day = [*map(int, parts), 0, 0][:3]
    if day:
        return date(year, month, day), date(year, month, day)
    last = month or 12
    return date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1])


def meets(said: str, wanted: str, days: float) -> bool:
    """Whether all of ``said`` lies inside ``wanted`` widened by ``days`` on both sides.

    So "June 3, 2027" meets ``2027-06`` and "June" doesn't meet ``2027-06-03``. A date that leaves its year to the
    context ("until March 31") meets a month or a day in whatever year, but never a year: news rarely says it, and a
    verbatim answer can't add it.
    """
    first, last = period(wanted)
    if not said.startswith("--"):
        readings = [said]
    else:
        years = range(first.year - 1, last.year + 2) if len(wanted) > 4 else ()
        readings = [f"{year:04}-{said[2:]}" for year in years]
    return any(_inside(period(one), (first, last), days) for one in readings if is_date(one))


def _inside(inner: tuple[date, date], outer: tuple[date, date], days: float) -> bool:
    return (outer[0] - inner[0]).days <= days and (inner[1] - outer[1]).days <= days
