"""Numbers as written, without their unit: "2,000", "4.6 billion", "thirty-one", "a dozen", "two-thirds", "fifth"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from qa.answer.support.lexicon import lexicon
from qa.answer.support.reading import Line
from qa.statements import vocabulary as v

_PLAIN = re.compile(r"\d{1,30}(?:\.\d{1,30})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3}){1,9}(?:\.\d{1,30})?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2}){1,5},\d{3}")
_HALF = Decimal("0.5")
_LETTERED = frozenset(("k", "m", "b", "bn", "mn", "mln", "tn"))
_LASTING = v.words("for in within after about nearly almost over than just under lasted lasts took takes")
_LENGTHS = v.words("mile kilometre kilometer metre meter hectare acre tonne litre liter")
_DETERMINERS = frozenset(("a", "an", "one"))


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in words ``[first, last)``. ``word`` is its first word, folded."""

    value: Decimal
    first: int
    last: int
    word: str = ""
    ordinal: bool = False
    fraction: bool = False


def numeral(line: Line, at: int) -> Numeral | None:
    """The number that begins at ``at``; ``None`` where none does, and for digits that are no number ("2.1.3", "5G")."""
    word = line.words[at]
    if word.kind == "number":
        return _one_in(line, at) or _digits(line, at)
    if word.kind != "word" or (at and line.low(at - 1) == "-" and line.words[at].glued and _in_words(line, at - 2)):
        return None
    return _one_in(line, at) or _fraction(line, at) or _half(line, at) or _one_unit(line, at) or _spelled(line, at)


def _in_words(line: Line, at: int) -> bool:
    return line.low(at) in lexicon().numbers.tens


# --- digits


def _digits(line: Line, at: int) -> Numeral | None:
    value = as_number(line.words[at].text)
    if value is None or not _alone(line, at):
        return None
    found = Numeral(value, at, at + 1, line.low(at))
    if _slashed(line, at):
        return _vulgar(line, found, Decimal(0))
    if _slashed(line, at + 1) and not line.words[at + 1].glued:
        return _vulgar(line, Numeral(as_number(line.words[at + 1].text) or Decimal(0), at + 1, at + 2), value)
    if _minus(line, at):
        found = replace(found, value=-value, first=at - 1)
    return _scaled(line, _and_half(line, found))


def as_number(text: str) -> Decimal | None:
    """The number that the digits are, with commas between thousands, or None."""
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text) or _INDIAN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return None


def _alone(line: Line, at: int) -> bool:
    """Whether the digits are a number of their own: not "5G", "2.1.3", "24/7", "1:05", "#7"."""
    after = line.words[at + 1] if at + 1 < len(line.words) else None
    before = line.words[at - 1] if at else None
    if before is not None and line.words[at].glued and before.low in ("/", ":", "#", "^", "_", "@"):
        return False
    if after is None or not after.glued:
        return True
    if after.kind == "sign":
        joins = at + 2 < len(line.words) and line.words[at + 2].glued and line.words[at + 2].kind == "number"
        return not (after.low in "/:" and joins)
    units = lexicon().units
    known = {
        *_LETTERED,
        "st",
        "nd",
        "rd",
        "th",
        *units.measures,
        *units.times,
        *units.money,
        *units.percent,
        *units.points,
    }
    return after.low in known and not (after.text.isupper() and after.low in ("g", "d"))


def _minus(line: Line, at: int) -> bool:
    """Whether a dash before is a sign: it touches the number and nothing before it."""
    if line.low(at - 1) != "-" or not line.words[at].glued:
        return False
    return at == 1 or not line.words[at - 1].glued or line.low(at - 2) in ("(", '"')


def _slashed(line: Line, at: int) -> bool:
    return (
        line.low(at + 1) == "⁄"
        and line.words[at].kind == "number"
        and at + 2 < len(line.words)
        and line.words[at + 2].kind == "number"
    )


def _vulgar(line: Line, above: Numeral, whole: Decimal) -> Numeral | None:
    """ "½", "5½": after the normal form has taken them apart."""
    below = as_number(line.words[above.last + 1].text)
    if not below or above.value >= below:
        return None
    first = above.first - 1 if whole else above.first
    found = Numeral(whole + above.value / below, first, above.last + 2, fraction=not whole)
    scaled = _scaled(line, found)
    return replace(scaled, fraction=found.fraction and scaled.last == found.last)


# --- words


def _fraction(line: Line, at: int) -> Numeral | None:
    """ "two-thirds", "a third of", "one quarter", "half of", "half the": never "the third quarter"."""
    numbers = lexicon().numbers
    if line.low(at) == "half" and line.low(at + 1) in ("of", "the", "its", "their", "his", "her"):
        return Numeral(_HALF, at, at + 1, "half", fraction=True)
    count = numbers.small.get(line.low(at), 1 if line.low(at) in _DETERMINERS else 0)
    below_at = at + 2 if line.low(at + 1) == "-" else at + 1
    below = line.low(below_at)
    parts = numbers.fractions.get(below, 0)
    if not 0 < count < parts:
        return None
    plural = below.endswith("s") or below == "halves"
    if (count > 1) != plural or (line.low(at) in _DETERMINERS and line.low(below_at + 1) != "of"):
        return None
    return Numeral(Decimal(count) / parts, at, below_at + 1, line.low(at), fraction=True)


def _one_in(line: Line, at: int) -> Numeral | None:
    """ "one in five", "two out of three", "3 in 10" as shares."""
    above = _whole_number(line, at)
    low = line.low(at + 1)
    if above is None or low not in ("in", "out") or (low == "out" and line.low(at + 2) != "of"):
        return None
    below_at = at + 2 if low == "in" else at + 3
    below = _whole_number(line, below_at)
    if below is None or not 0 < above < below or below > 1000:
        return None
    return Numeral(Decimal(above) / below, at, below_at + 1, line.low(at), fraction=True)


def _whole_number(line: Line, at: int) -> int | None:
    """A number of one word below a thousand, in digits or letters."""
    text = line.words[at].text if at < len(line.words) else ""
    glued = at + 1 < len(line.words) and line.words[at + 1].glued and line.words[at + 1].kind != "sign"
    if text.isdigit() and text.isascii() and len(text) <= 3 and not glued:
        return int(text)
    numbers = lexicon().numbers
    return numbers.small.get(line.low(at), numbers.tens.get(line.low(at)))


def _half(line: Line, at: int) -> Numeral | None:
    """ "half a million", "half a dozen", "half an hour"."""
    if line.low(at) != "half" or line.low(at + 1) not in ("a", "an", "-"):
        return None
    following, units = line.low(at + 2), lexicon().units
    if following in lexicon().numbers.scales:
        return _scaled(line, Numeral(_HALF, at, at + 2, "half"))
    measured = following in units.times or following in units.measures or following in ("percentage", "percent")
    return Numeral(_HALF, at, at + 2, "half") if measured else None


def _one_unit(line: Line, at: int) -> Numeral | None:
    """ "a year and a half", "for an hour", "a mile": one of a unit; "twice a day", "$90 a barrel" have none."""
    units = lexicon().units
    if line.low(at) not in ("a", "an") or (line.low(at + 1) not in units.times and line.low(at + 1) not in _LENGTHS):
        return None
    half = [line.low(at + step) for step in (2, 3, 4)] == ["and", "a", "half"]
    if line.low(at + 1) in _LENGTHS:
        rate = at and (line.words[at - 1].kind == "number" or line.words[at - 1].content or line.low(at - 1) == "of")
        return None if rate else Numeral(Decimal(1), at, at + 1, "one")
    lasting = line.low(at - 1) in _LASTING and line.low(at + 2) != "ago"
    return Numeral(Decimal(1), at, at + 1, "one") if half or lasting else None


def _spelled(line: Line, at: int) -> Numeral | None:
    """ "two hundred and five", "thirty-one", "a hundred", "twenty-first"."""
    numbers = lexicon().numbers
    first = line.low(at)
    if first in numbers.ordinals or first in numbers.ordinal_tens:
        return _ordinal_word(line, at, Decimal(0), at)
    if first not in numbers.small and first not in numbers.tens:
        if first in _DETERMINERS and line.low(at + 1) in numbers.scales and len(line.low(at + 1)) > 3:
            return _scaled(line, Numeral(Decimal(1), at, at + 1, first))
        return None
    value, last = _under_hundred(line, at)
    if (ordinal := _ordinal_word(line, past_hyphen(line, last), Decimal(value), at)) and value in range(20, 100, 10):
        return ordinal
    found = _scaled(line, _and_half(line, Numeral(Decimal(value), at, last, first)))
    return _more(line, found)


def _under_hundred(line: Line, at: int) -> tuple[int, int]:
    numbers = lexicon().numbers
    if (ten := numbers.tens.get(line.low(at))) is not None:
        ones = numbers.small.get(line.low(past_hyphen(line, at + 1)), 0)
        return (ten + ones, past_hyphen(line, at + 1) + 1) if 0 < ones < 10 else (ten, at + 1)
    return numbers.small[line.low(at)], at + 1


def _ordinal_word(line: Line, at: int, before: Decimal, first: int) -> Numeral | None:
    numbers = lexicon().numbers
    value = numbers.ordinals.get(line.low(at), numbers.ordinal_tens.get(line.low(at), 0))
    if not value or (before and value > 9):
        return None
    return Numeral(before + value, first, at + 1, line.low(first), ordinal=True)


def _more(line: Line, found: Numeral) -> Numeral:
    """Smaller parts that follow: "two hundred and five", "one thousand two hundred"; a few at most."""
    numbers = lexicon().numbers
    for _ in range(8):
        at = found.last + (line.low(found.last) == "and")
        low = line.low(at)
        if found.value < 100 or (low not in numbers.small and low not in numbers.tens) or at >= len(line.words):
            return found
        if found.last == at and line.words[at - 1].kind != "word":
            return found
        value, last = _under_hundred(line, at)
        part = _scaled(line, Numeral(Decimal(value), at, last))
        if part.value >= _lowest(found.value) or part.last > last + 1:
            return found
        found = replace(found, value=found.value + part.value, last=part.last)
    return found


def _lowest(value: Decimal) -> Decimal:
    """The power of ten that the number's last digit but zero counts."""
    return Decimal(10) ** max(0, len(str(int(value))) - len(str(int(value)).rstrip("0")))


def _scaled(line: Line, found: Numeral) -> Numeral:
    """With the multipliers that follow: "billion", "hundred thousand", a glued "bn"."""
    numbers = lexicon().numbers
    for _ in range(3):
        at = past_hyphen(line, found.last)
        low = line.low(at)
        if low not in numbers.scales:
            break
        if low in _LETTERED and not _counts(line, found, at):
            break
        found = replace(found, value=found.value * numbers.scales[low], last=at + 1, fraction=False)
    return _after_scale(line, found)


def _counts(line: Line, found: Numeral, at: int) -> bool:
    """Whether a letter multiplies: glued or with a currency; "5 m" and a "5m wall" are metres, "5m shares" millions."""
    money = line.words[found.first - 1].text in lexicon().units.signs if found.first else False
    if line.low(at) == "m":
        plural = line.low(at + 1) == "people" or (len(line.low(at + 1)) > 3 and line.low(at + 1).endswith("s"))
        return money or line.low(at + 1) in lexicon().units.money or (line.words[at].glued and plural)
    return line.words[at].glued or money or line.low(at) in ("bn", "mn", "mln", "tn")


def _and_half(line: Line, found: Numeral) -> Numeral:
    """ "two and a half million"."""
    half = [line.low(found.last + step) for step in range(3)] == ["and", "a", "half"]
    follows = line.low(found.last + 3)
    units = lexicon().units
    measured = follows in units.times or follows in units.measures  # whose own forms have the half behind them
    return replace(found, value=found.value + _HALF, last=found.last + 3) if half and not measured else found


def _after_scale(line: Line, found: Numeral) -> Numeral:
    """ "a million and a half"."""
    half = [line.low(found.last + step) for step in range(3)] == ["and", "a", "half"]
    scale = lexicon().numbers.scales.get(line.low(found.last - 1), 1)
    return replace(found, value=found.value + scale * _HALF, last=found.last + 3) if half and scale > 1 else found


def past_hyphen(line: Line, at: int) -> int:
    """``at``, or where a hyphen joins what is before to what follows, the place after the hyphen: "95-minute"."""
    joined = line.low(at) == "-" and at + 1 < len(line.words) and line.words[at].glued and line.words[at + 1].glued
    return at + 1 if joined else at
