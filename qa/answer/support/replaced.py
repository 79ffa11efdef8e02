"""Whether a name, number or code of a claim stands where the evidence has another one: the words around it tell.

"The M7 and the M4 closed" against "the M1 and the M4 closed, the M7 didn't": both are in the evidence, each at its
place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answer.support.cited import Piece, all_lines
from qa.answer.support.figure import Figure
from qa.answer.support.figures import figures
from qa.answer.support.lexicon import lexicon
from qa.answer.support.names import names_in
from qa.answer.support.reading import Line
from qa.answer.support.verdict import Failure, Reason, fails

#: So many words on each side must agree; or, for names, so many on one side.
_BOTH, _ONE = 3, 4
_TELLING = 3  # of these, words that aren't signs

_Window = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A name, a figure or a code in words ``[first, last)``."""

    first: int
    last: int
    key: str
    named: bool = False
    hedged: bool = False


def replaced(claim: Sequence[Line], cited: Sequence[Piece]) -> Iterator[Reason]:
    """The names, numbers and codes in whose place the evidence has others."""
    there: dict[_Window, set[str]] = defaultdict(set)
    everywhere: set[str] = set()  # what is nowhere at all is the numbers' and the names' affair
    for line in all_lines(cited):
        everywhere.update(unit.key for unit in _units(line))
        for window, keys in _windows(line).items():
            there[window] |= keys
    for line in claim:
        for members in _lists(line, _units(line)):
            for unit in (unit for unit in members if unit.key in everywhere):
                reason = _reason(line, unit, members, there)
                if reason is not None:
                    yield reason
                    return


def _reason(line: Line, unit: _Unit, members: Sequence[_Unit], there: Mapping[_Window, Iterable[str]]) -> Reason | None:
    """What the evidence has in the place of a unit; of a list the place of one may be another's."""
    for window in _around(line, unit, unit) if not unit.hedged else ():
        known = there.get(window, ())
        mine = [unit] if all(window) else members
        if known and not any(_same(one.key, key) for one in mine for key in known):
            words = line.said(unit.first, unit.last)
            text = f"in the place of {words!r} the evidence has {min(known).replace('#', ' ').strip()!r}"
            return fails(Failure.BINDING, words, text)
    return None


def _same(key: str, other: str) -> bool:
    """Whether two names or numbers are one: equal, a shorter form, or another name of the same thing."""
    if f" {key} " in f" {other} " or f" {other} " in f" {key} ":
        return True
    ends = other.split("#")[0].split("-") if "#" in key else []  # an end of a range is the numbers' affair
    return key.split("#")[0] in ends or other in lexicon().same.get(key, ())


@lru_cache(maxsize=1_024)
def _windows(line: Line) -> Mapping[_Window, frozenset[str]]:
    """What stands in each window; of a list ("Leeds, York and Hull") every member stands in the place of each."""
    found: dict[_Window, set[str]] = defaultdict(set)
    units = _units(line)
    for members in _lists(line, units):
        keys = {unit.key for unit in members}
        for unit in members:
            for window in _around(line, unit, unit):
                found[window] |= keys
        for window in _around(line, members[0], members[-1]):
            found[window] |= keys
    return {window: frozenset(keys) for window, keys in found.items()}


@lru_cache(maxsize=1_024)
def _units(line: Line) -> tuple[_Unit, ...]:
    units = [_Unit(one.first, one.last, " ".join(one.parts), named=True) for one in names_in(line) if one.sure]
    units += [_Unit(one.first, one.last, _value(one), hedged=bool(one.hedge)) for one in figures(line)]
    taken = {at for unit in units for at in range(unit.first, unit.last)}
    units += [
        _Unit(at, at + 1, word.low)
        for at, word in enumerate(line.words)
        if word.kind in ("number", "code") and at not in taken
    ]
    return tuple(sorted(units, key=lambda unit: unit.first))


def _value(one: Figure) -> str:
    """A figure however it is written; a share is a percentage."""
    share = one.unit == "share"
    ends = [round(value * 100, 4) if share else value for value in (one.value, one.high) if value]
    written = "-".join(f"{value.normalize():f}" for value in ends)
    return f"{written or 0}#{'%' if share else one.unit}"


def _lists(line: Line, units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """Runs of units with nothing but commas and "and" between."""
    members: list[_Unit] = []
    for unit in units:
        joint = range(members[-1].last, unit.first) if members else range(0)
        if members and not (joint and all(line.low(at) in (",", "and", "or", "&", "the") for at in joint)):
            yield members
            members = []
        members.append(unit)
    if members:
        yield members


def _around(line: Line, first: _Unit, last: _Unit) -> Iterator[_Window]:
    """The windows around what begins with ``first`` and ends with ``last``: on both sides; for names on one, too."""
    before = tuple(line.low(at) for at in range(first.first - _ONE, first.first))
    after = tuple(line.low(at) for at in range(last.last, last.last + _ONE))
    both = (before[-_BOTH:], after[:_BOTH])
    if _telling((*both[0], *both[1])):
        yield both
    if first.named and _telling(before) and before[-1][:1].isalnum():
        yield before, ()
    if first.named and _telling(after) and after[0][:1].isalnum():
        yield (), after


def _telling(lows: Sequence[str]) -> bool:
    return sum(low[:1].isalnum() for low in lows) >= _TELLING
