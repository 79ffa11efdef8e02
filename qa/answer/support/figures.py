"""Figures of a sentence: numbers in digits and words with their unit, what they count, and how exact they claim to be.

"$4.6bn", "4.6 billion dollars"; "6%", "six per cent"; "a dozen", "two-thirds of", "the third", "between 5 and 10 km".
Dates and times of day are ``times``'s, and no figures here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from qa.answer.support.figure import Figure, figure
from qa.answer.support.lexicon import lexicon
from qa.answer.support.numerals import past_hyphen
from qa.answer.support.reading import Line
from qa.answer.support.times import times
from qa.answer.support.words import Word, is_past
from qa.retrieve.words import is_function_word
from qa.statements import vocabulary as v

_ROLES = {"from": "from", "to": "to", "by": "by"}
_PARTS = v.words("% percent some half most many none few third quarter all each any several")
_YEARLY = {
    "annually": "year",
    "annual": "year",
    "yearly": "year",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "hourly": "hour",
}
_TODAY = frozenset(("today", "now", "yesterday", "tomorrow", "currently"))
_COUNTED = 3  # content words after a number that may say what it counts
_OVER = frozenset(("of", "the", "its", "their", "his", "her", "our", "these", "those", "such", "more", "other", "all"))


@lru_cache(maxsize=1_024)
def figures(line: Line) -> tuple[Figure, ...]:
    """The figures of a sentence, in order, none inside another."""
    taken = {place for time in times(line) for place in range(time.first, time.last)}
    found: list[Figure] = []
    at = 0
    while at < len(line.words):
        one = None if at in taken else figure(line, at)
        if one is not None and taken.isdisjoint(range(one.first, one.last)):
            found.append(one)
            at = one.last
        else:
            at += 1
    return tuple(_described(line, one) for one in _ranges(line, _lent(line, found)))


def _ranges(line: Line, found: Sequence[Figure]) -> Iterator[Figure]:
    """ "5-10%", "between 5 and 10", "5 to 10 percent" as one figure; "from 5 to 10" stays two."""
    at = 0
    while at < len(found):
        one, two = found[at], found[at + 1] if at + 1 < len(found) else None
        if two is not None and _is_range(line, one, two):
            first = one.first - 1 if line.low(one.first - 1) == "between" else one.first
            yield replace(two, value=one.value, high=two.value, first=first)
            at += 2
        else:
            yield one
            at += 1


def _is_range(line: Line, one: Figure, two: Figure) -> bool:
    if two.first != one.last + 1 or one.unit != two.unit or one.unit in ("ordinal", "many") or one.value >= two.value:
        return False
    joint, before = line.low(one.last), line.low(one.first - 1)
    if joint == "-" and not one.unit and not (two.last < len(line.words) and line.words[two.last].content):
        return False  # a score
    return joint == "-" or (joint == "to" and before != "from") or (joint == "and" and before == "between")


def _lent(line: Line, found: Sequence[Figure]) -> list[Figure]:
    """Units and multipliers that are written once for two: "from 5 to 6 percent", "5-10%", "$3 or 4 million"."""
    made = list(found)
    for at in range(len(made) - 2, -1, -1):
        one, two = made[at], made[at + 1]
        if two.first != one.last + 1 or line.low(one.last) not in ("to", "or", "and", "-", ","):
            continue
        ranged = line.low(one.last) in ("to", "-", "or") or line.low(one.first - 1) == "between"
        if one.bare and not two.bare and two.unit not in ("ordinal", "many", "share", "age"):
            factor = _factor(line, two)
            if not (two.money and line.words[two.first].text in lexicon().units.signs):
                made[at] = replace(one, value=one.value * factor, unit=two.unit, money=two.money, loose=False)
        elif ranged and two.bare and one.money:
            made[at + 1] = replace(two, unit=one.unit, money=True)
        if ranged and made[at].unit == made[at + 1].unit and _scale(line, two) > 1 and _scale(line, one) == 1:
            made[at] = replace(made[at], value=made[at].value * _scale(line, two)) if one.value < 1000 else made[at]
    return made


def _factor(line: Line, figure: Figure) -> Decimal:
    """What one of a unit of time is in the base unit that the figure is in, else 1."""
    times_ = lexicon().units.times
    found = next((times_[line.low(at)] for at in range(figure.first, figure.last) if line.low(at) in times_), None)
    return found[1] if found is not None and found[0] == figure.unit else Decimal(1)


def _scale(line: Line, figure: Figure) -> int:
    scales = lexicon().numbers.scales
    return max((scales.get(line.low(at), 1) for at in range(figure.first, figure.last)), default=1)


def _described(line: Line, one: Figure) -> Figure:
    first, hedge = _hedge(line, one.first)
    if not hedge and line.low(one.last) == "or" and line.low(one.last + 1) in ("so", "more", "less", "fewer"):
        hedge = {"so": "near", "more": "least"}.get(line.low(one.last + 1), "most")
    role = _ROLES.get(line.low(first - 1), "")
    age = not one.unit and line.low(one.first - 1) in (",", "aged", "age") and line.low(one.last) in (",", ".", "")
    unit = "age" if age and one.value < 120 else one.unit
    nouns: list[str] = []
    for noun in _nouns(line, one) if unit != "age" else ():
        nouns = [*nouns, noun] if noun else []
    return replace(
        one, hedge=hedge, role=role, nouns=tuple(nouns), unit=unit, whole=_is_whole(line, first), per=_per(line, one)
    )


def _is_whole(line: Line, first: int) -> bool:
    """Whether a figure stands after another one and "of": with "the", "its", "the club's" between."""
    of = next((step for step in range(first - 1, max(-1, first - 6), -1) if line.low(step) == "of"), None)
    if of is not None and (not of or line.low(of - 1) in (",", ":", ";", '"')):  # "of the 62 posts only 25 are filled"
        return any(word.kind == "number" or _is_number(word) for word in line.words[first + 1 :])
    if of is None or not of or any(line.words[step].low in (",", ".", "in") for step in range(of, first)):
        return False
    before = line.words[of - 1]
    return before.kind == "number" or before.low in lexicon().numbers.small or before.low in _PARTS


def _per(line: Line, one: Figure) -> str:
    """What a rate is per: "$5m a year", "300 people each"; "a year earlier" is no rate."""
    for at in range(one.last, min(one.last + 4, len(line.words))):
        low, following = line.low(at), line.low(at + 1)
        if low in ("each", "apiece"):
            return "each"
        if low in _YEARLY:
            return _YEARLY[low]
        if low in ("a", "an", "per", "every", "each") and (following in lexicon().units.times or following == "person"):
            if line.low(at - 1) in ("within", "in", "after", "for", "of", "over", "than"):
                return ""  # "by 47 metres within a year"
            return "" if line.low(at + 2) in ("earlier", "ago", "later", "before", "after", "and") else following
        if line.words[at].kind == "sign" or low in ("and", "or"):
            return ""
    return ""


def _hedge(line: Line, first: int) -> tuple[int, str]:
    """Where the hedge before a figure begins, and what it is."""
    for phrase, name in lexicon().hedges:
        size = len(phrase)
        if all(line.low(first - size + step) == word for step, word in enumerate(phrase)):
            return first - size, name
    return first, ""


def _is_number(word: Word) -> bool:
    return word.kind == "number" or word.low in lexicon().numbers.small or word.low in lexicon().numbers.tens


def _nouns(line: Line, one: Figure) -> Iterator[str]:
    """Stems of what is counted: up to three content words right after, over "of its" and other figures."""
    kept, at = 0, past_hyphen(line, one.last)
    while at < len(line.words) and kept < _COUNTED:
        word = line.words[at]
        if one.unit == "ordinal" and word.low in ("of", "time"):
            return  # "a loss for the first time" and "the first loss"
        if word.low in _OVER or (_is_number(word) and line.low(at - 1) in _OVER):
            at += 1
            continue
        if word.kind == "clitic" and kept:  # "the club's 40 members": what is counted comes after
            yield ""
            kept, at = 0, at + 1
            continue
        if _is_number(word) and line.low(at - 1) == "'s":
            at += 1
            continue
        if word.kind not in ("word", "code") or (is_function_word(word.low) and not word.text.isupper()):
            return
        if kept and (is_past(word.low) or (word.capital and not line.words[at - 1].capital)):
            return
        if word.low in _TODAY:
            return
        yield word.stem
        kept += 1
        at = past_hyphen(line, at + 1)
