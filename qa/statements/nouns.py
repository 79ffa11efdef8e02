"""Finds, without a parser, the noun phrase before or after a place in a sentence: who may be speaking there.

Bounded walks over tokens outside quotes. Which word is a cue is decided in ``cues``.
"""

from __future__ import annotations

from qa.statements import cuewords as w
from qa.statements import verbs
from qa.statements import vocabulary as v
from qa.statements.tokens import Line, Reading


class Nouns:
    """The noun phrases of one sentence; places and ranges count in the reading's tokens."""

    def __init__(self, reading: Reading, line: Line) -> None:
        self._tokens = reading.tokens
        self._quoted = reading.quoted
        self._first, self._last = line.first, line.last

    def low(self, place: int) -> str:
        """The folded token at ``place``, or ``""`` outside the sentence."""
        return self._tokens[place].low if self._first <= place < self._last else ""

    def end_of(self, first: int) -> int:
        """Where the noun phrase that starts here ends: at punctuation, a clause word or a verb's helper."""
        place = first
        while place < self._last and place - first < w.LONGEST_NOUN and not self._quoted[place]:
            low = self._tokens[place].low
            if low in w.BREAKS and not (low == "and" and self._joins(place)):
                break
            if place > first and self.is_verb(place):
                break
            place += 1
        return place

    def skip_back(self, place: int) -> int:
        """Past the adverbs and helpers before a verb."""
        while place > self._first:
            low = self._tokens[place - 1].low
            if low in v.ADVERBS or (low.endswith("ly") and not self._tokens[place - 1].capital):
                place -= 1
            else:
                break
        return place

    def source(self, end: int) -> tuple[int, int]:
        """The subject that ends at ``end``; empty where an earlier subject carries over."""
        low = self.low(end - 1)
        if low in w.SUBJECTLESS or end == self._first:
            return end, end
        if low in ("who", "which"):
            return self._noun_before(end - 2 if self.low(end - 2) == "," else end - 1)
        if low == ",":
            return self.over_aside(end)
        return self._noun_before(end)

    def over_aside(self, end: int) -> tuple[int, int]:
        """``Zhang, who joined in 2010, said``: the noun before the aside between commas."""
        place = end - 2
        while place > self._first and end - place < 45:
            if self._tokens[place].low == "," and not self._quoted[place]:
                first, last = self._noun_before(place)
                if last > first and not (
                    place + 2 < end and self._tokens[place + 1].low.isdigit() and place + 2 == end - 1
                ):
                    return first, last
            place -= 1
        return self._noun_before(end - 1)

    def _noun_before(self, end: int) -> tuple[int, int]:
        first = end
        if end > self._first and self._tokens[end - 1].low in w.PRONOUNS:
            return end - 1, end
        while first > self._first and end - first < w.LONGEST_NOUN and not self._quoted[first - 1]:
            low = self._tokens[first - 1].low
            if (low in w.BREAKS and not (low == "and" and self._joins(first - 1))) or self.is_verb(first - 1):
                break
            first -= 1
        return first, end

    def is_verb(self, place: int) -> bool:
        """A helper verb, or the past or third person of a reporting verb."""
        token = self._tokens[place]
        if token.low in w.HELPERS:
            return True
        verb = verbs.look_up(token.low) if not token.capital else None
        return (
            verb is not None
            and verb.form in ("past", "s")
            and not verb.may_be_noun
            and self.low(place - 1) not in w.DETERMINERS
        )

    def _joins(self, place: int) -> bool:
        """An "and" between two names."""
        return (
            place > self._first
            and place + 1 < self._last
            and self._tokens[place - 1].capital
            and self._tokens[place + 1].capital
        )
