"""Finds, in one sentence, the words that report speech, who they say is speaking, and where what was said stands.

Works on tokens outside quotes. Whose name a source is, and what quotes without a cue belong to, is decided in
``speech``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.statements import cuewords as w
from qa.statements import verbs
from qa.statements import vocabulary as v
from qa.statements.nouns import Nouns
from qa.statements.tokens import Line, Reading, Token
from qa.statements.verbs import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A report: tokens of the source ``[source_first, source_last)`` (equal: the subject of an earlier cue in the
    sentence speaks), and the character range of what was said. Where the cue stands inside of that range, what was
    said goes on at ``resumes``, or doesn't where that's its end.
    """

    place: int
    source_first: int
    source_last: int
    start: int
    end: int
    kind: str
    resumes: int

    @property
    def has_source(self) -> bool:
        """Whether the source is written beside this cue."""
        return self.source_last > self.source_first


def find_cues(reading: Reading, line: Line) -> list[Cue]:
    """The cues of a body sentence in order."""
    return list(_Sentence(reading, line).cues())


class _Sentence:
    """One sentence's tokens with the questions that cues ask of them."""

    def __init__(self, reading: Reading, line: Line) -> None:
        self._tokens = reading.tokens
        self._quoted = reading.quoted
        self._first, self._last = line.first, line.last
        self._nouns = Nouns(reading, line)
        self._last_quoted = max((place for place in range(line.first, line.last) if reading.quoted[place]), default=-1)

    def cues(self) -> Iterator[Cue]:
        for place in range(self._first, self._last):
            if self._quoted[place]:
                continue
            low = self._tokens[place].low
            if low == "according" and self._nouns.low(place + 1) == "to":
                cue = self._according(place)
            else:
                verb = verbs.look_up(low)
                cue = self._reported(place, verb) if verb is not None else None
            if cue is not None and cue.end > cue.start:
                yield cue

    # -- according to ---------------------------------------------------------------------------------------------

    def _according(self, place: int) -> Cue | None:
        first = place + 2
        last = self._nouns.end_of(first)
        if last == first or self._tokens[last - 1].low in w.NOT_SOURCES or self._nouns.low(first) in w.NOT_SOURCES:
            return None
        if place - self._first > 2:
            end = place - 1 if self._nouns.low(place - 1) == "," else place
            return self._cue(place, first, last, self._first, end, "say")
        start = last + 1 if self._nouns.low(last) == "," else last
        return self._cue(place, first, last, start, self._last, "say")

    # -- verbs ----------------------------------------------------------------------------------------------------

    def _reported(self, place: int, verb: Verb) -> Cue | None:
        before = self._nouns.skip_back(place)
        previous = self._nouns.low(before - 1)
        if verb.base in w.TOGETHER and verb.base != "call" and self._nouns.low(place + 1) not in w.TOGETHER[verb.base]:
            return None
        if (
            self._nouns.low(place - 1) in w.DETERMINERS
            or (verb.may_be_noun and self._nouns.low(place - 1) in w.QUANTITIES)
            or (verb.form != "ing" and previous in w.PREPOSITIONS and previous != "to")
        ):
            return None
        if self._is_refusal(place, before, verb):
            return None
        if "whether" in (self._nouns.low(step) for step in range(before - 3, before)):
            return None  # "has yet to say whether she will ask"
        if verb.kind == "say" and self._is_inverted(place):
            first = place + 1
            return self._before(place, first, self._nouns.end_of(first), verb)
        helped = {self._tokens[step].low for step in range(before, place)}
        if verb.form == "past" and helped & w.BE and "have" not in helped:
            return self._passive(place, verb)
        if not self._is_finite(place, before, verb, helped):
            return None
        if verb.form == "ing" and not helped & w.BE:
            return self._after(place, place, place, verb)
        first, last = self._nouns.source(before)
        if not self._is_plain(first, last, before, verb):
            return None
        if verb.kind == "say" and last > first and self._is_postposed(place, first, verb):
            return self._before(place, first, last, verb)
        return self._after(place, first, last, verb)

    def _is_refusal(self, place: int, before: int, verb: Verb) -> bool:
        """``would not say who``, ``declined to comment``: nothing is said. ``did not say that`` reports a denial."""
        if verb.base == "refuse":
            following = verbs.look_up(self._nouns.low(place + 2))
            return self._nouns.low(place + 1) == "to" and following is not None and following.base in w.SILENT
        if verb.base not in w.SILENT:
            return False
        if self._nouns.low(place - 1) == "to" and self._nouns.low(place - 2) in w.REFUSING:
            return True
        helpers = [self._nouns.low(step) for step in range(before, place)]
        if not any(low == "not" or low.endswith(("n't", "cannot")) for low in helpers):
            return False
        if verb.base not in ("say", "tell"):
            return True
        return not self._nouns.low(self._told_end(place, verb)) or (
            self._nouns.low(self._told_end(place, verb)) in w.UNTOLD
        )

    def _is_plain(self, first: int, last: int, before: int, verb: Verb) -> bool:
        """Whether the words before can be the subject: no verb among them, unless the cue is beyond doubt.

        "raising questions about" has none; neither has "cited derogatory comments".
        """
        if verb.base in w.CERTAIN:
            return True
        if last == first:
            return self._nouns.low(before - 1) in w.SUBJECTLESS and verb.form in ("past", "s") and not verb.may_be_noun
        cut = first > self._first and self._nouns.is_verb(first - 1)
        named = last - first < 4 and (self._tokens[first].capital or self._tokens[first].low in w.PRONOUNS)
        if verb.may_be_noun:
            if self._nouns.low(before - 1).endswith(("ed", "ing")) or self._nouns.low(before - 1) in v.NATIONALITIES:
                return False
            return (
                not cut
                and self._nouns.low(first) not in w.PREPOSITIONS
                and self._nouns.low(before) not in w.PREPOSITIONS
            )
        return not cut or named

    def _is_inverted(self, place: int) -> bool:
        """``..." said Zhang``, ``..., said Zhang``: content before, then the verb, then its subject."""
        before = self._nouns.low(place - 1)
        if place == self._first and self._tokens[place].low in ("said", "says", "added"):
            return self._nouns.low(self._nouns.end_of(place + 1)) == ":"
        if before not in w.CLOSING and before != ",":
            return False
        if before in w.CLOSING and not (place >= 2 and self._quoted[place - 1]):
            return False
        following = self._tokens[place + 1] if place + 1 < self._last else None
        if following is None or self._quoted[place + 1]:
            return False
        if self._tokens[place].low not in ("said", "says") and before == ",":
            return False
        if before in w.CLOSING:
            return following.low not in ("that", "it", "there") and following.low[0].isalpha()
        if not (following.capital or following.low in w.DETERMINERS) or self._nouns.over_aside(place)[0] == self._first:
            return False
        end = self._nouns.end_of(place + 1)
        return end - place < 6 and self._nouns.low(end) in w.AFTER_INVERTED

    def _is_finite(self, place: int, before: int, verb: Verb, helped: set[str]) -> bool:
        previous = self._tokens[before - 1] if before > self._first else None
        if verb.form == "past":
            return previous is not None or bool(helped)
        if verb.form == "ing":
            if self._nouns.low(place + 1) in (",", ":") and place + 2 < self._last and self._quoted[place + 2]:
                return True
            return bool(helped & w.BE) or (
                verb.kind != "stance" and previous is not None and previous.low in w.BEFORE_PARTICIPLE
            )
        if verb.form == "s":
            return (
                previous is not None
                and not self._tokens[place].capital
                and self._subject_like(previous)
                and (not verb.may_be_noun or self._nouns.low(place + 1) not in ("of", "are", "were", "have"))
            )
        if verb.base == "say":
            return previous is not None and "to" not in helped and previous.low not in ("to", "let", "let's")
        if helped & w.MODALS:
            return True
        return previous is not None and (previous.low in w.PLURAL_PRONOUNS or _is_plural(previous))

    def _subject_like(self, token: Token) -> bool:
        low = token.low
        return (
            token.capital or low in w.PRONOUNS or low == "and" or low == "," or (low.isalpha() and low not in w.SMALL)
        )

    def _passive(self, place: int, verb: Verb) -> Cue | None:
        """``was criticised by the union``: what is criticised is the content, the agent its source."""
        for step in range(place + 1, min(place + 8, self._last)):
            if self._tokens[step].low == "by" and not self._quoted[step]:
                last = self._nouns.end_of(step + 1)
                return self._cue(place, step + 1, last, self._first, place, verb.kind) if last > step + 1 else None
            if self._tokens[step].low in w.BREAKS:
                return None
        return None

    # -- contents -------------------------------------------------------------------------------------------------

    def _is_postposed(self, place: int, first: int, verb: Verb) -> bool:
        """``The deal is done, he said on Monday.``: a whole clause or a quote before the source, nothing after."""
        if first - self._first < 3:
            return False
        before = self._nouns.low(first - 1)
        if before in w.CLOSING and self._quoted[first - 1]:
            return not self._quote_follows(place)
        if before != ",":
            return False
        following = self._nouns.low(self._told_end(place, verb))
        if following and following not in w.POST:
            return False
        if following in (",", ".", "", "?", "!"):
            return self._nouns.low(self._first) not in w.PREPOSITIONS or following != ","
        rest = {self._tokens[step].low for step in range(place + 1, min(place + 14, self._last))}
        return (
            "that" not in rest and not self._quote_follows(place) and self._nouns.low(self._first) not in w.PREPOSITIONS
        )

    def _told_end(self, place: int, verb: Verb) -> int:
        """Past a particle ("called for", "pointed out") or whom ``tell`` speaks to ("told its staff that")."""
        if self._nouns.low(place + 1) in w.TOGETHER.get(verb.base, ()):
            return place + 2
        if verb.base not in w.TO_SOMEONE:
            return place + 1
        for step in range(place + 2, min(place + 9, self._last)):
            if (
                self._quoted[step]
                or self._nouns.low(step) in (",", ".", ":", "that")
                or self._nouns.is_verb(step)
                or self._is_clause(step)
            ):
                return step
        return place + 1

    def _is_clause(self, place: int) -> bool:
        """A new clause begins: "told reporters the deal", "told him he would"."""
        return self._nouns.low(place) in w.OPEN_NOUN and self._nouns.low(place - 1) not in w.BEFORE_NOUNS

    def _quote_follows(self, place: int) -> bool:
        return self._last_quoted > place

    def _before(self, place: int, first: int, last: int, verb: Verb) -> Cue | None:
        """Content before the cue; if quotes follow as well, it goes on to the sentence's end."""
        edge = min(place, first)
        if self._quote_follows(max(place, last - 1)):
            return self._cue(place, first, last, self._first, self._last, verb.kind)
        after = max(place + 1, last)
        if self._nouns.low(after) == "," and self._nouns.low(after + 1) in w.HELPERS:  # "The yard, he said, is full."
            return self._cue(place, first, last, self._first, self._last, verb.kind, resumes=after + 1)
        while edge > self._first and self._nouns.low(edge - 1) == ",":
            edge -= 1
        return self._cue(place, first, last, self._first, edge, verb.kind)

    def _after(self, place: int, first: int, last: int, verb: Verb) -> Cue | None:
        start = self._told_end(place, verb)
        while self._nouns.low(start) in (",", ":", "that", "―", "—"):
            start += 1
        left_quote = first > self._first and self._quoted[first - 1] and self._nouns.low(first - 1) in w.CLOSING
        if left_quote and verb.kind == "say":
            return self._cue(place, first, last, self._first, self._last, verb.kind)
        if start >= self._last or (self._nouns.low(start) in w.NO_CONTENT and not self._quoted[start]):
            return None
        return self._cue(place, first, last, start, self._last, verb.kind)

    def _cue(
        self, place: int, first: int, last: int, start: int, end: int, kind: str, *, resumes: int | None = None
    ) -> Cue | None:
        if end <= start:
            return None
        stop = self._tokens[end - 1].end
        if self._tokens[end - 1].low == "." and not self._quoted[end - 1] and end - 1 > start:
            stop = self._tokens[end - 2].end
        after = max(place + 1, last)
        again = (step for step in range(after, end) if self._quoted[step])
        goes_on = resumes if resumes is not None else next(again, None)
        return Cue(
            place=place,
            source_first=first,
            source_last=last,
            start=self._tokens[start].start,
            end=stop,
            kind=kind,
            resumes=stop if goes_on is None else min(self._tokens[goes_on].start, stop),
        )


def _is_plural(token: Token) -> bool:
    low = token.low
    return low in w.PLURALS or (len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "'s", "us", "is")))
