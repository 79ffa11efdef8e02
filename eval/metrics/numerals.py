"""Numbers in digits and words, with what multiplies them: "1.07 billion", "thirty-one", "a dozen", "two and a half"."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from eval.metrics import units
from eval.metrics.lexemes import Lexemes

_MINUS = ("-", "\u2212", "\u2013")
_HALF = Decimal("0.5")
#: Glued to digits these are read; any other letters there make it something else ("5th", "1990s").
_GLUED = frozenset(
    (*units.ABBREVIATED_MONEY, *units.CURRENCY_CODES, *units.TIME, *units.MEASURES, *units.VULGAR, "pp", "pct")
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in lexemes ``[first, after)``; ``scale`` is what the words after it multiply by, included already."""

    number: Decimal
    first: int
    after: int
    scale: int = 1


def numeral(lexemes: Lexemes, at: int, *, money: bool = False) -> Numeral | None:
    """The number that begins at ``at``; ``money``: an "m" after it is a million."""
    base = _digits(lexemes, at) or _half_a(lexemes, at) or _spelled(lexemes, at)
    if base is None:
        return None
    base = _and_a_half(lexemes, base, 1)
    scaled = _scaled(lexemes, base, units.ABBREVIATED_MONEY if money else units.ABBREVIATED)
    if scaled.scale > 1:
        scaled = _and_a_half(lexemes, scaled, scaled.scale)
    after = lexemes.past_hyphen(scaled.after)
    return None if lexemes.folded(after) in units.FRACTIONS else scaled


def _digits(lexemes: Lexemes, at: int) -> Numeral | None:
    number, after = lexemes[at].number, at + 1
    if number is None:
        return None
    follower = lexemes[after]
    if follower.glued and follower.text[0].isalpha() and follower.folded not in _GLUED:
        return None
    if follower.glued and follower.folded in units.VULGAR:
        number, after = number + units.VULGAR[follower.folded], after + 1
    return Numeral(-number, at - 1, after) if _is_minus(lexemes, at - 1) else Numeral(number, at, after)


def _is_minus(lexemes: Lexemes, at: int) -> bool:
    """Whether a dash is a sign: it touches what follows and not what comes before ("2-1", "3 - 5")."""
    before = lexemes[at - 1].text[-1:]
    apart = not lexemes[at].glued or not (before.isalnum() or before == ")")
    return lexemes.folded(at) in _MINUS and lexemes[at + 1].glued and apart


def _half_a(lexemes: Lexemes, at: int) -> Numeral | None:
    """ "half a million", "half a dozen": the multiplier itself is read later."""
    after = past_words(lexemes, at, "half", "a")
    return Numeral(_HALF, at, after) if after and lexemes.folded(after) in units.SCALES else None


def _spelled(lexemes: Lexemes, at: int) -> Numeral | None:
    """ "two hundred and five", "thirty-one", "a hundred"; a multiplier must be smaller than the one before it."""
    total, part, largest, here = 0, 0, 10**15, at
    while True:
        word, follower = lexemes.folded(here), lexemes.folded(here + 1)
        rounded = part % 100 == 0
        if word in units.TENS and rounded:
            here, ones = _ones(lexemes, here + 1)
            part += units.TENS[word] + ones
        elif word in units.SMALL and rounded and (word != "zero" or here == at):
            part, here = part + units.SMALL[word], here + 1
        elif word == "a" and here == at and follower in units.SCALES:
            part, here = 1, here + 1
        elif word == "hundred" and 0 < part < 100:
            part, here = part * 100, here + 1
        elif word in units.BIG and part and units.BIG[word] < largest and (total or _goes_on(lexemes, here + 1)):
            largest = units.BIG[word]
            total, part, here = total + part * largest, 0, here + 1
        elif word == "and" and (part or total) and rounded and (follower in units.SMALL or follower in units.TENS):
            here += 1
        else:
            break
    return Numeral(Decimal(total + part), at, here) if here > at else None


def _ones(lexemes: Lexemes, at: int) -> tuple[int, int]:
    """After a word for tens: where the number goes on, and its ones."""
    ones = units.SMALL.get(lexemes.folded(lexemes.past_hyphen(at)), 0)
    return (lexemes.past_hyphen(at) + 1, ones) if 0 < ones < 10 else (at, 0)


def _goes_on(lexemes: Lexemes, at: int) -> bool:
    """Whether a spelled number has more words; a multiplier at its end is left to be read as one."""
    at += lexemes.folded(at) == "and"
    return lexemes.folded(at) in units.SMALL or lexemes.folded(at) in units.TENS


def _scaled(lexemes: Lexemes, base: Numeral, abbreviated: dict[str, int]) -> Numeral:
    after, scale = base.after, 1
    while (word := lexemes.folded(lexemes.past_hyphen(after))) in units.SCALES:
        after, scale = lexemes.past_hyphen(after) + 1, scale * units.SCALES[word]
        if after - base.after > 6:
            break
    if scale == 1 and lexemes.folded(after) in abbreviated:
        after, scale = after + 1, abbreviated[lexemes.folded(after)]
    return Numeral(base.number * scale, base.first, after, scale)


def _and_a_half(lexemes: Lexemes, base: Numeral, scale: int) -> Numeral:
    """ "two and a half million" (before the multiplier), "a million and a half" (after it)."""
    after = past_words(lexemes, base.after, "and", "a", "half")
    return Numeral(base.number + _HALF * scale, base.first, after, base.scale) if after else base


def past_words(lexemes: Lexemes, at: int, *words: str) -> int:
    """The place after ``words``, which may be joined by hyphens; 0 where they don't stand at ``at``."""
    for word in words:
        at = lexemes.past_hyphen(at)
        if lexemes.folded(at) != word:
            return 0
        at += 1
    return at
