"""Who says what: a statement for each sentence that reports speech, with its speaker as the article lets us know.

Cues come from ``cues``, quotes from ``quotes``, persons from ``people``. Here they are put together: sources become
persons, quotes without a cue get the speaker of the quotes around them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.statements.cues import Cue, find_cues
from qa.statements.quotes import Quote
from qa.statements.sections import answers, is_clear
from qa.statements.tokens import Line, Reading, read
from qa.statements.vocabulary import words
from qa.types import Mention, Person, SentenceSpan, Statement

_SHORT = 4  # words; a shorter quote without a cue is a title or a word held at arm's length
_SUBJECT_LENGTH = 14  # tokens
_SUBJECT_ENDS = words("is are was were be has have had will would can could may might must should did does do , ; :")
_OPENING = words("in on at by for from to with after before during when while as although though since if until under")
_CUT = words("of in on at by for from to with about who which after during")
_VAGUE = words("it they this that which who i you we")
_READER = words("you")
_PRONOUNS = _VAGUE | words("he she")
_LEADING = words("and but so then also meanwhile however")


class Speaking(NamedTuple):
    """A resolved source: a person's name or the words of the article; ``inferred`` as in ``Statement``."""

    name: str
    inferred: bool
    person: bool = False


class _Said(NamedTuple):
    line: int
    speaker: Speaking
    start: int
    end: int


def find_statements(text: str, sentences: Sequence[SentenceSpan], people: Sequence[Person]) -> tuple[Statement, ...]:
    """The statements of one article in order; ``sentence`` counts in ``sentences``. Linear in the text's length."""
    reading = read(text, sentences)
    sources = _Sources(reading, people)
    said: list[_Said] = []
    for number, line in enumerate(reading.lines):
        if not line.headline:
            said.extend(_reported(reading, line, number, sources))
    said.extend(_quoted(reading, said, sources))
    named = _named(people)
    return tuple(_statement(reading, item, named.get(item.speaker.name, ())) for item in _merged(said))


def _named(people: Sequence[Person]) -> dict[str, list[int]]:
    """Where each person is meant by name, in order: a sentence that names its speaker isn't read from context."""
    return {person.name: sorted(m.start for m in person.mentions if m.kind == "name") for person in people}


def _reported(reading: Reading, line: Line, number: int, sources: _Sources) -> Iterator[_Said]:
    """What the cues of one sentence report.

    A cue without a subject of its own has the sentence's main one. Inside what an earlier cue reports, only speech of
    another person or body counts: "he said it shows" is one statement. A person who speaks goes before "according to".
    """
    said: list[tuple[Cue, Speaking]] = []
    main: Speaking | None = None
    for cue in find_cues(reading, line):
        speaker = sources.speaker(cue, number) if cue.has_source else None
        if speaker is None:
            speaker = main or sources.subject(line, number, cue.place)
        nested = any(other.start <= reading.tokens[cue.place].start < other.end for other, _ in said)
        if (
            speaker is None
            or speaker.name.lower() in _READER
            or (nested and (cue.kind != "say" or speaker.name.lower() in _VAGUE))
        ):
            continue
        main = main or speaker
        said.append((cue, speaker))
    persons = any(speaker.person for _, speaker in said)
    for cue, speaker in said:
        if speaker.person or not persons or reading.tokens[cue.place].low != "according":
            yield _Said(number, speaker, cue.start, cue.end)


class _Sources:
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

    def speaker(self, cue: Cue, number: int) -> Speaking | None:
        """The person whose mention is the head of the source, else the source as written."""
        tokens = self._reading.tokens
        first, last = cue.source_first, cue.source_last
        while first < last and tokens[first].low in _LEADING:
            first += 1
        whole = self._ending.get(tokens[last - 1].end)
        if whole is not None and self._is_head(first, last, whole[1]):
            return self._person(*whole, number)
        head = next((step for step in range(first + 1, last) if tokens[step].low in _CUT), last)
        if first >= head:
            return None
        found = self._ending.get(tokens[head - 1].end)
        if found is not None:
            return self._person(*found, number)
        return Speaking(self._reading.text[tokens[first].start : tokens[last - 1].end], False)

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

    def subject(self, line: Line, number: int, before: int) -> Speaking | None:
        """The sentence's main subject, for a participle or a second verb: the noun phrase after an opening phrase."""
        tokens = self._reading.tokens
        first = line.first
        if tokens[first].low in _OPENING:
            comma = next((step for step in range(first, before) if tokens[step].low == ","), line.first - 1)
            first = comma + 1
        for step in range(first, min(before, first + _SUBJECT_LENGTH)):
            found = self._ending.get(tokens[step].end)
            if found is not None and tokens[step + 1].low not in ("'s", "'"):
                return self._person(*found, number)
            if tokens[step].low in _SUBJECT_ENDS or tokens[step].low.endswith("ed"):
                return self._written(first, step) if step > first else None
        return None

    def _written(self, first: int, last: int) -> Speaking:
        return Speaking(
            self._reading.text[self._reading.tokens[first].start : self._reading.tokens[last - 1].end], False
        )

    def announced(self, lines: tuple[int, int]) -> Speaking | None:
        """``He put it this way:`` and the quote in the next paragraph."""
        if not lines[0]:
            return None
        line = self._reading.lines[lines[0] - 1]
        if line.last <= line.first or self._reading.tokens[line.last - 1].low != ":" or line.headline:
            return None
        return self.subject(line, lines[0] - 1, line.last)

    def interviewee(self, said: Sequence[_Said]) -> Speaking | None:
        """Who alone or clearly most speaks in the article; where nobody does, who is mentioned so.

        A capitalised source that isn't a known person counts too: it may be one that was missed.
        """
        speaking = (item.speaker for item in said if item.speaker.name.lower() not in _PRONOUNS)
        counts = Counter(speaker.name for speaker in speaking if speaker.person or speaker.name.istitle())
        ranked = (counts or Counter(self._mentioned)).most_common(2)
        if not ranked or ranked[0][0] not in self._mentioned:
            return None
        return Speaking(ranked[0][0], True, True) if len(ranked) == 1 or is_clear(n for _, n in ranked) else None

    def signed(self, quote: Quote) -> Speaking | None:
        """``"..." - Mei Zhang``: a dash and a person right after the quote."""
        text = self._reading.text
        place = quote.end
        while place < len(text) and place - quote.end < 4 and text[place] in " \u00a0-–—―\n":
            place += 1
        if not set(text[quote.end : place]) & set("-–—―"):
            return None
        found = self._starting.get(place)
        return None if found is None else self._person(*found, 0)

    def _person(self, person: Person, mention: Mention, number: int) -> Speaking:
        return Speaking(person.name, mention.kind != "name", True)


def _quoted(reading: Reading, said: list[_Said], sources: _Sources) -> Iterator[_Said]:
    """Sentences inside quotes that no cue of their own reports: they have the speaker of the quote, or of the ones
    around.
    """
    owners = _owners(reading, said, sources)
    covered = {(item.line, item.speaker.name) for item in said}
    number = 0
    for quote, owner in zip(reading.quotes, owners, strict=True):
        while number < len(reading.lines) and _range(reading, number)[1] <= quote.start:
            number += 1
        if owner is None:
            continue
        for inside in range(number, len(reading.lines)):
            start, end = _range(reading, inside)
            if start >= quote.end:
                break
            if not reading.lines[inside].headline and (inside, owner.name) not in covered:
                yield _Said(inside, owner._replace(inferred=True), max(quote.start, start), min(quote.end, end))


def _range(reading: Reading, number: int) -> tuple[int, int]:
    line = reading.lines[number]
    return reading.tokens[line.first].start, reading.tokens[line.last - 1].end


def _owners(reading: Reading, said: list[_Said], sources: _Sources) -> list[Speaking | None]:
    """The speaker of each quote: its cue's; else whom the line before it announces or the dash after it names; else the
    one of the quote just before, else of the one just after; else, for words quoted inside a sentence, that
    sentence's subject.
    """
    owners = _cued(reading.quotes, said)
    lines = _lines_of(reading)
    for place, quote in enumerate(reading.quotes):
        if owners[place] is None:
            owners[place] = sources.announced(lines[place]) or sources.signed(quote)
    for place, quote in enumerate(reading.quotes):
        if (
            owners[place] is None
            and place
            and _is_long(reading, quote)
            and _follows(reading, lines[place - 1], lines[place])
        ):
            owners[place] = owners[place - 1]
    for place in range(len(owners) - 2, -1, -1):
        quote = reading.quotes[place]
        if owners[place] is None and _is_long(reading, quote) and _follows(reading, lines[place], lines[place + 1]):
            owners[place] = owners[place + 1]
    _answered(reading, owners, said, sources)
    return owners


def _answered(reading: Reading, owners: list[Speaking | None], said: list[_Said], sources: _Sources) -> None:
    """Give the quotes of an interview's answer that nothing else attributes to the one who is interviewed."""
    found = answers(reading)
    interviewee = sources.interviewee(said) if found else None
    place = 0
    for start, end in found:
        while place < len(owners) and reading.quotes[place].start < start:
            place += 1
        first = place
        while place < len(owners) and reading.quotes[place].start < end:
            place += 1
        owner = next((owner for owner in owners[first:place] if owner is not None), None)
        owners[first:place] = [known or owner or interviewee for known in owners[first:place]]


def _lines_of(reading: Reading) -> list[tuple[int, int]]:
    """For each quote the numbers of the first and the last sentence that it touches."""
    starts = [_range(reading, number)[0] for number in range(len(reading.lines))]
    return [
        (max(0, bisect_right(starts, quote.start) - 1), max(0, bisect_right(starts, quote.end - 1) - 1))
        for quote in reading.quotes
    ]


def _cued(quotes: Sequence[Quote], said: list[_Said]) -> list[Speaking | None]:
    """For each quote the speaker of the first thing said that overlaps it."""
    owners: list[Speaking | None] = [None] * len(quotes)
    ends = [quote.end for quote in quotes]
    for item in said:
        place = bisect_right(ends, item.start)
        while place < len(quotes) and quotes[place].start < item.end:
            owners[place] = owners[place] or item.speaker
            place += 1
    return owners


def _is_long(reading: Reading, quote: Quote) -> bool:
    return reading.text.count(" ", quote.start, quote.end) + 1 >= _SHORT


def _follows(reading: Reading, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether no whole sentence stands between two quotes, and at most one paragraph break."""
    close = other[0] - one[1] <= 1
    return close and reading.lines[other[0]].paragraph - reading.lines[one[1]].paragraph <= 1


def _merged(said: list[_Said]) -> list[_Said]:
    """One item a sentence and speaker, over all that this sentence reports of them."""
    merged: dict[tuple[int, str], _Said] = {}
    for item in said:
        key = (item.line, item.speaker.name)
        other = merged.get(key)
        if other is not None:
            inferred = item.speaker.inferred and other.speaker.inferred
            item = _Said(
                item.line, Speaking(item.speaker.name, inferred), min(item.start, other.start), max(item.end, other.end)
            )
        merged[key] = item
    return sorted(merged.values(), key=lambda item: (item.line, item.start))


def _statement(reading: Reading, item: _Said, named: Sequence[int]) -> Statement:
    line = reading.lines[item.line]
    begin, end = reading.tokens[line.first].start, reading.tokens[line.last - 1].end
    next_name = bisect_left(named, begin)
    return Statement(
        sentence=line.number,
        speaker=item.speaker.name,
        kind=_kind(reading, item),
        inferred=item.speaker.inferred and not (next_name < len(named) and named[next_name] < end),
        start=item.start,
        end=item.end,
    )


def _kind(reading: Reading, item: _Said) -> str:
    """Direct: nearly all inside quotes; mixed: some of it."""
    place = bisect_right(reading.quotes, item.start, key=lambda quote: quote.end)
    inside = 0
    while place < len(reading.quotes) and reading.quotes[place].start < item.end:
        inside += min(reading.quotes[place].end, item.end) - max(reading.quotes[place].start, item.start)
        place += 1
    if not inside:
        return "indirect"
    return "direct" if item.end - item.start - inside <= 3 else "mixed"
