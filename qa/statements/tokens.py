"""Cuts an article into words with offsets, once, as people and statements both read it.

A token keeps its exact slice; ``low`` is the folded form that vocabularies use. Which words form a name is not
decided here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from qa.statements.quotes import Quote, find_quotes
from qa.types import Role, SentenceSpan

_ABBREVIATIONS = (
    "Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Sen|Rep|Gov|Sgt|Lt|Col|Capt|Maj|Cpl|Adm|Cmdr|Rev|Hon|Pres|Fr|St|Jr|Sr|Inc|Ltd|Co|Corp|Bros|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|No|vs|Mt|Ave|Blvd|Rd"
)
_MARK = "\u0300-\u036f"
# Separators between word parts are not word characters, so each alternative reads a character once: linear.
_TOKEN = re.compile(
    rf"(?:{_ABBREVIATIONS})\.|(?:[^\W\d_]\.){{1,8}}(?![\w{_MARK}])|[\w{_MARK}]+(?:[-'’‐‑.,](?=\w)[\w{_MARK}]+)*|\S"
)
_CLITIC = re.compile(r"(?<=\w)['’](?:s|re|ve|ll|d|m)$", re.IGNORECASE)


class Token(NamedTuple):
    """A word, a clitic (``'s``) or one punctuation mark. ``low``: casefolded, without dots, straight apostrophes."""

    start: int
    end: int
    text: str
    low: str
    capital: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The tokens ``[first, last)`` of one sentence that counts (body or headline), with its number and paragraph."""

    number: int
    first: int
    last: int
    paragraph: int
    headline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as words: tokens of body and headline sentences, the sentences over them, the quotes of the body."""

    text: str
    tokens: tuple[Token, ...]
    lines: tuple[Line, ...]
    quotes: tuple[Quote, ...]
    quoted: tuple[bool, ...]


def read(text: str, sentences: Sequence[SentenceSpan]) -> Reading:
    """Tokenise the sentences whose role is body or headline; the others don't exist for names and speech."""
    return _read(text, tuple(sentences))


# People and statements of one article are found one after the other and read the same words.
@lru_cache(maxsize=2)
def _read(text: str, sentences: tuple[SentenceSpan, ...]) -> Reading:
    tokens: list[Token] = []
    lines: list[Line] = []
    paragraph, before = 0, 0
    for number, sentence in enumerate(sentences):
        if "\n" in text[before : sentence.start] and number:
            paragraph += 1
        before = sentence.end
        if sentence.role in (Role.BODY, Role.HEADLINE):
            first = len(tokens)
            tokens.extend(tokenize(text, sentence.start, sentence.end))
            lines.append(
                Line(
                    number=number,
                    first=first,
                    last=len(tokens),
                    paragraph=paragraph,
                    headline=sentence.role is Role.HEADLINE,
                )
            )
    quotes = find_quotes(text, [s for s in sentences if s.role is Role.BODY])
    return Reading(text=text, tokens=tuple(tokens), lines=tuple(lines), quotes=quotes, quoted=_inside(tokens, quotes))


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, clitics split off their word."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        word, place = match.group(), match.start()
        low = word.casefold()
        if "’" in word or "'" in word:
            clitic = _CLITIC.search(word) if len(word) > 2 else None
            if clitic is not None:
                tail = clitic.group()
                found.append(_token(place, word[: clitic.start()]))
                found.append(Token(place + clitic.start(), match.end(), tail, tail.casefold().replace("’", "'"), False))
            else:
                found.append(_token(place, word))
        elif len(low) > 1 and low[-1] == ".":
            found.append(Token(place, match.end(), word, low.rstrip("."), word[0].isupper()))
        else:
            found.append(Token(place, match.end(), word, low, word[0].isupper() or ("-" in word and _capital(word))))
    return found


def _token(start: int, word: str) -> Token:
    low = word.casefold().replace("’", "'") if len(word) > 1 else word.casefold()
    return Token(start, start + len(word), word, low, _capital(word))


def _capital(word: str) -> bool:
    """Capitalised, or an Arabic article before a capital ("al-Masri")."""
    if word[0].isupper():
        return True
    head, dash, tail = word.partition("-")
    return bool(dash) and head in ("al", "el", "ad", "as", "ibn", "bin", "abu", "d") and tail[:1].isupper()


def _inside(tokens: Sequence[Token], quotes: Sequence[Quote]) -> tuple[bool, ...]:
    """For each token whether it stands inside a quote, its marks included."""
    flags = [False] * len(tokens)
    starts = [token.start for token in tokens] if quotes else []
    for quote in quotes:
        first, last = bisect_left(starts, quote.start), bisect_left(starts, quote.end)
        flags[first:last] = [True] * (last - first)
    return tuple(flags)
