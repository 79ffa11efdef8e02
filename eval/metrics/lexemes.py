"""Text cut into numbers, words and signs: what figures and dates are read from.

Independent of how the product finds figures, so that a defect there can't hide here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SPACES = "\u00a0\u2007\u2009\u202f"
# A run of digits and what may stand between them is taken whole, so that nothing is ever read out of its middle.
_LEXEME = re.compile(
    rf"(?P<number>(?:(?<![\w.])\.)?\d(?:[\d.,:/{_SPACES}]*\d)?)|(?P<word>[^\W\d_](?:\w|[\u0300-\u036f])*)|(?P<sign>\S)"
)
_RUN = re.compile(r"\d[\d.,:/]*")
#: Decimal point and commas between thousands, as English has it.
_PLAIN = re.compile(r"\d{0,30}(?:\.\d{1,30})?")
_GROUPED = re.compile(rf"\d{{1,3}}(?:([,{_SPACES}])\d{{3}}){{1,8}}(?:\.\d{{1,30}})?")
_SEPARATORS = dict.fromkeys(map(ord, f",{_SPACES}"))


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A number, a word or a sign. ``folded`` is case-folded; ``number`` is None for what isn't one ("1:05", "2.1.3").

    ``glued``: it begins where the one before ends.
    """

    text: str
    folded: str
    start: int
    end: int
    glued: bool
    number: Decimal | None = None


NOTHING = Lexeme("", "", -1, -1, False)
#: No reader looks further than this past what it has read.
_AROUND = 16


class Lexemes:
    """The lexemes of a text, with nothing before the first and after the last."""

    def __init__(self, text: str) -> None:
        self._all = tuple(_lexemes(text))
        # Indices before the first lexeme count from the end, and find nothing there either.
        self._padded = (*self._all, *[NOTHING] * _AROUND)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, at: int) -> Lexeme:
        return self._padded[at]

    def folded(self, at: int) -> str:
        """The folded text of the lexeme at ``at``."""
        return self[at].folded

    def past_hyphen(self, at: int) -> int:
        """``at``, or where a hyphen joins it to what is before, the place after the hyphen: "95-minute"."""
        joined = self[at].folded in ("-", "‐", "‑") and self[at].glued and self[at + 1].glued
        return at + 1 if joined else at


def _lexemes(text: str) -> Iterator[Lexeme]:
    end = -1
    for match in _LEXEME.finditer(text):
        pieces = _numbers(match[0], match.start()) if match.lastgroup == "number" else [(match.start(), match.end())]
        for start, after in pieces:
            piece = text[start:after]
            number = as_number(piece) if match.lastgroup == "number" else None
            folded = piece.lower() if piece.isascii() else unicodedata.normalize("NFKC", piece).casefold()
            yield Lexeme(piece, folded, start, after, start == end, number)
            end = after


def _numbers(run: str, at: int) -> list[tuple[int, int]]:
    """Where the numbers of a run stand: one, or where its spaces aren't between thousands, one between each two."""
    if as_number(run) is not None or not any(space in run for space in _SPACES):
        return [(at, at + len(run))]
    return [(at + match.start(), at + match.end()) for match in _RUN.finditer(run)]


def as_number(text: str) -> Decimal | None:
    """The number that ``text`` is, or None."""
    if _PLAIN.fullmatch(text) or ((grouped := _GROUPED.fullmatch(text)) and text.count(grouped[1]) == _groups(text)):
        return Decimal(text.translate(_SEPARATORS))
    return None


def _groups(text: str) -> int:
    """How many separators a number has: all must be the same."""
    return sum(char in f",{_SPACES}" for char in text)
