"""Which word of the evidence a word of the claim speaks of: the same stem, in the clause that is most alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from qa.answer.support.lexicon import lexicon
from qa.answer.support.reading import Line
from qa.answer.support.words import Word

#: Of a word that stands more often in a sentence, so many places are looked at.
_MOST = 24
_NEAR = 4  # words between which two are neighbours
_SAME_FORM = 0.05  # "traded" is rather "traded" than "trade"
_OF_A_NAME = 0.5  # "universities" are rather universities than a "University of Leeds"
_FURTHER = 0.25  # what a word of the rest of the sentence tells against one of the clause


class Alignment:
    """The words of a claim's sentence beside those of another.

    ``places``: for each content word, number or code of the claim that the other has, its best place there;
    ``likeness``: how alike its surroundings are there.
    """

    def __init__(self, claim: Line, other: Line) -> None:
        self._claim, self._other = claim, other
        self._mine, self._theirs = _surroundings(claim), _surroundings(other)
        self._sentence = self._mine.whole & self._theirs.whole
        self._clauses: dict[tuple[int, int], frozenset[str]] = {}
        self.places: Mapping[int, int] = dict(self._best())
        self.likeness: Mapping[int, float] = {mine: self.alike(mine, at) for mine, at in self.places.items()}

    def _best(self) -> Iterable[tuple[int, int]]:
        antonyms = lexicon().antonyms
        for at, word in enumerate(self._claim.words):
            there = self._theirs.places.get(word.stem, ()) if word.telling else ()
            if len(there) and antonyms.known(word.low):
                there = tuple(place for place in there if not antonyms.opposed(word.low, self._other.low(place)))
            if there:
                yield at, there[0] if len(there) == 1 else max(there, key=lambda place: self.rank(at, place))

    def rank(self, at: int, place: int) -> float:
        """``alike``, and of equals the more the more nearly they stand as far along their sentences."""
        return self.alike(at, place) - 0.5 * abs(at / len(self._claim.words) - place / len(self._other.words))

    def alike(self, at: int, place: int) -> float:
        """How alike the surroundings of two words are: what their clauses, their sentences and their neighbours share.

        An object after the verb tells more than a subject, which several verbs may have.
        """
        one, other = self._claim.stem(at), self._other.stem(place)
        clause = self._clause(self._claim.segments[at], self._other.segments[place])
        shared: float = len(clause) - (one in clause) - (other != one and other in clause)
        alike = len(self._sentence) - (one in self._sentence) - (other != one and other in self._sentence)
        before = self._mine.before[at] is not None and self._mine.before[at] == self._theirs.before[place]
        after = self._mine.after[at] is not None and self._mine.after[at] == self._theirs.after[place]
        mine, theirs = self._claim.words[at], self._other.words[place]
        if theirs.capital and theirs.start and not mine.capital:
            shared -= _OF_A_NAME
        form = _SAME_FORM * (self._claim.low(at) == self._other.low(place))
        return shared + _FURTHER * alike + before + 1.5 * after + form

    def _clause(self, mine: int, theirs: int) -> frozenset[str]:
        key = mine, theirs
        if key not in self._clauses:
            self._clauses[key] = self._mine.clauses[mine] & self._theirs.clauses[theirs]
        return self._clauses[key]


@lru_cache(maxsize=2_048)
def align(claim: Line, other: Line) -> Alignment:
    """The two sentences aligned."""
    return Alignment(claim, other)


class _Surroundings:
    """For each word of a sentence what stands around it; for each stem of a telling word where it stands."""

    def __init__(self, line: Line) -> None:
        clauses: dict[int, set[str]] = defaultdict(set)
        places: dict[str, list[int]] = defaultdict(list)
        for at, (word, segment) in enumerate(zip(line.words, line.segments, strict=True)):
            clauses[segment].update((word.stem,) if word.telling else ())
            if word.telling:
                places[word.stem].append(at)
        self.clauses = {segment: frozenset(stems) for segment, stems in clauses.items()}
        self.whole = frozenset(places)
        self.places = {stem: tuple(found[:_MOST]) for stem, found in places.items()}
        self.before = _neighbours(line.words)
        self.after = _neighbours(line.words[::-1])[::-1]


@lru_cache(maxsize=2_048)
def _surroundings(line: Line) -> _Surroundings:
    return _Surroundings(line)


def _neighbours(words: tuple[Word, ...]) -> list[str | None]:
    """For each word the stem of the nearest telling word before it, at most four words away."""
    found: list[str | None] = []
    last = -_NEAR - 1
    for at, word in enumerate(words):
        found.append(words[last].stem if at - last <= _NEAR else None)
        if word.telling:
            last = at
    return found


def nearest(line: Line, at: int, step: int, wanted: Callable[[int], bool], *, within: int = _NEAR) -> int | None:
    """The nearest place from ``at`` in the direction ``step`` that is wanted; the place itself isn't looked at."""
    for place in range(at + step, at + step * (within + 1), step):
        if 0 <= place < len(line.words) and wanted(place):
            return place
    return None
