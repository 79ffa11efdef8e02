"""Whether what somebody said stays theirs: attribution kept, not invented, and the speaker the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answer.support.lexicon import root
from qa.answer.support.names import names_in
from qa.answer.support.near import nearest
from qa.answer.support.negation import negated
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line, lines
from qa.answer.support.reports import Report
from qa.answer.support.sides import owns
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.answer.words import contains
from qa.statements.given_names import usual_gender
from qa.statements.naming import covers, fold, name_parts
from qa.statements.roles import is_head
from qa.types import Support

_PRONOUNS = {"he": "m", "she": "f", "they": "", "it": "", "we": "", "i": "", "who": "", "you": ""}
_SHORT = frozenset(("it", "this", "that"))
_ANYBODY = frozenset(("someone", "somebody", "anyone", "anybody", "everyone", "everybody", "no one", "nobody"))
#: Ways of reporting that a claim may use where the evidence has the second.
_KEEPS = {
    "said": frozenset(("said", "alleged")),
    "alleged": frozenset(("said", "alleged")),
    "shown": frozenset(("said", "shown")),
    "denied": frozenset(("denied",)),
    "asked": frozenset(("asked",)),
    "urged": frozenset(("urged",)),
    "believed": frozenset(("believed",)),
}
#: Told as a fact, what is only said is partly supported; the others aren't even said to be so.
_SAID = frozenset(("said", "shown"))
_THINGS = {"denied": "denied", "alleged": "alleged", "asked": "asked", "urged": "demanded", "believed": "believed"}


@dataclass(frozen=True, slots=True)
class _Voice:
    """A report of the evidence with who speaks: ``names`` as they may be called, ``known`` whether any is a name;
    ``open``: the sentence itself only has a pronoun or a description for who it is.
    """

    report: Report
    names: tuple[str, ...]
    known: bool
    open: bool


def attribution(pair: Pair) -> Iterator[Reason]:
    """What of the claim is told in another voice than in the evidence."""
    voices = list(_voices(pair))
    groups = [(report, range(report.first, report.last)) for report in pair.claim.reports]
    for report, places in groups:
        if report not in pair.reports or _no_source(report):
            continue
        yield from _reported(pair, report, [at for at in places if at in pair.places], voices)
    covered = {at for report, places in groups for at in (*places, *_cue(pair.claim, report))}
    sources = {at for report in pair.claim.reports for at in _source(pair.claim, report)}
    own = [at for at in pair.places if at not in covered and at not in sources and at not in pair.named]
    yield from _own(pair, own, voices)


def _no_source(report: Report) -> bool:
    """Whether what was read as a source can't be one: it has a number, or it's nobody in particular."""
    nobody = report.source.casefold() in _ANYBODY
    return nobody or any(word.kind == "number" for line in lines(report.source) for word in line.words)


def _cue(line: Line, report: Report) -> range:
    """The verb of a report and to whom it's said: "told a press conference that"."""
    last = report.place + 1
    while last < len(line.words) and last != report.first and line.low(last) not in (",", ".", ";", '"'):
        last += 1
    return range(report.place, last) if report.place >= 0 else range(0)


def _source(line: Line, report: Report) -> range:
    """Where the source of a report is written, in words."""
    start = line.text.find(report.source) if report.source else -1
    inside = [at for at, word in enumerate(line.words) if start <= word.start < start + len(report.source)]
    return range(inside[0], inside[-1] + 1) if inside and start >= 0 else range(0)


# --- the evidence's voices


def _voices(pair: Pair) -> Iterator[_Voice]:
    """The reports of the evidence; a sentence without any in which somebody is known to speak is theirs."""
    for report in pair.line.reports:
        if (
            report.kind == "denied"
            and pair.line.low(report.first) in ("it", "this", "that")
            and report.last > report.first + 2
        ):
            continue  # "He denies it: there was no plan ..."
        names = [report.source] if report.source and fold(report.source) not in _PRONOUNS else []
        names += _apposed(pair.line, report) if names else []
        for speaker in pair.speakers:
            if not names or _same(report.source, speaker, pair) or not _named(report.source):
                names.append(speaker)
        open = not any(_named(name) for name in names if name not in pair.speakers)
        yield _Voice(report, tuple(names), any(map(_named, names)), open)
    if pair.speakers and not pair.line.reports:
        whole = Report("say", "said", -1, pair.speakers[0], 0, len(pair.line.words))
        yield _Voice(whole, pair.speakers, any(map(_named, pair.speakers)), False)


def _apposed(line: Line, report: Report) -> list[str]:
    """The name that stands beside a source between commas: "the fire chief, Omar Castell, warned", "Omar Castell, the
    fire chief, warned".
    """
    source = _source(line, report)
    first, last = source.start, source.stop
    while last and len(line.low(last + 1)) < 5 and line.low(last + 2) == ".":
        last += 2  # "the arbiter, Dr. R. A. Fenwick"
    names = [name for name in names_in(line) if name.sure]
    after = [name.text for name in names if line.low(source.stop) == "," and name.first == last + 1]
    before = [name.text for name in names if first and line.low(first - 1) == "," and name.last == first - 1]
    return [*after, *before]


def _named(source: str) -> bool:
    """Whether a source is or has a proper name, and isn't a description alone."""
    found = [name for line in lines(source) for name in names_in(line)]
    plain = all(name.sure or name.first or name.last > 1 or len(source.split()) == 1 for name in found)
    return bool(found) and plain and not source.lower().startswith(("the ", "a ", "an ", "its "))


# --- told as a fact


def _own(pair: Pair, own: Sequence[int], voices: Sequence[_Voice]) -> Iterator[Reason]:
    for voice in voices:
        report = voice.report
        inside = [at for at in own if report.first <= pair.places[at] < report.last]
        outside = [at for at in own if not any(v.report.first <= pair.places[at] < v.report.last for v in voices)]
        outside = [at for at in outside if pair.places[at] not in _source(pair.line, report)]
        if not inside or len(inside) <= len(outside):
            continue
        words = report.source or (voice.names[-1] if voice.names else "somebody")
        if report.place >= 0 and negated(pair.line, report.place):
            yield fails(Failure.NEGATION, words, f"{words} didn't say so")
        elif report.kind == "denied":
            yield fails(Failure.NEGATION, words, f"it is denied, by {words}")
        elif report.kind in _SAID and _mentions(pair, voice):
            continue
        elif report.kind in _SAID:
            yield (weakens if voice.known else doubts)(
                Failure.ATTRIBUTION, words, f"told as a fact; in the evidence {words} says it"
            )
        else:
            yield fails(Failure.ATTRIBUTION, words, f"told as a fact; it is {_THINGS[report.kind]} by {words}")


def _mentions(pair: Pair, voice: _Voice) -> bool:
    """Whether the claim has who speaks in it ("in Berg's view", "Berg's word for it is"): then it isn't told as a fact
    plainly.
    """
    theirs = {part for name in voice.names for part in _name(name)[-1:]}
    theirs |= {part for name in voice.names if _named(name) for part in name_parts(name)}
    heads = {
        line.stem(at)
        for name in voice.names
        for line in lines(name)
        for at in range(len(line.words))
        if is_head(line.low(at))
    }
    return any(theirs.intersection(name.parts) for name in names_in(pair.claim)) or bool(
        heads & {word.stem for word in pair.claim.words}
    )


# --- told as somebody's


def _reported(pair: Pair, report: Report, places: Sequence[int], voices: Sequence[_Voice]) -> Iterator[Reason]:
    """A report of the claim against the evidence's: there must be one of the same kind by the same speaker."""
    places = [at for at in places if at not in pair.named] or list(places)
    if not places:
        return
    mine = [voice for voice in voices if _holds(pair, voice.report, places)]
    if not mine:
        if any(_speaks(pair, report, voice) is None for voice in voices if voice.known):
            return  # "..., she said; the rest of it ..."
        if _says_itself(pair, report) or _stands_in(pair, report.source, voices):
            return
        who = report.source or "somebody"
        elsewhere = {*pair.piece.meant, *(name for names in pair.piece.speakers for name in names)}
        known = any(_same(report.source, name, pair) or _holds_office(report.source, name, pair) for name in elsewhere)
        text = (
            f"not what {who} says in the evidence" if voices else f"nobody is known to say it, {who} does in the claim"
        )
        yield (doubts if known or not _named(report.source) else weakens)(Failure.SPEAKER, report.source, text)
        return
    kept = [voice for voice in mine if report.kind in _KEEPS[voice.report.kind] or voice.report.place < 0]
    for voice in mine:
        if voice not in kept and not _covered(pair, voice, report):
            yield _otherwise(report, voice)
            return
    graded = [_speaks(pair, report, voice) for voice in kept]
    if graded and all(reason is not None for reason in graded):
        reasons = [reason for reason in graded if reason is not None]
        yield min(reasons, key=lambda reason: reason.support is Support.UNSUPPORTED)
        return
    for voice, reason in zip(kept, graded, strict=True):
        others = (other for other in pair.claim.reports if other is not report)
        if reason is not None and voice.known and all(_speaks(pair, other, voice) is not None for other in others):
            words = voice.report.source
            yield weakens(Failure.ATTRIBUTION, words, f"in the evidence it is {words!r} who says so")
            return


def _says_itself(pair: Pair, report: Report) -> bool:
    """Whether the evidence has the claim's own verb with the same doer, though not read as a report ("the bank (HB)
    warned of ...").
    """
    verb = pair.places.get(report.place)
    named = [name.parts[-1] for line in lines(report.source) for name in names_in(line)]
    before = {word.low for word in pair.line.words[: verb or 0]}
    return verb is not None and bool(named) and named[-1] in before


def _stands_in(pair: Pair, source: str, voices: Sequence[_Voice]) -> bool:
    """Whether who speaks in the claim stands in this sentence, and nobody else is known to speak."""
    if any(voice.known and not any(_same(source, name, pair) for name in voice.names) for voice in voices):
        return False
    wanted = _content(source)
    return bool(wanted) and wanted <= {word.stem for word in pair.line.words}


def _holds(pair: Pair, report: Report, places: Sequence[int]) -> bool:
    inside = sum(report.first <= pair.places[at] < report.last for at in places)
    return 2 * inside >= len(places)


def _covered(pair: Pair, voice: _Voice, report: Report) -> bool:
    """Whether another report of the claim around or inside this one is of the kind."""
    others = [other for other in pair.claim.reports if other is not report]
    return any(other.kind in _KEEPS[voice.report.kind] for other in others)


def _otherwise(report: Report, voice: _Voice) -> Reason:
    theirs = voice.report
    words = theirs.source or "somebody"
    text = f"{report.verb!r} in the claim, {theirs.verb!r} in the evidence"
    if "denied" in (report.kind, theirs.kind):
        return fails(Failure.NEGATION, words, text)
    return (doubts if theirs.kind == "said" else fails)(Failure.ATTRIBUTION, words, text)


# --- by whom


def _speaks(pair: Pair, report: Report, voice: _Voice) -> Reason | None:
    """What speaks against the claim's speaker being the evidence's."""
    source = report.source
    low = fold(source)
    if not source or low in _PRONOUNS:
        gender = _PRONOUNS.get(low, "")
        theirs = {usual_gender(name_parts(name)[0]) for name in voice.names if _named(name)} - {""}
        if gender and theirs and gender not in theirs:
            return weakens(Failure.SPEAKER, source, f"{source!r}: in the evidence {voice.names[0]} speaks")
        return None
    sources = [source, *_apposed(pair.claim, report)]
    if any(_same(one, name, pair) or _holds_office(one, name, pair) for one in sources for name in voice.names):
        return None
    if any(_speaks_elsewhere(one, pair) for one in sources):
        return None
    if voice.open and any(_may_be(one, voice, pair) for one in sources):
        return None
    if not voice.names:
        return weakens(Failure.SPEAKER, source, f"the evidence doesn't say that it's {source!r} who speaks")
    if _named(source) and voice.known:
        return fails(Failure.SPEAKER, source, f"{source!r} isn't who speaks: {voice.names[-1]!r} does")
    if not _named(source):
        wanted = _content(source)
        inside, outside = _stems(pair, voice.report)
        if wanted and wanted <= outside:
            return None
        if wanted and wanted <= inside:
            return fails(Failure.SPEAKER, source, f"{source!r} is spoken about; {voice.names[0]!r} speaks")
    alike = not _named(source) and not voice.known
    text = f"the evidence has {voice.names[0]!r} speak, not plainly {source!r}"
    return (doubts if alike else weakens)(Failure.SPEAKER, source, text)


def _near(pair: Pair) -> set[str]:
    """The stems of the names that stand before the evidence: whose "the company's" may be."""
    return {root(part) for name in pair.piece.evidence.near for part in name_parts(name)}


def _holds_office(source: str, name: str, pair: Pair) -> bool:
    """Whether the claim's source is a description ("its director") that the article gives to the evidence's name."""
    if _name(source):
        return False
    heads = {word.low for line in lines(source) for word in line.words}
    return any(heads & offices for holder, offices in pair.piece.evidence.offices if fold(holder) == fold(name))


def _speaks_elsewhere(source: str, pair: Pair) -> bool:
    """Whether the claim's source speaks in another sentence of the evidence: a claim may be made of both."""
    for line, speakers in zip(pair.piece.lines, pair.piece.speakers, strict=True):
        if line is pair.line or not _name(source):
            continue
        names = [*speakers, *(name for report in line.reports for name in (report.source, *_apposed(line, report)))]
        if any(_same(source, name, pair) for name in names if name and _named(name)):
            return True
    return False


def _may_be(source: str, voice: _Voice, pair: Pair) -> bool:
    """Whether a pronoun or a description of the evidence can mean the claim's speaker: somebody who is meant in it or,
    of those before, the nearest; a body only where it is named before.
    """
    low = fold(voice.report.source)
    mine = _name(source)
    if not mine:
        return False
    evidence = pair.piece.evidence
    persons = {nearest(evidence.persons, _PRONOUNS.get(low, ""))} - {""}
    if _quoted(pair.line, voice.report.place):
        persons |= set(pair.piece.meant)
    elif any(map(_named, pair.speakers)):
        return False
    if any(covers(mine, name_parts(person)) for person in persons):
        return True
    here = [" ".join(name.parts) for line in pair.piece.lines for name in names_in(line)]
    bodies = [name for name in (*evidence.near, *here) if name not in evidence.everybody]
    return low not in ("he", "she") and any(covers(mine, name_parts(name)) for name in bodies)


def _quoted(line: Line, at: int) -> bool:
    """Whether a word stands inside a quotation, which may go on from the sentence before."""
    marks = [place for place, word in enumerate(line.words) if word.low == '"']
    before = sum(place < at for place in marks)
    return (before % 2 == 1) if len(marks) % 2 == 0 else before % 2 == 0 and marks[-1] > at


def _same(source: str, name: str, pair: Pair) -> bool:
    """Whether the claim's source and a name of the evidence are one: all of one's words are the other's."""
    mine, theirs = _name(source), _name(name)
    if fold(source) == fold(name):
        return True
    if mine and not theirs:
        return False
    if not mine:
        heads = _content(source, owners=False)
        return (
            bool(heads) and heads <= _content(name, owners=False) and _content(source) <= _content(name) | _near(pair)
        )
    if covers(mine, theirs) or contains(theirs, mine):
        return True
    if contains(mine, theirs) or covers(theirs, mine):
        known = {part for person in pair.piece.meant for part in name_parts(person)}
        known |= {word.low for line in (*pair.piece.lines, *pair.piece.title) for word in line.words}
        return set(mine) <= known
    return False


def _name(source: str) -> tuple[str, ...]:
    """The folded words of the last proper name in a source ("the company's chief executive, Maria Berg"), but for one
    that only says whose somebody is.
    """
    found = [name for line in lines(source) for name in names_in(line) if name.sure and not owns(line, name.last - 1)]
    return found[-1].parts if found else ()


def _content(source: str, *, owners: bool = True) -> set[str]:
    """The stems of a source's words, with or without those that only say whose somebody is."""
    read = [(line, at) for line in lines(source) for at in range(len(line.words)) if line.words[at].content]
    return {line.stem(at) for line, at in read if owners or not owns(line, at)}


def _stems(pair: Pair, report: Report) -> tuple[set[str], set[str]]:
    """The stems of what is reported, and of what stands with its source: before the verb, or in apposition after it."""
    line = pair.line
    inside = {line.stem(at) for at in range(report.first, report.last)}
    source = _source(line, report)
    last = source.stop
    if last and line.low(last) == ",":
        last = next((at for at in range(last + 1, len(line.words)) if line.words[at].kind == "sign"), len(line.words))
    told = range(0) if report.verb.startswith("accord") else _cue(line, report)  # "told the council"
    around = (at for at in range(len(line.words)) if at not in told and not report.first <= at < report.last)
    return inside, {line.stem(at) for at in (*around, *range(source.start, last))}
