"""Amounts in a text: numbers, money, percent, durations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from eval.metrics import units
from eval.metrics.lexemes import Lexemes
from eval.metrics.numerals import Numeral, numeral, past_words

_HALF = Decimal("0.5")
#: Between a number and its unit of time.
_ADJECTIVES = frozenset(units.listed("more full whole working calendar consecutive straight long further additional"))
#: Before "an hour" these say that it lasts; "18 hours a day" doesn't last a day.
_LASTING = frozenset(
    units.listed(
        "for in within after about than nearly almost only just over under lasted lasts last took takes "
        "take is was by of half roughly around approximately"
    )
)
#: Around "one" these say that it isn't counted: "no one", "one of them".
_NO_COUNT_BEFORE = frozenset(units.listed("no any every some this that which the each another"))
_NO_COUNT_AFTER = frozenset(("of", "another", "'", "’"))
#: An amount begins with a number or one of these.
_BEGINNINGS = frozenset(
    (*units.SMALL, *units.TENS, *units.CURRENCY_SIGNS, *units.CURRENCY_CODES, "a", "an", "half", "quarter")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with its kind in lexemes ``[first, after)``: money in its currency, durations in seconds, measures as
    written.

    ``scale`` is the multiplier that was read, 1 without one; ``per`` is what one of the written unit is in
    the unit given. ``leading``: the unit stands before the number.
    """

    kind: str
    number: Decimal
    unit: str
    first: int
    after: int
    scale: int = 1
    per: Decimal = Decimal(1)
    leading: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing more."""
        return self.kind == "number" and not self.unit


def amounts(lexemes: Lexemes) -> list[Amount]:
    """All amounts, in order, none inside another, then those that take their unit from a neighbour."""
    found: list[Amount] = []
    at = 0
    while at < len(lexemes):
        one = _amount(lexemes, at) if lexemes[at].number is not None or lexemes.folded(at) in _BEGINNINGS else None
        if one is not None:
            found.append(one)
        at = one.after if one is not None else at + 1
    return [*found, *_borrowed(found, lexemes)]


def _amount(lexemes: Lexemes, at: int) -> Amount | None:
    special = _leading_money(lexemes, at) or _part_of_time(lexemes, at) or _one_time(lexemes, at)
    if special is not None:
        return special
    number = numeral(lexemes, at)
    if number is None:
        return None
    typed = _percent(lexemes, number) or _money(lexemes, at, number) or _duration(lexemes, number)
    return typed or _measure(lexemes, number) or _bare(lexemes, number)


def _bare(lexemes: Lexemes, number: Numeral) -> Amount | None:
    uncounted = lexemes.folded(number.first - 1) in _NO_COUNT_BEFORE or lexemes.folded(number.after) in _NO_COUNT_AFTER
    if lexemes.folded(number.first) == "one" and number.number == 1 and uncounted:
        return None
    return _of("number", number, "", number.after)


def _of(kind: str, number: Numeral, unit: str, after: int, per: Decimal = Decimal(1)) -> Amount:
    total = number.number * per
    return Amount(kind=kind, number=total, unit=unit, first=number.first, after=after, scale=number.scale, per=per)


# --- money, percent, measures -----------------------------------------------------------------------------------------


def _leading_money(lexemes: Lexemes, at: int) -> Amount | None:
    """ "Cr 1.9 million", "$5m", "US$5"."""
    word = lexemes.folded(at)
    code = units.CURRENCY_SIGNS.get(word) or units.CURRENCY_CODES.get(word)
    if code is None:
        return None
    if word == "$" and lexemes[at].glued:
        code = units.DOLLARS.get(lexemes.folded(at - 1), code)
    after = at + 1 + (lexemes.folded(at + 1) == "." and lexemes[at + 1].glued)
    number = numeral(lexemes, after, money=True)
    if number is None:
        return None
    return replace(_of("money", number, code, number.after), first=at, leading=True)


def _money(lexemes: Lexemes, at: int, number: Numeral) -> Amount | None:
    """ "18 million crowns", "5 million Swiss francs", "5m euros", "5 €"."""
    for one in (number, numeral(lexemes, at, money=True)):
        if one is None:
            continue
        here = lexemes.past_hyphen(one.after)
        if (found := units.currency(lexemes.folded(here))) and lexemes[here + 1].number is None:
            return _of("money", one, found[0], here + 1, found[1])
        if lexemes[here].text[:1].isupper() and (found := units.CURRENCY_WORDS.get(lexemes.folded(here + 1))):
            return _of("money", one, found[0], here + 2, found[1])
    return None


def _percent(lexemes: Lexemes, number: Numeral) -> Amount | None:
    """ "5%", "4.9 percent"; percentage points are another unit."""
    at = lexemes.past_hyphen(number.after)
    for point in ("point", "points"):
        if after := past_words(lexemes, at, "percentage", point):
            return _of("percent", number, "points", after)
        if after := past_words(lexemes, at, "basis", point):
            return _of("percent", number, "points", after, Decimal("0.01"))
    if lexemes.folded(at) == "pp":
        return _of("percent", number, "points", at + 1)
    if lexemes.folded(at) in ("%", "percent", "pct"):
        return _of("percent", number, "%", at + 1)
    after = past_words(lexemes, at, "per", "cent")
    return _of("percent", number, "%", after) if after else None


def _measure(lexemes: Lexemes, number: Numeral) -> Amount | None:
    """A number of a unit of measure: "6.84 m", "142 mm", "60 km/h", "60 miles an hour"."""
    at = lexemes.past_hyphen(number.after)
    unit = units.MEASURES.get(lexemes.folded(at))
    if unit is None:
        return None
    for hourly in (("/", "h"), ("per", "hour"), ("an", "hour")):
        if unit[0] == "m" and (after := past_words(lexemes, at + 1, *hourly)):
            return _of("number", number, f"{lexemes.folded(at)}/h", after)
    return _of("number", number, lexemes.folded(at), at + 1)


# --- durations --------------------------------------------------------------------------------------------------------


def _part_of_time(lexemes: Lexemes, at: int) -> Amount | None:
    """ "half an hour", "a quarter of an hour", "three quarters of an hour"."""
    if lexemes.folded(at) not in ("half", "quarter", "three"):
        return None
    for share, phrase in (("0.5", "half a"), ("0.25", "quarter of a"), ("0.75", "three quarters of a")):
        for article in ("", "n"):
            after = past_words(lexemes, at, *f"{phrase}{article}".split())
            if after and (unit := units.TIME.get(lexemes.folded(after))):
                return _of("duration", Numeral(Decimal(share), at, after), unit[0], after + 1, unit[1])
    return None


def _one_time(lexemes: Lexemes, at: int) -> Amount | None:
    """ "an hour and a half", "within a week"."""
    if lexemes.folded(at) not in ("a", "an") or lexemes.folded(at + 1) not in units.TIME:
        return None
    found = _duration(lexemes, Numeral(Decimal(1), at, at + 1))
    if found is not None and (found.after > at + 2 or lexemes.folded(at - 1) in _LASTING):
        return found
    return None


def _duration(lexemes: Lexemes, number: Numeral) -> Amount | None:
    """ "95 minutes", "two hours and 5 minutes": smaller units that follow are added."""
    step = _time(lexemes, number)
    if step is None:
        return None
    seconds, unit, after = step
    while (more := _more_time(lexemes, after)) is not None and more[1] < unit:
        seconds, unit, after = seconds + more[0], more[1], more[2]
    return replace(_of("duration", number, "s", after, step[1]), number=seconds)


def _time(lexemes: Lexemes, number: Numeral) -> tuple[Decimal, Decimal, int] | None:
    """The seconds of a number of a unit, the unit's own seconds, and where the text goes on."""
    at = lexemes.past_hyphen(number.after)
    at += lexemes.folded(at) in _ADJECTIVES
    found = units.TIME.get(lexemes.folded(at))
    if found is None:
        return None
    unit = found[1]
    if after := past_words(lexemes, at + 1, "and", "a", "half"):
        return (number.number + _HALF) * unit, unit, after
    return number.number * unit, unit, at + 1


def _more_time(lexemes: Lexemes, at: int) -> tuple[Decimal, Decimal, int] | None:
    at += lexemes.folded(at) == ","
    at += lexemes.folded(at) == "and"
    number = numeral(lexemes, at)
    return _time(lexemes, number) if number is not None else None


# --- units said once for two numbers ----------------------------------------------------------------------------------


def _borrowed(found: list[Amount], lexemes: Lexemes) -> Iterator[Amount]:
    """The bare numbers of ranges and pairs, with the unit of the other: "from 9.8 to 14.9 percent", "from 34 million
    crowns to 21 million".

    A small number takes the multiplier too: "between 200 and 300 million crowns". The bare readings stay as well.
    """
    for one, two in pairwise(found):
        if two.first != one.after + 1:
            continue
        joint = lexemes.folded(one.after)
        ranged = joint in ("to", "or", "-", "–") or (joint == "and" and lexemes.folded(one.first - 1) == "between")
        if one.bare and (ranged or joint == "and"):
            scale = two.scale if ranged and one.scale == 1 and one.number < 1000 else 1
            if scale > 1 or not two.bare:
                yield replace(two, number=one.number * scale * two.per, first=one.first, after=one.after)
        elif two.bare and ranged and (one.leading or two.scale > 1 or lexemes.folded(one.first - 1) == "from"):
            yield replace(one, number=two.number * one.per, first=two.first, after=two.after)
            if one.scale == 1 and two.scale > 1 and one.number < 1000:
                yield replace(one, number=one.number * two.scale)
