"""One figure of a sentence: a number with its unit. What it counts and how exact it claims to be is ``figures``'s."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from qa.answer.support.lexicon import lexicon
from qa.answer.support.numerals import Numeral, numeral, past_hyphen
from qa.answer.support.reading import Line
from qa.statements.vocabulary import COUNTRIES, NATIONALITIES

_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_SMALL_DOLLARS = {"cent": ("dollar", Decimal("0.01")), "penny": ("pound", Decimal("0.01"))}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in words ``[first, last)``; ``high`` is the upper end of a range.

    ``unit``: ``"%"``, ``"points"``, a currency (``"dollar"``, ``"dollar:hong kong"``), ``"seconds"`` or ``"months"``
    (a length of time in the smallest unit of its family), a measure, ``"ordinal"``, ``"share"`` (a fraction),
    ``"age"``, ``"many"`` ("hundreds"), or nothing. ``nouns`` are stems of what is counted. ``role``: ``"from"``,
    ``"to"``, ``"by"`` or nothing. ``hedge``: ``"near"``, ``"nearly"``, ``"over"``, ``"under"``, ``"least"``,
    ``"most"``.
    """

    value: Decimal
    unit: str
    first: int
    last: int
    high: Decimal | None = None
    nouns: tuple[str, ...] = ()
    hedge: str = ""
    role: str = ""
    money: bool = False
    loose: bool = False  # "one", which may count nothing
    per: str = ""  # "a year", "each"
    whole: bool = False  # what another figure is a part of: "two of its five directors"

    @property
    def bare(self) -> bool:
        """Whether it has no unit."""
        return not self.unit


def figure(line: Line, at: int) -> Figure | None:
    """The figure that begins at ``at``, without what stands around it."""
    money = _sign_first(line, at)
    if money is not None:
        return money
    number = numeral(line, at) if not _is_idiom(line, at) else None
    if number is None:
        return _vague(line, at)
    return (
        _ordinal(line, number)
        or _percent(line, number)
        or _currency(line, number)
        or _duration(line, number)
        or _measure(line, number)
        or _share(line, number)
        or _plain(line, number)
    )


def _is_idiom(line: Line, at: int) -> bool:
    """ "in the first place": it counts nothing."""
    return [line.low(at + step) for step in (-2, -1, 0, 1)] == ["in", "the", "first", "place"]


def _made(number: Numeral, unit: str, last: int, factor: Decimal = Decimal(1), *, money: bool = False) -> Figure:
    return Figure(number.value * factor, unit, number.first, last, money=money)


def _sign_first(line: Line, at: int) -> Figure | None:
    """ "$4.6bn", "US$5", "EUR 3 million"."""
    units, word = lexicon().units, line.words[at]
    kind, after = units.signs.get(word.text, ""), at + 1
    prefix = ""
    if not kind and word.low in units.dollars and line.low(at + 1) == "$" and line.words[at + 1].glued:
        kind, after, prefix = "dollar", at + 2, units.dollars[word.low]
    if not kind and word.text in units.before and not _counted(line, at - 1):
        kind = units.before[word.text]
        after += line.low(after) == "."
    if not kind and len(word.low) == 3 and word.text.isupper() and word.low in units.money:
        kind = units.money[word.low]
    number = numeral(line, after) if kind and after < len(line.words) and line.words[after].kind == "number" else None
    if number is None:
        return None
    kind += f":{prefix}" if prefix not in ("", "us") else ""
    last = number.last
    if kind == "dollar" and line.low(last) == "dollars":
        last += 1
    return replace(_made(number, kind, last, money=True), first=at)


def _counted(line: Line, at: int) -> bool:
    """Whether the word at ``at`` is a number, which a unit behind it belongs to."""
    return at >= 0 and line.words[at].kind == "number"


def _percent(line: Line, number: Numeral) -> Figure | None:
    at = past_hyphen(line, number.last)
    units = lexicon().units
    if line.low(at) in ("percentage", "basis") and line.low(at + 1) in ("point", "points"):
        return _made(number, "points", at + 2, Decimal("0.01") if line.low(at) == "basis" else Decimal(1))
    if line.low(at) in units.points:
        return _made(number, "points", at + 1)
    if line.low(at) in units.percent:
        return _made(number, "%", at + 1)
    return _made(number, "%", at + 2) if line.low(at) == "per" and line.low(at + 1) == "cent" else None


def _currency(line: Line, number: Numeral) -> Figure | None:
    """ "4.6 billion dollars", "5 million Swiss francs", "5 million euro"."""
    money, at = lexicon().units.money, past_hyphen(line, number.last)
    word, following = line.low(at), line.low(at + 1)
    if word in money:
        return _coin(number, money[word], at + 1)
    if following in money and (word in NATIONALITIES or word in COUNTRIES or word in ("us", "american")):
        kind = money[following]
        return _coin(number, kind if word in ("us", "american") else f"{kind}:{word}", at + 2)
    if line.low(at + 2) in money and f"{word} {following}" in lexicon().units.dollars.values():
        return _coin(number, f"{money[line.low(at + 2)]}:{word} {following}", at + 3)
    sign = lexicon().units.signs.get(line.words[at].text, "") if at < len(line.words) else ""
    return _coin(number, sign, at + 1) if sign and line.words[at].glued else None


def _coin(number: Numeral, kind: str, last: int) -> Figure:
    whole, factor = _SMALL_DOLLARS.get(kind, (kind, Decimal(1)))
    return _made(number, whole, last, factor, money=True)


def _duration(line: Line, number: Numeral) -> Figure | None:
    """ "three years", "95-minute", "a year and a half" as months or seconds; "47-year-old" is an age."""
    spelled, at = lexicon().units.times, past_hyphen(line, number.last)
    if line.low(at) not in spelled:
        return None
    family, factor = spelled[line.low(at)]
    if line.low(past_hyphen(line, at + 1)) == "old":
        return _made(number, "age", past_hyphen(line, at + 1) + 1)
    if [line.low(at + step) for step in (1, 2, 3)] == ["and", "a", "half"]:
        return Figure((number.value + Decimal("0.5")) * factor, family, number.first, at + 4)
    return _made(number, family, at + 1, factor)


def _measure(line: Line, number: Numeral) -> Figure | None:
    measures, at = lexicon().units.measures, past_hyphen(line, number.last)
    square = line.low(at) in ("square", "sq", "cubic")
    name = measures.get(line.low(at + square), "")
    scaled = line.low(at) == "°" and at + 1 < len(line.words) and line.words[at + 1].glued
    if scaled and f"°{line.low(at + 1)}" in measures:
        return _made(number, measures[f"°{line.low(at + 1)}"], at + 2)
    if not name or (name == "foot" and line.low(at) == "foot" and at == number.last):
        return None
    if [line.low(at + step) for step in (1, 2, 3)] == ["and", "a", "half"]:
        return Figure(number.value + Decimal("0.5"), name, number.first, at + 4)
    hourly = line.low(at + 1) in ("an", "per", "/") and line.low(at + 2) in ("hour", "h", "hr")
    unit = {"kilometre": "kmh", "mile": "mph"}.get(name, name) if hourly else name
    return _made(number, f"{'square ' if square else ''}{unit}", at + 1 + square + 2 * hourly)


def _ordinal(line: Line, number: Numeral) -> Figure | None:
    if number.ordinal:
        return _made(number, "ordinal", number.last)
    after = line.words[number.last] if number.last < len(line.words) else None
    glued = after is not None and after.glued and after.low in _ORDINAL_ENDINGS
    return _made(number, "ordinal", number.last + 1) if glued else None


def _share(line: Line, number: Numeral) -> Figure | None:
    """ "two-thirds", "a quarter of", "half the"; "the third quarter" is none."""
    return _made(number, "share", number.last) if number.fraction else None


def _plain(line: Line, number: Numeral) -> Figure | None:
    after = line.words[number.last] if number.last < len(line.words) else None
    if number.word == "one" and number.last - number.first == 1:
        if line.low(number.first - 1) in ("no", "any", "every", "this", "that", "which", "the", "each") or (
            after is not None and after.low in ("of", "another", "'s")
        ):
            return None
        return replace(_made(number, "", number.last), loose=True)
    return _made(number, "", number.last)


def _vague(line: Line, at: int) -> Figure | None:
    """ "hundreds of", "tens of thousands": the least that it says."""
    numbers = lexicon().numbers
    if line.low(at) not in numbers.vague:
        return None
    one = line.low(at)
    value = Decimal({"tens": 10, "dozens": 12, "scores": 20}.get(one) or numbers.scales[one])
    last = at + 1
    if line.low(at + 1) == "of" and line.low(at + 2) in numbers.vague and line.low(at + 2) != "tens":
        value, last = value * numbers.scales.get(line.low(at + 2), 1), at + 3
    return Figure(2 * value, "many", at, last)
