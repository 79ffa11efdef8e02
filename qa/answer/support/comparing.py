"""Whether the two sides of a comparison, or of "before" and "after", stand as in the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line
from qa.answer.support.verdict import Failure, Reason, fails

_TURNS = frozenset(("than", "before", "after"))
_STOPS = frozenset(".;:?!")
_REACH = 25  # words


@dataclass(frozen=True, slots=True)
class _Around:
    """The stems of the content words before and after, without those on both sides ("the price of"); ``first`` is the
    first after.
    """

    before: frozenset[str]
    after: frozenset[str]
    first: str

    def crosses(self, other: _Around) -> bool:
        """Whether what comes first after the word stands before it there, and the reverse of some."""
        across = self.first in other.before and self.first not in other.after
        return across and bool(self.before & other.after)

    def agrees(self, other: _Around) -> bool:
        """Whether what comes first after the word does so there, and something before it too."""
        return self.first in other.after and self.first not in other.before and bool(self.before & other.before)


def comparing(pair: Pair) -> Iterator[Reason]:
    """ "A is larger than B", "the vote came before the strike" turned round."""
    for at, word in enumerate(pair.claim.words):
        if word.low not in _TURNS:
            continue
        mine = _around(pair.claim, at)
        found = [place for place, other in enumerate(pair.line.words) if _alike(word.low, other.low)]
        place = max(found, key=lambda place: _overlap(pair, mine, word.low, place), default=None)
        if place is None:
            continue
        theirs, same = _around(pair.line, place), word.low == pair.line.low(place)
        alone = not mine.first and not theirs.first and not same  # "lifted soon after"
        if alone or (mine.crosses(theirs) if same else mine.agrees(theirs)):
            words = pair.claim.said(max(0, at - 1), min(at + 2, len(pair.claim.words)))
            yield fails(Failure.ROLES, words, f"{words!r}: the evidence has the two the other way round")
            return


def _alike(low: str, other: str) -> bool:
    return other in _TURNS and (low == "than") == (other == "than")


def _overlap(pair: Pair, mine: _Around, low: str, place: int) -> tuple[int, bool, int]:
    """How much of what stands around the claim's word stands around this one; of equals the same word, the first."""
    theirs = _around(pair.line, place)
    shared = (mine.before | mine.after) & (theirs.before | theirs.after)
    return len(shared), low == pair.line.low(place), -place


def _around(line: Line, at: int) -> _Around:
    first, last = at, at + 1
    while first and line.low(first - 1) not in _STOPS and at - first < _REACH:
        first -= 1
    while last < len(line.words) and line.low(last) not in _STOPS and last - at < _REACH:
        last += 1
    before, after = _contents(line, first, at), _contents(line, at + 1, last)
    own = [stem for stem in after if stem not in before]
    return _Around(frozenset(before) - frozenset(after), frozenset(own), own[0] if own else "")


def _contents(line: Line, first: int, last: int) -> list[str]:
    return [line.stem(place) for place in range(first, last) if line.words[place].content]
