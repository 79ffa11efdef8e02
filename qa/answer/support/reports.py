"""What a sentence reports as said, denied, asked, believed; cues and sources are ``qa.statements``'s."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer.support.lexicon import lexicon
from qa.answer.support.words import Word
from qa.retrieve.words import PREPOSITIONS
from qa.statements.cues import Cue, find_cues
from qa.statements.cuewords import CERTAIN, TOGETHER
from qa.statements.tokens import Reading, read
from qa.statements.verbs import look_up
from qa.types import SentenceSpan

_ONLY_THAT = frozenset(("see", "find", "know", "view"))


@dataclass(frozen=True, slots=True)
class Report:
    """Speech or a view that words ``[first, last)`` report: ``verb`` is its base form, at ``place``.

    ``kind`` is how it's reported: ``"said"``, ``"denied"``, ``"alleged"``, ``"asked"``, ``"urged"``, ``"believed"``,
    ``"shown"``. ``source`` is who speaks as written, or nothing.
    """

    verb: str
    kind: str
    place: int
    source: str
    first: int
    last: int


def reports_of(text: str, words: tuple[Word, ...]) -> Iterator[Report]:
    """What is reported as said or thought in the sentence ``text``, whose words are ``words``."""
    lead = '"' if _closes_only(text) else ""
    text = lead + text
    reading = read(text, (SentenceSpan(start=0, end=len(text)),))
    starts = [word.start + len(lead) for word in words]
    for line in reading.lines[:1]:
        for cue in find_cues(reading, line):
            token = reading.tokens[cue.place]
            verb = look_up(token.low)
            base = "say" if verb is None else verb.base
            kind = _kind(base, "say" if verb is None else verb.kind)
            if not kind or not _reports_clause(reading, cue, base, kind):
                continue
            ends = (reading.tokens[cue.source_first].start, reading.tokens[cue.source_last - 1].end)
            yield Report(
                verb=base,
                kind=kind,
                place=bisect_left(starts, token.start),
                source=text[slice(*ends)] if cue.has_source else "",
                first=bisect_left(starts, cue.start),
                last=bisect_left(starts, cue.end),
            )


def _closes_only(text: str) -> bool:
    """Whether the sentence ends a quotation that an earlier one begins."""
    first = text.find('"')
    return first > 0 and text.count('"') % 2 == 1 and not text[first - 1].isspace() and text[first - 1] != "("


def _reports_clause(reading: Reading, cue: Cue, base: str, kind: str) -> bool:
    """Whether a cue reports what somebody says to be so: not "hopes to grow" (a plan), "responded by printing",
    "known as".
    """
    lows = [token.low for token in reading.tokens[cue.place + 1 : cue.place + 3]]
    following = lows[0] if lows else ""
    if kind in ("believed", "urged", "alleged") and following == "to":
        return False
    if base in _ONLY_THAT and following != "that":
        return False
    if base == "call" and following not in TOGETHER["call"]:
        return False
    begins = next((token.low for token in reading.tokens if token.start >= cue.start), "")
    after = bool(lows) and cue.start >= reading.tokens[cue.place].end
    return not (after and begins in PREPOSITIONS and base not in CERTAIN and kind != "urged")


def _kind(base: str, kind: str) -> str:
    """What the verb makes of what it reports; nothing where it only has an object ("criticised the plan")."""
    return lexicon().reports.get(base, "said" if kind == "say" else "")
