"""Whether it is the claim's speaker who speaks in the evidence."""

from __future__ import annotations

from qa.answer.support.names import names_in
from qa.answer.support.near import nearest
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line
from qa.answer.support.reports import Report
from qa.answer.support.sources import (
    PRONOUNS,
    apposed,
    content_of,
    cue,
    holds_office,
    is_named,
    name_of,
    place_of,
    same,
)
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.answer.support.voices import Voice
from qa.statements.given_names import usual_gender
from qa.statements.naming import covers, fold, name_parts


def speaks(pair: Pair, report: Report, voice: Voice) -> Reason | None:
    """What speaks against the claim's speaker being the evidence's."""
    source = report.source
    low = fold(source)
    if not source or low in PRONOUNS:
        gender = PRONOUNS.get(low, "")
        theirs = {usual_gender(name_parts(name)[0]) for name in voice.names if is_named(name)} - {""}
        if gender and theirs and gender not in theirs:
            return weakens(Failure.SPEAKER, source, f"{source!r}: in the evidence {voice.names[0]} speaks")
        return None
    sources = [source, *apposed(pair.claim, report)]
    if any(same(one, name, pair) or holds_office(one, name, pair) for one in sources for name in voice.names):
        return None
    if any(_speaks_elsewhere(one, pair) for one in sources):
        return None
    if voice.open and any(_may_be(one, voice, pair) for one in sources):
        return None
    if not voice.names:
        return weakens(Failure.SPEAKER, source, f"the evidence doesn't say that it's {source!r} who speaks")
    if is_named(source) and voice.known:
        return fails(Failure.SPEAKER, source, f"{source!r} isn't who speaks: {voice.names[-1]!r} does")
    if not is_named(source):
        wanted = content_of(source)
        inside, outside = _stems(pair, voice.report)
        if wanted and wanted <= outside:
            return None
        if wanted and wanted <= inside:
            return fails(Failure.SPEAKER, source, f"{source!r} is spoken about; {voice.names[0]!r} speaks")
    alike = not is_named(source) and not voice.known
    text = f"the evidence has {voice.names[0]!r} speak, not plainly {source!r}"
    return (doubts if alike else weakens)(Failure.SPEAKER, source, text)


def _speaks_elsewhere(source: str, pair: Pair) -> bool:
    """Whether the claim's source speaks in another sentence of the evidence: a claim may be made of both."""
    for line, speakers in zip(pair.piece.lines, pair.piece.speakers, strict=True):
        if line is pair.line or not name_of(source):
            continue
        names = [*speakers, *(name for report in line.reports for name in (report.source, *apposed(line, report)))]
        if any(same(source, name, pair) for name in names if name and is_named(name)):
            return True
    return False


def _may_be(source: str, voice: Voice, pair: Pair) -> bool:
    """Whether a pronoun or a description of the evidence can mean the claim's speaker: somebody who is meant in it or,
    of those before, the nearest; a body only where it is named before.
    """
    low = fold(voice.report.source)
    mine = name_of(source)
    if not mine:
        return False
    evidence = pair.piece.evidence
    persons = {nearest(evidence.persons, PRONOUNS.get(low, ""))} - {""}
    if is_quoted(pair.line, voice.report.place):
        persons |= set(pair.piece.meant)
    elif any(map(is_named, pair.speakers)):
        return False
    if any(covers(mine, name_parts(person)) for person in persons):
        return True
    here = [" ".join(name.parts) for line in pair.piece.lines for name in names_in(line)]
    bodies = [name for name in (*evidence.near, *here) if name not in evidence.everybody]
    return low not in ("he", "she") and any(covers(mine, name_parts(name)) for name in bodies)


def is_quoted(line: Line, at: int) -> bool:
    """Whether a word stands inside a quotation, which may go on from the sentence before."""
    marks = [place for place, word in enumerate(line.words) if word.low == '"']
    before = sum(place < at for place in marks)
    return (before % 2 == 1) if len(marks) % 2 == 0 else before % 2 == 0 and marks[-1] > at


def _stems(pair: Pair, report: Report) -> tuple[set[str], set[str]]:
    """The stems of what is reported, and of what stands with its source: before the verb, or in apposition after it."""
    line = pair.line
    inside = {line.stem(at) for at in range(report.first, report.last)}
    source = place_of(line, report)
    last = source.stop
    if last and line.low(last) == ",":
        last = next((at for at in range(last + 1, len(line.words)) if line.words[at].kind == "sign"), len(line.words))
    told = range(0) if report.verb.startswith("accord") else cue(line, report)  # "told the council"
    around = (at for at in range(len(line.words)) if at not in told and not report.first <= at < report.last)
    return inside, {line.stem(at) for at in (*around, *range(source.start, last))}
