"""Who a report names: the tokens of a source become a person, or stay the words of the article.

Which words report, and where their source stands, is ``cues``'; whose a quotation without a cue is, ``speech``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qa.statements import cuewords as w
from qa.statements.cues import Cue
from qa.statements.quotes import Quote
from qa.statements.sections import is_clear
from qa.statements.tokens import Line, Reading
from qa.statements.vocabulary import ADVERBS, HONORIFICS, MONTHS_AND_DAYS, PARTICLES, words
from qa.types import Mention, Person, Span

_SUBJECT_LENGTH = 14  # tokens
_SUBJECT_ENDS = words("is are was were be has have had will would can could may might must should did does do , ; :")
_OPENING = words("in on at by for from to with after before during when while as although though since if until under")
_CUT = words("of in on at by for from to with about who which after during")
_PRONOUNS = words("it they this that which who i you we he she")
_LEADING = words("and but so then also meanwhile however even shortly only later now still just")
#: After these a source goes on with when and where, not with who.
_CIRCUMSTANCES = words("after before during since when while until")
_IN_TIME = words("in on at by")
_TIME_ENDS = words("ago later earlier")
_CAME = words("came comes went goes took takes made makes got gets began begins rose rises fell falls led leads held")
_APPOSITION = 40  # tokens
_DASHES = frozenset("—–―")
_MARKS = frozenset('“”"«»„‘(–—-')


def _is_verb(low: str) -> bool:
    """Whether a word may be the verb of a clause that goes before: "the call came after Zhang said"."""
    return low in _CAME or (low.endswith("ed") and len(low) > 4)


class Speaking(NamedTuple):
    """A resolved source: a person's name or the words of the article. ``inferred``, ``why``, ``source`` and ``cue`` as
    in ``Statement``.
    """

    name: str
    inferred: bool
    person: bool = False
    why: str = "written"
    source: Span | None = None
    cue: Span | None = None


class Sources:
    """Turns the tokens of a source into a speaker."""

    def __init__(self, reading: Reading, people: Sequence[Person]) -> None:
        self._reading = reading
        self._ending: dict[int, tuple[Person, Mention]] = {}
        self._starting: dict[int, tuple[Person, Mention]] = {}
        self._mentioned = {person.name: len(person.mentions) for person in people}
        for person in people:
            for mention in person.mentions:
                self._ending[mention.end] = (person, mention)
                self._starting[mention.start] = (person, mention)

    def speaker(self, cue: Cue) -> Speaking | None:
        """The person whose mention is the head of the source, or is named beside it, else the source as written."""
        tokens = self._reading.tokens
        first, last = self._trimmed(cue.source_first, cue.source_last)
        if first == last:
            return None
        whole = self._ending.get(tokens[last - 1].end)
        end = tokens[self._with_apposition(last, cue.place) - 1].end
        if tokens[last - 1].end <= cue.start < end:  # "According to Zhang, the yard is full"
            end = tokens[last - 1].end
        written = Span(tokens[first].start, end)
        if whole is not None and self._is_head(first, last, whole[1]):
            return self._person(*whole, written)
        apposed = self._named_at(last + 1) if end > tokens[last - 1].end else None
        if apposed is not None:  # "a spokesperson, Ada Berg, said"
            return self._person(*apposed, written)
        head = next((step for step in range(first + 1, last) if tokens[step].low in _CUT), last)
        if first >= head:
            return None
        found = self._ending.get(tokens[head - 1].end)
        if found is not None:
            return self._person(*found, written)
        return self._written(first, last)._replace(source=written)

    def _named_at(self, place: int) -> tuple[Person, Mention] | None:
        """Who is named at a place, after forms of address."""
        tokens = self._reading.tokens
        while place < len(tokens) and tokens[place].low in HONORIFICS:
            place += 1
        found = self._starting.get(tokens[place].start) if place < len(tokens) else None
        return found if found is not None and found[1].kind == "name" else None

    def is_time(self, cue: Cue) -> bool:
        """Whether what stands as the source only says when: "will be told by September 30"."""
        source = self._reading.tokens[cue.source_first : cue.source_last]
        return cue.has_source and all(token.low in MONTHS_AND_DAYS or token.low.isdigit() for token in source)

    def _trimmed(self, first: int, last: int) -> tuple[int, int]:
        """A source without when, where and how it's said: "two weeks ago the company", "Zhang after the vote"."""
        tokens = self._reading.tokens
        first = self._past_leading(first, last)
        if first < last and tokens[first].low in _OPENING:
            first = self._after_opening(first, last)
        for step in range(first, last):
            low, following = tokens[step].low, tokens[step + 1].low if step + 1 < last else ""
            timed = low in _IN_TIME and (following in MONTHS_AND_DAYS or following.isdigit())
            if timed or (low in _CIRCUMSTANCES and step + 1 < last):
                clause = not timed and low != "during" and any(_is_verb(tokens[at].low) for at in range(first, step))
                if step > first and not clause:
                    last = step
                elif clause or timed or low in ("after", "before", "since"):
                    first = self._past_leading(step + 1, last)
                break
        return first, last

    def _past_leading(self, first: int, last: int) -> int:
        """Past marks, adverbs and times before a source."""
        tokens = self._reading.tokens
        dash = next((step for step in range(first, min(first + 8, last)) if tokens[step].text in _DASHES), None)
        if dash is not None and dash + 1 < last:
            first = dash + 1  # "BRANNOCK — It said"
        while first < last and (tokens[first].low in _LEADING or tokens[first].text in _MARKS):
            first += 1
        while first + 1 < last and tokens[first].low in MONTHS_AND_DAYS:
            first += 1  # "on Tuesday Ferrowick said"
        ago = next((step for step in range(first, min(first + 4, last)) if tokens[step].low in _TIME_ENDS), None)
        if ago is not None and ago + 1 < last:
            first = ago + 1 + (tokens[ago + 1].low == ",")
        return first

    def _after_opening(self, first: int, last: int) -> int:
        """Where a source begins after an opening phrase without a comma: "at the end of the day Zhang", "in it the
        minister".
        """
        tokens = self._reading.tokens
        start = last
        while start > first and (tokens[start - 1].capital or tokens[start - 1].low in PARTICLES):
            start -= 1
        if first < start < last and tokens[start].capital and tokens[start - 1].low not in _CUT | w.DETERMINERS:
            return start
        inside = range(last - 1, first + 1, -1)
        return next((at for at in inside if tokens[at].low in w.DETERMINERS and tokens[at - 1].low not in _CUT), first)

    def _with_apposition(self, last: int, cue: int) -> int:
        """Where a source ends with what stands beside it between commas: "Zhang, the company's chief executive,"."""
        tokens, quoted = self._reading.tokens, self._reading.quoted
        if last >= len(tokens) or tokens[last].low != "," or quoted[last]:
            return last
        if cue > last:  # "Zhang, the chief executive, had said"
            place = cue
            while place > last + 1 and cue - place < 4 and tokens[place - 1].low in ADVERBS:
                place -= 1
            return place - 1 if cue - last < _APPOSITION and tokens[place - 1].low == "," else last
        for step in range(last + 1, min(last + _APPOSITION, len(tokens))):
            if quoted[step]:
                return step - 1 if tokens[step - 1].low == "," else last
            if tokens[step].low in (".", ";", ":") or (tokens[step].low == "," and step > last + 1):
                return step
            if step == last + 1 and tokens[step].low not in w.DETERMINERS and tokens[step].low not in ("who", "whose"):
                return last
        return last

    def _is_head(self, first: int, last: int, mention: Mention) -> bool:
        """Whether a mention that ends the source is the one who speaks."""
        if mention.kind == "role" and mention.start < self._reading.tokens[first].start - 1:
            return False
        return not self._is_of(first, last, mention)

    def _is_of(self, first: int, last: int, mention: Mention) -> bool:
        """The mention only completes another noun: "a spokesman for Zhang"."""
        if self._reading.tokens[first].low in _OPENING:  # "In a meeting with the board Zhang said"
            return False
        for step in range(first, last):
            token = self._reading.tokens[step]
            if token.end <= mention.start and token.low in _CUT and step > first:
                return True
        return False

    def subject(self, line: Line, before: int) -> Speaking | None:
        """The sentence's main subject, for a participle or a second verb: the noun phrase after an opening phrase."""
        tokens = self._reading.tokens
        first = line.first
        if tokens[first].low in _OPENING:
            comma = next((step for step in range(first, before) if tokens[step].low == ","), line.first - 1)
            first = comma + 1
        for step in range(first, min(before, first + _SUBJECT_LENGTH)):
            found = self._ending.get(tokens[step].end)
            if found is not None and tokens[step + 1].low not in ("'s", "'"):
                written = Span(tokens[first].start, tokens[step].end)
                return self._person(*found, written)._replace(why="subject")
            apposed = self._named_at(step + 1) if tokens[step].low == "," and step > first else None
            if apposed is not None:  # "the director, Ada Berg, ..."
                written = Span(tokens[first].start, apposed[1].end)
                return self._person(*apposed, written)._replace(why="subject")
            if tokens[step].low in _SUBJECT_ENDS or tokens[step].low.endswith("ed"):
                return self._written(first, step) if step > first else None
        return None

    def _written(self, first: int, last: int) -> Speaking:
        span = Span(self._reading.tokens[first].start, self._reading.tokens[last - 1].end)
        return Speaking(span.of(self._reading.text), False, source=span)

    def announced(self, lines: tuple[int, int]) -> Speaking | None:
        """``He put it this way:`` and the quote in the next paragraph."""
        if not lines[0]:
            return None
        line = self._reading.lines[lines[0] - 1]
        if line.last <= line.first or self._reading.tokens[line.last - 1].low != ":" or line.headline:
            return None
        found = self.subject(line, line.last)
        return None if found is None else found._replace(why="announced")

    def interviewee(self, speakers: Iterable[Speaking]) -> Speaking | None:
        """Who alone or clearly most speaks in the article; where nobody does, who is mentioned so.

        A capitalised source that isn't a known person counts too: it may be one that was missed.
        """
        known = (speaker for speaker in speakers if speaker.name.lower() not in _PRONOUNS)
        counts = Counter(speaker.name for speaker in known if speaker.person or speaker.name.istitle())
        ranked = (counts or Counter(self._mentioned)).most_common(2)
        if not ranked or ranked[0][0] not in self._mentioned:
            return None
        clear = len(ranked) == 1 or is_clear(n for _, n in ranked)
        return Speaking(ranked[0][0], inferred=True, person=True, why="interview") if clear else None

    def signed(self, quote: Quote) -> Speaking | None:
        """``"..." - Mei Zhang``: a dash and a person right after the quote."""
        text = self._reading.text
        place = quote.end
        while place < len(text) and place - quote.end < 4 and text[place] in " \u00a0-–—―\n":
            place += 1
        if not set(text[quote.end : place]) & set("-–—―"):
            return None
        found = self._starting.get(place)
        if found is None:
            return None
        return self._person(*found, Span(found[1].start, found[1].end))._replace(why="signed")

    def _person(self, person: Person, mention: Mention, written: Span | None) -> Speaking:
        return Speaking(person.name, mention.kind != "name", True, mention.kind, written)
