"""The evidence as the checks read it: each piece with its sentences, and the names that stand for what it's about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from qa.answer.support.reading import Line, lines
from qa.answer.support.verdict import Evidence

#: What may stand around a word and is no part of it.
MARKS = ".,;:!?\"'()[]"


@dataclass(frozen=True, eq=False)
class Piece:
    """One piece of evidence. ``article`` tells the pieces of one article from the others; ``speakers`` are for each
    sentence those who are known to speak in it.
    """

    evidence: Evidence
    article: str
    lines: tuple[Line, ...]
    speakers: tuple[tuple[str, ...], ...]
    title: tuple[Line, ...]

    @cached_property
    def meant(self) -> tuple[str, ...]:
        """Names of the persons who are meant or speak in it."""
        names = (*self.evidence.people, *(name for names in self.speakers for name in names))
        return tuple(dict.fromkeys(name for name in names if name.strip()))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its text."""
        return frozenset(word.stem for line in self.lines for word in line.words)

    @cached_property
    def runs(self) -> frozenset[str]:
        """What is written without a space between, in its text, its title and its names: "3-1", "a380"; without the
        marks around it.
        """
        everything = (*self.lines, *self.title, *(line for name in self.meant for line in lines(name)))
        runs = (run.strip(MARKS).removesuffix("'s") for line in everything for run in line.text.casefold().split())
        return frozenset(runs)


def pieces(evidence: Sequence[Evidence]) -> tuple[Piece, ...]:
    """The evidence read; a piece without an article's id is of an article of its own."""
    return tuple(_piece(one, one.article or f"#{place}") for place, one in enumerate(evidence))


@lru_cache(maxsize=512)
def _piece(evidence: Evidence, article: str) -> Piece:
    everybody = (evidence.speaker.name,) if evidence.speaker is not None else ()
    spoken = evidence.spoken or ((evidence.text, everybody),)
    read = [(line, speakers) for text, speakers in spoken for line in lines(text)]
    return Piece(
        evidence,
        article,
        lines=tuple(line for line, _ in read),
        speakers=tuple(speakers for _, speakers in read),
        title=lines(evidence.title),
    )


def all_lines(cited: Sequence[Piece]) -> Iterator[Line]:
    """The sentences of all pieces."""
    for piece in cited:
        yield from piece.lines
