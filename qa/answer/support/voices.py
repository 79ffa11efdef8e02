"""The voices of a sentence of the evidence: what it reports, with who speaks as it and the article tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer.support.pair import Pair
from qa.answer.support.reports import Report
from qa.answer.support.sources import PRONOUNS, apposed, is_named, same
from qa.statements.naming import fold

_SHORT = frozenset(("it", "this", "that"))


@dataclass(frozen=True, slots=True)
class Voice:
    """A report of the evidence with who speaks: ``names`` as they may be called, ``known`` whether any is a name;
    ``open``: the sentence itself only has a pronoun or a description for who it is.
    """

    report: Report
    names: tuple[str, ...]
    known: bool
    open: bool


def voices_of(pair: Pair) -> Iterator[Voice]:
    """The reports of the evidence; a sentence without any in which somebody is known to speak is theirs."""
    for report in pair.line.reports:
        if report.kind == "denied" and pair.line.low(report.first) in _SHORT and report.last > report.first + 2:
            continue  # "He denies it: there was no plan ..."
        names = [report.source] if report.source and fold(report.source) not in PRONOUNS else []
        names += apposed(pair.line, report) if names else []
        for speaker in pair.speakers:
            if not names or same(report.source, speaker, pair) or not is_named(report.source):
                names.append(speaker)
        open = not any(is_named(name) for name in names if name not in pair.speakers)
        yield Voice(report, tuple(names), any(map(is_named, names)), open)
    if any(map(is_named, pair.speakers)) and not pair.line.reports:
        whole = Report("say", "said", -1, pair.speakers[0], 0, len(pair.line.words))
        yield Voice(whole, pair.speakers, True, False)
