"""Finds the proper names in a question: by capitals where they tell anything, else by what the corpus knows.

Which articles meet a name is decided in ``qa.retrieve.musts``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from qa.retrieve.words import LEGAL_FORMS, REQUESTS, Word, is_function_word
from qa.statements.naming import fold, name_parts, title_gender
from qa.statements.roles import is_head
from qa.statements.verbs import look_up
from qa.statements.vocabulary import (
    HONORIFICS,
    MONTHS_AND_DAYS,
    NATIONALITIES,
    ORGANISATIONS,
    PARTICLES,
    PLACES,
)
from qa.types import Span

#: Tells whether a word or phrase is written with capitals in the corpus.
IsName = Callable[[str], bool]

_JOINING_GAP = re.compile(r"[ \t]{1,3}|\.[ \t]{0,3}|")
_ABBREVIATED = frozenset(["st", "mt", "ft", "inc", "ltd", "co", "corp", "jr", "sr", "vs"])
_ARTICLES = frozenset(["a", "an", "the"])
_LONGEST_KNOWN = 5
_SHORTEST_ALONE = 3


class Names:
    """Finds names in one question's words. ``known`` are names of people in the corpus; ``is_name`` asks the corpus."""

    def __init__(self, text: str, *, known: Iterable[str] = (), is_name: IsName | None = None) -> None:
        self._text = text
        self._is_name = is_name
        self._whole: dict[tuple[str, ...], str] = {}
        self._part: dict[str, str] = {}
        for name in known:
            parts = name_parts(name)
            self._whole.setdefault(parts, name)
            for word in (*name.split()[:1], *name.split()[-1:]):
                self._part.setdefault(fold(word.strip(".,")), word.strip(".,"))

    def by_capitals(self, words: Sequence[Word]) -> list[tuple[str, Span]]:
        """Names of a question that is written with capitals where they belong."""
        found: list[tuple[str, Span]] = []
        place = 0
        while place < len(words):
            if not self._starts_name(words, place):
                place += 1
                continue
            last = self._run(words, place)
            trimmed = _trim(words[place:last])
            if trimmed:
                span = Span(trimmed[0].start, trimmed[-1].end)
                found.append((span.of(self._text), span))
            place = last
        return found

    def by_corpus(self, words: Sequence[Word]) -> list[tuple[str, Span]]:
        """Names of a question whose capitals tell nothing (all small, all large), as the corpus writes them."""
        found: list[tuple[str, Span]] = []
        place = 0
        while place < len(words):
            name, length = self._known_at(words, place)
            # "the hunter" is no Hunter: an article stands before a single name only in titles of papers and the like.
            if name and not (length == 1 and place and words[place - 1].lower in _ARTICLES):
                found.append((name, Span(words[place].start, words[place + length - 1].end)))
            place += max(1, length)
        return found

    # --- with capitals

    def _starts_name(self, words: Sequence[Word], place: int) -> bool:
        word = words[place]
        if not word.capital or word.text == "I" or (is_function_word(word.lower) and not _acronym(word)):
            return False
        if word.lower in MONTHS_AND_DAYS and not self._joins(words, place):
            return False
        return not self._first_of_sentence(words, place) or self._first_is_name(words, place)

    def _first_of_sentence(self, words: Sequence[Word], place: int) -> bool:
        if place == 0:
            return True
        gap = self._text[words[place - 1].end : words[place].start]
        return any(mark in gap for mark in "?!:;\n") or (". " in gap and not _abbreviated(words[place - 1]))

    def _first_is_name(self, words: Sequence[Word], place: int) -> bool:
        word = words[place]
        if word.lower in REQUESTS or (look_up(word.lower) and not word.possessive):
            return False
        if word.possessive or _acronym(word) or any(c.isupper() for c in word.text[1:]):
            return True
        if fold(word.text) in self._part or word.lower in HONORIFICS:
            return True
        if self._is_name is not None:
            return self._is_name(word.text)
        return self._joins(words, place) and not word.lower.endswith("ly")

    def _run(self, words: Sequence[Word], place: int) -> int:
        last = place + 1
        while last < len(words) and not words[last - 1].possessive:
            if self._joins(words, last - 1):
                last += 1
            elif bridge := self._bridge(words, last):
                last += bridge
            else:
                break
        return last

    def _joins(self, words: Sequence[Word], place: int) -> bool:
        """Whether the word after ``place`` continues the name that stands there."""
        if place + 1 >= len(words):
            return False
        gap = self._text[words[place].end : words[place + 1].start]
        if not _JOINING_GAP.fullmatch(gap) or ("." in gap and not _abbreviated(words[place])):
            return False
        follower = words[place + 1]
        return follower.capital and (not is_function_word(follower.lower) or _acronym(follower))

    def _bridge(self, words: Sequence[Word], place: int) -> int:
        """How many words from ``place`` on are small words of a name and the capitalised word that they lead to; 0
        for none.
        """
        before = words[place - 1]
        for length in (1, 2):
            small = words[place : place + length]
            if place + length >= len(words) or not all(_small(word, length) for word in small):
                return 0
            gaps = [
                self._text[a.end : b.start]
                for a, b in zip([before, *small], [*small, words[place + length]], strict=True)
            ]
            if all(gap in ("", " ") for gap in gaps) and words[place + length].capital:
                return length + 1 if small[0].lower != "of" or self._holds(before, words[place + length]) else 0
        return 0

    def _holds(self, before: Word, after: Word) -> bool:
        """Whether "of" joins one name ("Bank of England") or relates two ("Zhang of Alibaba")."""
        if self._is_name is not None:
            return self._is_name(self._text[before.start : after.end])
        return before.lower in ORGANISATIONS | PLACES

    # --- without

    def _known_at(self, words: Sequence[Word], place: int) -> tuple[str, int]:
        for length in range(min(_LONGEST_KNOWN, len(words) - place), 1, -1):
            run = words[place : place + length]
            if name := self._whole.get(tuple(fold(word.text) for word in run)):
                return name, length
        low = words[place].lower
        if (
            len(low) < _SHORTEST_ALONE
            or is_function_word(low)
            or low in REQUESTS
            or low in MONTHS_AND_DAYS
            or is_head(low)
        ):
            return "", 0
        if name := self._part.get(fold(low)):
            return (name, 1) if self._is_name is None or self._is_name(low) else ("", 0)
        if self._is_name is None or low in NATIONALITIES or not self._is_name(low):
            return "", 0
        return self._longer(words, place)

    def _longer(self, words: Sequence[Word], place: int) -> tuple[str, int]:
        last = place + 1
        while last < len(words) and not is_function_word(words[last].lower):
            if self._is_name is None or not self._is_name(" ".join(word.lower for word in words[place : last + 1])):
                break
            last += 1
        return " ".join(_capitalised(word.text) for word in words[place:last]), last - place


def _trim(run: Sequence[Word]) -> list[Word]:
    """The words of a run without offices and titles around them (a title that tells the gender stays); empty for no
    name.
    """
    kept = list(run)
    while kept and _before_name(kept):
        kept.pop(0)
    while len(kept) > 1 and is_head(kept[-1].lower) and not is_head(kept[0].lower):
        kept.pop()
    if len(kept) == 1 and (kept[0].lower in NATIONALITIES or len(kept[0].text.strip(".")) < 2):
        return []
    return kept


def _before_name(kept: Sequence[Word]) -> bool:
    low = kept[0].lower
    if low in NATIONALITIES:
        return len(kept) > 1 and is_head(kept[1].lower)
    if title_gender(low) and len(kept) > 1:
        return False
    if low in ("chief", "prime", "vice", "former") and len(kept) > 1 and is_head(kept[1].lower):
        return True
    return low in HONORIFICS or is_head(low)


def _small(word: Word, length: int) -> bool:
    return word.lower in PARTICLES or word.lower in ("of", "&") or (length == 2 and word.lower == "the")


def _acronym(word: Word) -> bool:
    letters = word.text.replace(".", "")
    return len(letters) > 1 and letters.isupper() and letters.isalpha()


def _abbreviated(word: Word) -> bool:
    low = word.lower
    return len(word.text) == 1 or "." in word.text or low in HONORIFICS or low in _ABBREVIATED or low in LEGAL_FORMS


def _capitalised(word: str) -> str:
    return (
        word if any(letter.isupper() for letter in word) and not word.isupper() else word[:1].upper() + word[1:].lower()
    )
