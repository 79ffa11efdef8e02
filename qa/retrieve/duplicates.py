"""Tells when two passages are one text printed twice: syndicated copies, reprints with a word changed.

What differs in a name, a number or a negation is never a copy: a corrected figure is news.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.retrieve.words import NEGATIONS

_WORD = re.compile(r"\w+(?:[.,']\w+)*")
_DIGIT = re.compile(r"\d")
#: Share of the shorter passage's shingles that both have. A copy with a word changed in twelve has about .75.
SAME = 0.7
#: How different in length two copies may be; a passage inside a much longer one is a quotation, not a copy.
SHORTEST_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Print:
    """What is compared of a passage: its shingles of three words; its words, names and numbers; its negations."""

    shingles: frozenset[tuple[str, ...]]
    words: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    negations: frozenset[str]


def print_of(text: str) -> Print:
    """The print of a passage's text."""
    written = _WORD.findall(text.replace("’", "'"))
    words = [word.casefold() for word in written]
    distinct = frozenset(words)
    return Print(
        shingles=frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset([tuple(words)]),
        words=distinct,
        names=frozenset(word.casefold() for word in set(written) if word[0].isupper() and not word.isupper()),
        numbers=frozenset(word for word in distinct if _DIGIT.search(word)),
        negations=frozenset(word for word in distinct if word in NEGATIONS or word.endswith("n't")),
    )


def same(one: Print, other: Print) -> bool:
    """Whether two passages are copies of each other."""
    small, large = sorted((len(one.shingles), len(other.shingles)))
    if small < SHORTEST_SHARE * large or one.numbers != other.numbers or one.negations != other.negations:
        return False
    if not (one.names <= other.words and other.names <= one.words):
        return False
    return len(one.shingles & other.shingles) >= SAME * small
