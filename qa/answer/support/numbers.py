"""Whether every number of a claim stands in its evidence: its value, its unit, what it counts, and how exact it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from qa.answer.support.cited import MARKS, Piece, all_lines
from qa.answer.support.figure import Figure
from qa.answer.support.figures import figures
from qa.answer.support.lexicon import lexicon
from qa.answer.support.reading import Line, stems_of
from qa.answer.support.times import times
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.types import Support

#: For a hedge of the evidence, what a claim may say; nothing is no hedge at all.
_KEEPS = {
    "": frozenset(("", "near", "least", "most")),
    "near": frozenset(("near",)),
    "nearly": frozenset(("nearly", "near", "under", "most")),
    "over": frozenset(("over", "least")),
    "under": frozenset(("under", "most")),
    "least": frozenset(("least",)),
    "most": frozenset(("most",)),
}
_CONTRARY = {"over": ("under", "nearly", "most"), "least": ("under", "nearly"), "nearly": ("over",)}
_CONTRARY |= {"under": ("over", "least"), "most": ("over",)}
#: Smaller numbers beside an amount of money are rarely money.
_LARGE = 1_000_000
_MOST = 64  # places of one number that are looked at
#: How far a rounded figure may be from what it rounds, as a share of it: for "about", and for "more than" and the like.
NEAR, FAR = Decimal("0.05"), Decimal("0.25")


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure of the evidence and the sentence it's in."""

    figure: Figure
    line: Line


class _Figures:
    """The figures of the evidence, found again by their value."""

    def __init__(self, cited: Sequence[Piece]) -> None:
        self.all = tuple(_Found(figure, line) for line in all_lines(cited) for figure in figures(line))
        self.lines = tuple(all_lines(cited))
        self._by_value: dict[Decimal, list[_Found]] = defaultdict(list)
        for found in self.all:
            self._by_value[found.figure.value].append(found)
        self._shares = [found for found in self.all if found.figure.unit in ("share", "%")]

    def equal(self, figure: Figure) -> list[_Found]:
        """Those of the same value, whatever their unit; a share may be a percentage, "hundreds" any such number."""
        if figure.unit == "many":
            return [found for found in self.all if _same_value(figure, found.figure)]
        loose = self._shares if figure.unit in ("share", "%") else ()
        near = dict.fromkeys((*self._by_value.get(figure.value, ()), *loose))
        return [found for found in near if _same_value(figure, found.figure)]


def numbers(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """What is wrong with the numbers of a claim."""
    there = _Figures(cited)
    for line in claim:
        mine = figures(line)
        for figure in mine:
            yield from _figure(line, figure, there)
        yield from _literals(line, mine, cited)


def _figure(line: Line, figure: Figure, there: _Figures) -> Iterator[Reason]:
    words = line.said(figure.first, figure.last)
    if figure.loose:
        yield from _one(figure, words, there)
        return
    equal = there.equal(figure)
    fitting = [
        found
        for found in equal
        if _same_unit(figure, found.figure) or _same_unit(_meant(figure, line), _meant(found.figure, found.line))
    ]
    if fitting:
        yield from _best(figure, words, fitting, there)
    elif any(_rounds(figure, found.figure) for found in (there.all if figure.hedge else ())):
        return
    elif any(_inside(figure, found.figure) for found in there.all):
        yield weakens(Failure.HEDGE, words, f"{words!r}: the evidence gives a range")
    elif (
        _in_order(figure, line, equal)
        or _ago(figure, there)
        or _lent(figure, line, equal, there)
        or _one_of(figure, line, there)
    ):
        return
    elif equal:
        yield _other_unit(figure, words, equal[0])
    elif figure.high is not None and _ends(figure, there):
        yield weakens(Failure.BINDING, words, f"{words!r}: the evidence has both ends, not as a range")
    else:
        yield fails(Failure.NUMBER, words, f"{words!r} isn't in the evidence{_instead(figure, there)}")


def _lent(figure: Figure, line: Line, equal: Sequence[_Found], there: _Figures) -> bool:
    """Whether one of the two goes without its unit, and others beside it have it: "from 4 percent, approved at 15"."""
    units = {found.figure.unit for found in there.all}
    mine = {one.unit for one in figures(line)}
    return any(
        (_is_plain(found.figure) and figure.unit in units) or (_is_plain(figure) and found.figure.unit in mine)
        for found in equal
    )


def _in_order(figure: Figure, line: Line, equal: Sequence[_Found]) -> bool:
    """Whether the one counts and the other names by its number: "the tenth round" and "round ten"."""
    mine = (line.stem(figure.first - 1), figure)
    theirs = [(found.line.stem(found.figure.first - 1), found.figure) for found in equal]
    return any(
        ordinal.unit == "ordinal" and plain.bare and word and word in ordinal.nouns[:1]
        for other in theirs
        for (word, plain), (_, ordinal) in ((mine, other), (other, mine))
    )


def _is_plain(figure: Figure) -> bool:
    return figure.bare and not figure.nouns


def _one_of(figure: Figure, line: Line, there: _Figures) -> bool:
    """ "one day after" for "a day after": what is one of a unit of time."""
    unit = line.low(figure.last - 1)
    if line.low(figure.first) not in ("one", "1") or unit not in lexicon().units.times:
        return False
    lows = ([word.low for word in other.words] for other in there.lines)
    return any(low in ("a", "an") and after == unit for words in lows for low, after in pairwise(words))


def _ago(figure: Figure, there: _Figures) -> bool:
    """Whether a length of time is what the evidence counts back from today: "two weeks before" of "two weeks ago"."""
    spelled = lexicon().units.times
    ago = (time for line in there.lines for time in times(line) if time.kind == "ago" and time.unit in spelled)
    return any(spelled[time.unit] == (figure.unit, figure.value / (time.shift or 1)) for time in ago)


def _other_unit(figure: Figure, words: str, found: _Found) -> Reason:
    """The value is there with another unit; an amount of money without its currency is only less exact."""
    seen = found.line.said(found.figure.first, min(found.figure.last + 1, len(found.line.words)))
    text = f"{words!r} has another unit in the evidence: {seen!r}"
    money = figure.bare and found.figure.money and not figure.nouns
    return (weakens if money else fails)(Failure.UNIT, words, text)


def _best(figure: Figure, words: str, fitting: Sequence[_Found], there: _Figures) -> Iterator[Reason]:
    """The fewest objections that any of the figures of this value leaves."""
    objections = [list(_objections(figure, words, found, there)) for found in fitting[:_MOST]]
    yield from min(objections, key=lambda found: (any(r.support is Support.UNSUPPORTED for r in found), len(found)))


def _objections(figure: Figure, words: str, found: _Found, there: _Figures) -> Iterator[Reason]:
    other = found.figure
    seen = found.line.said(max(0, other.first - 2), min(other.last + 1, len(found.line.words)))
    if figure.role and other.role and figure.role != other.role:
        yield fails(Failure.DIRECTION, words, f"'{figure.role} {words}': the evidence has {seen!r}")
    if figure.hedge not in _KEEPS[other.hedge]:
        exact = not other.hedge and figure.hedge in ("over", "under", "nearly")
        contrary = exact or other.hedge in _CONTRARY.get(figure.hedge, ())
        text = f"{words!r}: the evidence has {seen!r}" if figure.hedge else f"{words!r} isn't as exact: {seen!r}"
        yield (fails if contrary else weakens)(Failure.HEDGE, words, text)
    if figure.per != other.per:
        text = f"{words!r} is {figure.per or 'in all'} in the claim, {other.per or 'in all'} in the evidence"
        make = fails if figure.per and other.per else doubts if "each" in (figure.per, other.per) else weakens
        yield make(Failure.UNIT, words, text)
    if other.whole and not figure.whole and not figure.unit:
        text = f"{words!r}: in the evidence all of them are meant: {seen!r}"
        yield weakens(Failure.COUNTED, words, text)
    elif figure.whole and not other.whole and not figure.unit and _part_beside(figure, found, there):
        text = f"{words!r}: in the evidence a part of them is meant: {seen!r}"
        yield fails(Failure.COUNTED, words, text)
    yield from _counted(figure, words, found, there)


def _counted(figure: Figure, words: str, found: _Found, there: _Figures) -> Iterator[Reason]:
    """Whether what is counted is the same."""
    mine, theirs = figure.nouns, found.figure.nouns
    if not mine or not theirs or mine[-1] in theirs or theirs[-1] in mine:
        return
    said = any(mine[-1] in stems_of(line) for line in there.lines)
    if set(mine) & set(theirs) and not said:
        return
    text = f"{words!r} counts something else in the evidence"
    others = (one.figure for one in there.all if one.figure.value != figure.value and not one.figure.whole)
    rival = any(mine[-1] in one.nouns for one in others)
    alike = {mine[-1], theirs[-1]} <= lexicon().people
    if rival or (said and not alike):
        yield fails(Failure.COUNTED, words, text, wording=not rival and mine[-1] in stems_of(found.line))
    else:
        yield doubts(Failure.COUNTED, words, text)


def _part_beside(figure: Figure, found: _Found, there: _Figures) -> bool:
    """Whether the sentence that has the number also has the one that is a part of it in the evidence."""
    return any(one.line is found.line and one.figure.whole and one.figure.value != figure.value for one in there.all)


def _one(figure: Figure, words: str, there: _Figures) -> Iterator[Reason]:
    """ "one plant" where the evidence counts three; where it counts none, "a plant" may be meant."""
    counts = [found.figure for found in there.all if figure.nouns and figure.nouns[-1] in found.figure.nouns]
    if counts and all(count.value != 1 and count.unit != "ordinal" for count in counts):
        yield fails(Failure.NUMBER, words, f"{words!r}: the evidence counts another number of them")


def _same_value(one: Figure, other: Figure) -> bool:
    if (one.unit == "share") != (other.unit == "share") and "%" in (one.unit, other.unit):
        share, percent = (one, other) if one.unit == "share" else (other, one)
        return abs(share.value * 100 - percent.value) < Decimal("0.001") and percent.high is None
    if one.unit == "many" and not other.unit and other.high is None:
        return one.value <= other.value < one.value * 10
    return (one.value, one.high) == (other.value, other.high) or (
        one.unit == other.unit == "share" and abs(one.value - other.value) < Decimal("0.000001")
    )


def _same_unit(one: Figure, other: Figure) -> bool:
    if one.unit == other.unit or {one.unit, other.unit} == {"%", "share"}:
        return True
    if "age" in (one.unit, other.unit):
        plain = other if one.unit == "age" else one
        return plain.bare and not plain.nouns
    return one.unit == "many" and other.bare


def _meant(figure: Figure, line: Line) -> Figure:
    """A figure with the currency that it goes without beside another: "to 21 million crowns from 34 million"."""
    if not figure.bare or figure.nouns or figure.value < _LARGE or figure.loose:
        return figure
    currencies = {one.unit for one in figures(line) if one.money}
    return replace(figure, unit=currencies.pop(), money=True) if len(currencies) == 1 else figure


def _rounds(one: Figure, other: Figure) -> bool:
    """Whether a hedged figure of the claim fits an exact one of the evidence, which it rounds."""
    if not one.hedge or one.unit != other.unit or other.hedge or one.high is not None or other.high is not None:
        return False
    said, true = one.value, other.value
    if min(said, true) <= 0 or _digits(said) >= _digits(true) or not _same_nouns(one, other):
        return False
    if one.hedge == "near":
        return abs(true - said) <= NEAR * true
    if one.hedge in ("over", "least"):
        return said < true <= said * (1 + FAR)
    return said > true >= said * (1 - (2 * NEAR if one.hedge == "nearly" else FAR))


def _same_nouns(one: Figure, other: Figure) -> bool:
    return not one.nouns or not other.nouns or bool(set(one.nouns) & set(other.nouns))


def _digits(value: Decimal) -> int:
    """How many digits of a number count: 2 for 1,900 and .25."""
    return len(value.normalize().as_tuple().digits)


def _inside(one: Figure, other: Figure) -> bool:
    """Whether a single number is the end of a range of the evidence, or within it."""
    if one.high is not None or other.high is None or one.unit != other.unit:
        return False
    return other.value <= one.value <= other.high


def _ends(figure: Figure, there: _Figures) -> bool:
    """Whether both ends of a range are figures of the evidence."""
    values = {found.figure.value for found in there.all if found.figure.unit == figure.unit}
    return figure.value in values and figure.high in values


def _instead(figure: Figure, there: _Figures) -> str:
    """What the evidence has of this unit, for people; at most three."""
    alike = [found for found in there.all if found.figure.unit == figure.unit and not found.figure.loose]
    seen = [found.line.said(found.figure.first, found.figure.last) for found in alike[:3]]
    return f", which has {' and '.join(map(repr, seen))}" if seen else ""


# --- what has digits and isn't a number


def _literals(line: Line, mine: Sequence[Figure], cited: Sequence[Piece]) -> Iterator[Reason]:
    """Codes, scores, versions and what only looks like a number must stand in the evidence as they are."""
    read = {place for figure in mine for place in range(figure.first, figure.last)}
    read |= {place for time in times(line) for place in range(time.first, time.last)}
    scores = {one.first - 1 for one in mine if line.low(one.first - 1) == "-" and line.words[one.first].glued}
    for place, word in enumerate(line.words):
        score = place in scores and place and line.words[place].glued and place - 1 in read
        if not score and (place in read or not any(letter.isdigit() for letter in word.low)):
            continue
        run = _run(line, place)
        if not any(_stands(run, piece) for piece in cited):
            yield fails(Failure.NUMBER, run, f"{run!r} isn't in the evidence")


def _run(line: Line, place: int) -> str:
    """What is written together around a word, without the punctuation around it."""
    first, last = place, place + 1
    while first and place - first < _MOST and line.words[first].glued and line.words[first].low != "'s":
        first -= 1
    while last < min(len(line.words), place + _MOST) and line.words[last].glued and line.words[last].low != "'s":
        last += 1
    return line.said(first, last).strip(MARKS)


def _stands(run: str, piece: Piece) -> bool:
    return run.casefold() in piece.runs
