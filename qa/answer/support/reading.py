"""A claim or a cited text as the checks read it: sentences cut into words and clauses, with what they report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa.answer.support.reports import Report, reports_of
from qa.answer.support.words import Word, is_past, plain, words_of
from qa.ingest.sentences import cut
from qa.retrieve.words import AUXILIARIES, is_function_word
from qa.statements import vocabulary as v

_BREAKS = frozenset(',;:()[]"?!—–')
_CONJUNCTIONS = v.words(
    "but while although though whereas because which who whose that after before if unless until when as since than"
)
#: Forms of "be", with which passives are made.
BE = v.words("is are was were be been being am get got gets")
HAVE = frozenset(("has", "have", "had", "having"))
SUBJECTS = v.words("he she it they we i you this that there who")


class _Places(dict[int, str]):
    """What stands at each place, nothing elsewhere: a lookup without a Python call, for what is asked most."""

    def __missing__(self, place: int) -> str:
        return ""


@dataclass(frozen=True, eq=False)
class Line:
    """A sentence. ``segments`` numbers the clause of each word. ``low`` and ``stem`` give the folded word and the root
    at a place, nothing outside the sentence.
    """

    text: str
    words: tuple[Word, ...]
    segments: tuple[int, ...]
    reports: tuple[Report, ...]
    low: Callable[[int], str]
    stem: Callable[[int], str]

    def said(self, first: int, last: int) -> str:
        """The words ``[first, last)`` as they stand."""
        return self.text[self.words[first].start : self.words[last - 1].end] if last > first else ""

    @property
    def asks(self) -> bool:
        """Whether the sentence is a question."""
        return self.text.rstrip("\"' )").endswith("?")


@lru_cache(maxsize=1_024)
def lines(text: str) -> tuple[Line, ...]:
    """The sentences of a text, in order. Linear in its length."""
    whole = plain(text)
    return tuple(_line(whole[start:end]) for start, end in cut(whole, 0, len(whole))) if whole else ()


@lru_cache(maxsize=2_048)
def stems_of(line: Line) -> frozenset[str]:
    """The roots of all its words."""
    return frozenset(word.stem for word in line.words)


def _line(text: str) -> Line:
    words = tuple(words_of(text))
    reports = tuple(reports_of(text, words))
    lows = _Places(enumerate(word.low for word in words))
    stems = _Places(enumerate(word.stem for word in words))
    return Line(text, words, tuple(_segments(words, reports)), reports, lows.__getitem__, stems.__getitem__)


def _segments(words: tuple[Word, ...], reports: tuple[Report, ...]) -> Iterator[int]:
    edges = {edge for report in reports for edge in (report.first, report.last)}
    number = 0
    for place, word in enumerate(words):
        if (
            place in edges
            or (word.kind == "sign" and word.low in _BREAKS)
            or word.low in _CONJUNCTIONS
            or (word.low in ("and", "or") and not _between_names(words, place) and begins_clause(words, place + 1))
        ):
            number += 1
        yield number


def _between_names(words: tuple[Word, ...], place: int) -> bool:
    """Whether "and" joins two names: "Norvik and Tarnwell signed"."""
    return 0 < place < len(words) - 1 and words[place - 1].capital and words[place + 1].capital


def begins_clause(words: tuple[Word, ...], place: int) -> bool:
    """Whether a clause of its own begins here, after "and": a helper verb, a subject pronoun, a past tense, or a noun
    with one of these right after it.
    """
    for word in words[place : place + 4]:
        if word.low in AUXILIARIES and word.low != "won":
            return True
        if word.low in SUBJECTS or (word.kind == "word" and is_past(word.low)):
            return True
        if word.kind not in ("word", "clitic") or (
            is_function_word(word.low) and word.low not in ("the", "a", "an", "its")
        ):
            return False
    return False


def owns(line: Line, at: int) -> bool:
    """Whether the word at ``at`` only says whose the next is: "Norvik's", "the workers'"."""
    following = line.words[at + 1] if at + 1 < len(line.words) else None
    return following is not None and following.glued and following.low in ("'s", "'")
