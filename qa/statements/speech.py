"""Who says what: a statement for each sentence that reports speech, with its speaker as the article lets us know.

Cues come from ``cues``, quotes from ``quotes``, persons from ``people``. Here they are put together: sources become
persons, quotes without a cue get the speaker of the quotes around them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.statements.cues import Cue, find_cues
from qa.statements.quotes import Quote
from qa.statements.sections import answers
from qa.statements.sources import Sources, Speaking
from qa.statements.tokens import Line, Reading, read
from qa.statements.vocabulary import words
from qa.types import Person, SentenceSpan, Span, Statement

_SHORT = 4  # words; a shorter quote without a cue is a title or a word held at arm's length
_VAGUE = words("it they this that which who i you we")
_READER = words("you")


class _Said(NamedTuple):
    line: int
    speaker: Speaking
    content: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.content[0].start

    @property
    def end(self) -> int:
        return self.content[-1].end


def find_statements(text: str, sentences: Sequence[SentenceSpan], people: Sequence[Person]) -> tuple[Statement, ...]:
    """The statements of one article in order; ``sentence`` counts in ``sentences``. Linear in the text's length."""
    reading = read(text, sentences)
    sources = Sources(reading, people)
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


def _reported(reading: Reading, line: Line, number: int, sources: Sources) -> Iterator[_Said]:
    """What the cues of one sentence report.

    A cue without a subject of its own has the sentence's main one. Inside what an earlier cue reports, only speech of
    another person or body counts: "he said it shows" is one statement. A person who speaks goes before "according to".
    """
    said: list[tuple[Cue, Speaking]] = []
    main: Speaking | None = None
    for cue in find_cues(reading, line):
        timed = sources.is_time(cue)
        if timed and cue.source_first > cue.place:
            continue  # "will be told by September 30"
        speaker = sources.speaker(cue) if cue.has_source and not timed else None
        if speaker is None:
            speaker = main or sources.subject(line, cue.place)
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
            word = reading.tokens[cue.place]
            yield _Said(number, speaker._replace(cue=Span(word.start, word.end)), tuple(_pieces(reading, cue)))


def _pieces(reading: Reading, cue: Cue) -> Iterator[Span]:
    """What was said, without the cue and the source that stand in it."""
    tokens = reading.tokens
    if not cue.start <= tokens[cue.place].start < cue.end:
        yield Span(cue.start, cue.end)
        return
    first = min(cue.place, cue.source_first) if cue.has_source else cue.place
    left = tokens[first - 1].end if first and tokens[first - 1].start >= cue.start else cue.start
    if left > cue.start and tokens[first - 1].low == "," and not reading.quoted[first - 1]:
        left = tokens[first - 2].end
    if left > cue.start:
        yield Span(cue.start, left)
    if cue.resumes < cue.end or left <= cue.start:
        yield Span(cue.resumes if cue.resumes < cue.end else cue.start, cue.end)


def _quoted(reading: Reading, said: list[_Said], sources: Sources) -> Iterator[_Said]:
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
                piece = Span(max(quote.start, start), min(quote.end, end))
                yield _Said(inside, owner._replace(inferred=True), (piece,))


def _range(reading: Reading, number: int) -> tuple[int, int]:
    line = reading.lines[number]
    return reading.tokens[line.first].start, reading.tokens[line.last - 1].end


def _owners(reading: Reading, said: list[_Said], sources: Sources) -> list[Speaking | None]:
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
            owners[place] = _beside(owners[place - 1], "before")
    for place in range(len(owners) - 2, -1, -1):
        quote = reading.quotes[place]
        if owners[place] is None and _is_long(reading, quote) and _follows(reading, lines[place], lines[place + 1]):
            owners[place] = _beside(owners[place + 1], "after")
    _answered(reading, owners, said, sources)
    return owners


def _beside(owner: Speaking | None, why: str) -> Speaking | None:
    return None if owner is None else owner._replace(why=why)


def _answered(reading: Reading, owners: list[Speaking | None], said: list[_Said], sources: Sources) -> None:
    """Give the quotes of an interview's answer that nothing else attributes to the one who is interviewed."""
    found = answers(reading)
    interviewee = sources.interviewee(item.speaker for item in said) if found else None
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
            first, second = sorted((other, item), key=lambda said: said.start)
            inferred = item.speaker.inferred and other.speaker.inferred
            item = _Said(item.line, first.speaker._replace(inferred=inferred), _joined(first, second))
        merged[key] = item
    return sorted(merged.values(), key=lambda item: (item.line, item.start))


def _joined(first: _Said, second: _Said) -> tuple[Span, ...]:
    """The pieces of both, in order, what overlaps as one."""
    joined: list[Span] = []
    for piece in sorted((*first.content, *second.content)):
        if joined and piece.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return tuple(joined)


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
        content=item.content,
        cue=item.speaker.cue,
        source=item.speaker.source,
        why=item.speaker.why,
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
