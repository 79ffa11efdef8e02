"""A sentence of the claim beside one of the evidence, aligned: what the checks of single sentences look at.

A word of the claim is taken from the sentence of the evidence where it stands most alike; what another sentence says of
the same word doesn't concern it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.answer.support.align import Alignment, align
from qa.answer.support.cited import Piece
from qa.answer.support.names import names_in
from qa.answer.support.reading import Line
from qa.answer.support.reports import Report
from qa.answer.support.scopes import Scope
from qa.answer.support.sides import clause, is_verbal
from qa.retrieve.words import AUXILIARIES


@dataclass(frozen=True, eq=False)
class Pair:
    """``claim`` and ``line`` are sentences; ``piece`` is what ``line`` is of, ``speakers`` who speaks in it.

    ``places`` are for each place of the claim that is taken from this sentence its place there; ``likeness`` is for
    each place of the claim how alike its surroundings are where it's taken from;
    ``reports`` are the claim's reports of which no other sentence has more words; ``beside`` are ``places`` of all
    sentences of the evidence.
    """

    claim: Line
    line: Line
    piece: Piece
    speakers: tuple[str, ...]
    places: Mapping[int, int]
    likeness: Mapping[int, float]
    reports: tuple[Report, ...]
    beside: tuple[Mapping[int, int], ...]

    @cached_property
    def back(self) -> Mapping[int, tuple[int, ...]]:
        """For each place of the evidence the claim's places that are aligned with it."""
        found: dict[int, tuple[int, ...]] = {}
        for mine, theirs in self.places.items():
            found[theirs] = (*found.get(theirs, ()), mine)
        return found

    @cached_property
    def named(self) -> frozenset[int]:
        """The places of the claim that are parts of names."""
        return frozenset(place for name in names_in(self.claim) for place in range(name.first, name.last))

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the claim that this sentence has."""
        return frozenset(self.claim.stem(place) for place in self.places)

    @cached_property
    def only_subject(self) -> bool:
        """Whether the claim takes nothing from this sentence but words before its first verb."""
        first = next((at for at, word in enumerate(self.claim.words) if _verb(self.claim, at, word.low)), 0)
        return bool(self.places) and all(place < first for place in self.places)

    def leads(self, first: int, last: int) -> bool:
        """Whether no other sentence of the evidence has more of the claim's words ``[first, last)``; of equals, the one
        that has the first of them.
        """
        mine, *others = (_held(places, first, last) for places in (self.places, *self.beside))
        return mine >= max(others, default=mine)

    def heads(self, first: int, last: int) -> bool:
        """Whether the first of the claim's words ``[first, last)`` that any sentence has is this one's."""
        taken = (at for at in range(first, last) if any(at in places for places in (self.places, *self.beside)))
        return next(taken, -1) in self.places

    def tells(self, at: int) -> bool:
        """Whether no other sentence of the evidence has more of the clause of the claim's word at ``at``."""
        return self.leads(*clause(self.claim, at))

    def under(self, scope: Scope) -> Iterator[tuple[int, int]]:
        """The claim's places aligned with what a marker of the evidence governs, in the evidence's order: (claim's,
        evidence's). Names come last: what is denied or planned of somebody is rarely the name.
        """
        found = [(mine, place) for place in range(scope.first, scope.last) for mine in self.back.get(place, ())]
        yield from sorted(found, key=lambda both: both[0] in self.named)

    def over(self, scope: Scope) -> Iterator[tuple[int, int]]:
        """The same for a marker of the claim, in the claim's order."""
        found = [(mine, self.places[mine]) for mine in range(scope.first, scope.last) if mine in self.places]
        yield from sorted(found, key=lambda both: both[0] in self.named)


def _held(places: Mapping[int, int], first: int, last: int) -> tuple[int, int]:
    found = [at for at in range(first, last) if at in places]
    return len(found), -found[0] if found else -last


def _verb(line: Line, at: int, low: str) -> bool:
    return at > 0 and (low in AUXILIARIES or is_verbal(line, at))


def pairs(claim: Line, cited: Sequence[Piece]) -> list[Pair]:
    """The claim's sentence beside each of the evidence; words that are most alike in several are taken from all."""
    likeness: dict[int, float] = {}
    aligned = [
        (piece, line, speakers, align(claim, line))
        for piece in cited
        for line, speakers in zip(piece.lines, piece.speakers, strict=True)
    ]
    for *_, found in aligned:
        for mine, score in found.likeness.items():
            likeness[mine] = max(score, likeness.get(mine, score))
    taken = [_taken(found, likeness) for *_, found in aligned]
    held = [[_inside(report, places) for places in taken] for report in claim.reports]
    most = [max(counts, default=0) for counts in held]
    return [
        Pair(claim, line, piece, speakers, places, likeness, _most(claim, at, held, most), tuple(taken))
        for at, ((piece, line, speakers, _), places) in enumerate(zip(aligned, taken, strict=True))
    ]


def _inside(report: Report, places: Mapping[int, int]) -> int:
    return sum(report.first <= at < report.last for at in places)


def _most(claim: Line, at: int, held: Sequence[Sequence[int]], most: Sequence[int]) -> tuple[Report, ...]:
    return tuple(
        report for report, counts, top in zip(claim.reports, held, most, strict=True) if counts[at] == top and top
    )


def _taken(found: Alignment, likeness: Mapping[int, float]) -> Mapping[int, int]:
    return {mine: at for mine, at in found.places.items() if found.likeness[mine] == likeness[mine]}
