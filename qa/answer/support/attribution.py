"""Whether what somebody said stays theirs: attribution kept, not invented, and the speaker the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer.support.names import names_in
from qa.answer.support.negation import negated, negations
from qa.answer.support.pair import Pair
from qa.answer.support.reading import Line, lines
from qa.answer.support.reports import Report
from qa.answer.support.sources import content_of, cue, holds_office, is_named, name_of, place_of, same
from qa.answer.support.speakers import speaks
from qa.answer.support.verdict import Failure, Reason, doubts, fails, weakens
from qa.answer.support.voices import Voice, voices_of
from qa.statements.naming import name_parts
from qa.statements.roles import is_head
from qa.types import Support

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


def attribution(pair: Pair) -> Iterator[Reason]:
    """What of the claim is told in another voice than in the evidence."""
    voices = list(voices_of(pair))
    groups = [(report, range(report.first, report.last)) for report in pair.claim.reports]
    for report, places in groups:
        if report not in pair.reports or _no_source(report):
            continue
        yield from _reported(pair, report, [at for at in places if at in pair.places], voices)
    covered = {at for report, places in groups for at in (*places, *cue(pair.claim, report))}
    sources = {at for report in pair.claim.reports for at in place_of(pair.claim, report)}
    own = [at for at in pair.places if at not in covered and at not in sources and at not in pair.named]
    yield from _own(pair, own, voices)


def _no_source(report: Report) -> bool:
    """Whether what was read as a source can't be one: it has a number, or it's nobody in particular."""
    nobody = report.source.casefold() in _ANYBODY
    return nobody or any(word.kind == "number" for line in lines(report.source) for word in line.words)


# --- told as a fact


def _own(pair: Pair, own: Sequence[int], voices: Sequence[Voice]) -> Iterator[Reason]:
    for voice in voices:
        report = voice.report
        inside = [at for at in own if report.first <= pair.places[at] < report.last]
        outside = [at for at in own if not any(v.report.first <= pair.places[at] < v.report.last for v in voices)]
        outside = [at for at in outside if pair.places[at] not in place_of(pair.line, report)]
        if not inside or len(inside) <= len(outside):
            continue
        words = report.source or (voice.names[-1] if voice.names else "somebody")
        if report.place >= 0 and negated(pair.line, report.place) and not _after_instead(pair.line, report.place):
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
            text = f"told as a fact; it is {_THINGS[report.kind]} by {words}"
            yield fails(Failure.ATTRIBUTION, words, text, wording=report.kind == "believed" and _mentions(pair, voice))


def _after_instead(line: Line, at: int) -> bool:
    """Whether all that seems to deny a word is an "instead of" or "rather than" before it, which ends sooner."""
    return all(line.low(scope.place) in ("instead", "rather") for scope in negations(line) if at in scope)


def _mentions(pair: Pair, voice: Voice) -> bool:
    """Whether the claim has who speaks in it ("in Berg's view", "Berg's word for it is"): then it isn't told as a fact
    plainly.
    """
    theirs = {part for name in voice.names for part in name_of(name)[-1:]}
    theirs |= {part for name in voice.names if is_named(name) for part in name_parts(name)}
    offices = {word.stem for name in voice.names for line in lines(name) for word in line.words if is_head(word.low)}
    named = any(theirs.intersection(name.parts) for name in names_in(pair.claim))
    return named or any(word.stem in offices for word in pair.claim.words)


# --- told as somebody's


def _reported(pair: Pair, report: Report, places: Sequence[int], voices: Sequence[Voice]) -> Iterator[Reason]:
    """A report of the claim against the evidence's: there must be one of the same kind by the same speaker."""
    places = [at for at in places if at not in pair.named] or list(places)
    if not places:
        return
    mine = [voice for voice in voices if _holds(pair, voice.report, places)]
    if not mine:
        if any(speaks(pair, report, voice) is None for voice in voices if voice.known):
            return  # "..., she said; the rest of it ..."
        if _says_itself(pair, report) or _stands_in(pair, report.source, voices):
            return
        who = report.source or "somebody"
        elsewhere = {*pair.piece.meant, *(name for names in pair.piece.speakers for name in names)}
        known = any(same(report.source, name, pair) or holds_office(report.source, name, pair) for name in elsewhere)
        text = (
            f"not what {who} says in the evidence" if voices else f"nobody is known to say it, {who} does in the claim"
        )
        yield (doubts if known or not is_named(report.source) else weakens)(Failure.SPEAKER, report.source, text)
        return
    kept = [voice for voice in mine if report.kind in _KEEPS[voice.report.kind] or voice.report.place < 0]
    for voice in mine:
        if voice not in kept and not _covered(pair, voice, report):
            yield _otherwise(report, voice)
            return
    graded = [speaks(pair, report, voice) for voice in kept]
    if graded and all(reason is not None for reason in graded):
        reasons = [reason for reason in graded if reason is not None]
        yield min(reasons, key=lambda reason: reason.support is Support.UNSUPPORTED)
        return
    for voice, reason in zip(kept, graded, strict=True):
        others = (other for other in pair.claim.reports if other is not report)
        if reason is not None and voice.known and all(speaks(pair, other, voice) is not None for other in others):
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


def _stands_in(pair: Pair, source: str, voices: Sequence[Voice]) -> bool:
    """Whether who speaks in the claim stands in this sentence, and nobody else is known to speak."""
    if any(voice.known and not any(same(source, name, pair) for name in voice.names) for voice in voices):
        return False
    wanted = content_of(source)
    return bool(wanted) and wanted <= {word.stem for word in pair.line.words}


def _holds(pair: Pair, report: Report, places: Sequence[int]) -> bool:
    inside = sum(report.first <= pair.places[at] < report.last for at in places)
    return 2 * inside >= len(places)


def _covered(pair: Pair, voice: Voice, report: Report) -> bool:
    """Whether another report of the claim around or inside this one is of the kind."""
    others = [other for other in pair.claim.reports if other is not report]
    return any(other.kind in _KEEPS[voice.report.kind] for other in others)


def _otherwise(report: Report, voice: Voice) -> Reason:
    theirs = voice.report
    words = theirs.source or "somebody"
    text = f"{report.verb!r} in the claim, {theirs.verb!r} in the evidence"
    if "denied" in (report.kind, theirs.kind):
        return fails(Failure.NEGATION, words, text)
    return (doubts if theirs.kind == "said" else fails)(Failure.ATTRIBUTION, words, text)
