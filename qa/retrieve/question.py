"""Reads a question: what it names, quotes and dates, and what kind of thing it asks for.

No model is asked and no list made for particular questions: capitals, closed classes of words, and what the corpus
knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.retrieve.kinds import kind_of
from qa.retrieve.names import IsName, Names
from qa.retrieve.words import LEGAL_FORMS, REQUESTS, Word, is_function_word, words_of
from qa.statements.naming import covers, name_parts
from qa.statements.vocabulary import COUNTRIES, ORGANISATIONS, PLACES
from qa.types import Question, Span

#: A question longer than this is cut: nobody asks in more, and pasted articles aren't questions.
LONGEST = 4000
_LONGEST_RANGE = 60

_QUOTES = (
    re.compile(r"[\"“„”]([^\"“”„\s](?:[^\"“”„\n]{0,300}[^\"“”„\s])?)[\"”“]"),
    re.compile(r"«([^«»\n]{1,300})»"),
    re.compile(r"[「『]([^「」『』\n]{1,300})[」』]"),
    re.compile(r"(?<!\w)‘([^‘\n]{1,300}?)’(?!\w)"),
    re.compile(r"(?<!\w)'([^'\n]{1,200}(?:'\w[^'\n]{0,100})?)'(?!\w)"),
)
_YEAR = re.compile(r"(?<![\w$£€.,-])(1[5-9]\d\d|20\d\d)(s?)(?![\w%]|[.,]\d)(?:\s?[-–]\s?(\d{4}|\d\d)(?!\w))?")
_RANGE = re.compile(r"\b(?:between|from)\s+(\d{4})\s+(?:and|to|until|till|through)\s+(\d{4})\b", re.IGNORECASE)
_RELATIVE = {"this year": 0, "last year": -1, "next year": 1, "the previous year": -1, "the past year": -1}


def read_question(
    text: str, *, known_people: Sequence[str] = (), as_of: date | None = None, is_name: IsName | None = None
) -> Question:
    """Read ``text``. Relative dates ("last year") count from ``as_of``.

    ``known_people`` are names in the corpus that might be meant; ``is_name`` asks if the corpus capitalises a word.
    An empty text gives an empty question; refusing it is the caller's.
    """
    text = text.strip()[:LONGEST]
    quoted = _quoted(text)
    words = list(words_of(text))
    names = _names(text, words, [span for _, span in quoted], Names(text, known=known_people, is_name=is_name))
    distinct = _distinct([name for name, _ in names])
    taken = [span for _, span in names]
    return Question(
        text=text,
        names=distinct,
        people=tuple(name for name in distinct if _may_be_person(name, text, known_people)),
        quoted=_distinct([quote for quote, _ in quoted]),
        terms=_terms(words, taken),
        years=_years(text, as_of),
        kind=kind_of(text),
        as_of=as_of,
    )


def _quoted(text: str) -> list[tuple[str, Span]]:
    found: list[tuple[str, Span]] = []
    for pattern in _QUOTES:
        for match in pattern.finditer(text):
            inner = match.group(1).strip(" .,;:?!")
            span = Span(match.start(), match.end())
            overlaps = any(span.start < other.end and other.start < span.end for _, other in found)
            if any(letter.isalnum() for letter in inner) and not overlaps:
                found.append((inner, span))
    return sorted(found, key=lambda item: item[1].start)


def _names(text: str, words: Sequence[Word], quotes: Sequence[Span], finder: Names) -> list[tuple[str, Span]]:
    outside = [word for word in words if not any(_inside(word, quote) for quote in quotes)]
    if not _capitals_tell(text, outside):
        return finder.by_corpus(outside)
    return finder.by_capitals(outside)


def _inside(word: Word, span: Span) -> bool:
    return span.start <= word.start and word.end <= span.end


def _capitals_tell(text: str, words: Sequence[Word]) -> bool:
    """Whether a capital marks a name: not where all is small, all is large, or function words are capitalised too."""
    letters = [word for word in words if word.text[0].isalpha()]
    if not letters or (len(letters) > 1 and all(word.text.isupper() for word in letters)):
        return False
    inside = [word for word, before in zip(letters[1:], letters, strict=False) if text[before.end : word.start] == " "]
    small = [word for word in inside if is_function_word(word.lower) and word.text not in ("I", "US")]
    if small and sum(word.text[0].isupper() for word in small) > len(small) / 2:
        return False
    first = letters[0]
    telling = first.capital and (first.possessive or any(letter.isupper() for letter in first.text[1:]))
    return any(word.capital for word in letters[1:]) or (telling and not is_function_word(first.lower))


def _distinct(items: Sequence[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for item in items:
        kept.setdefault(item.casefold(), item)
    return tuple(kept.values())


def _may_be_person(name: str, text: str, known: Sequence[str]) -> bool:
    parts = name_parts(name)
    if any(covers(parts, name_parts(other)) for other in known):
        return True
    lows = [part.strip(".") for part in parts]
    if not lows or any(any(c.isdigit() for c in low) for low in lows) or "of" in lows or "&" in lows:
        return False
    if (
        name.replace(".", "").isupper()
        or lows[-1] in LEGAL_FORMS | ORGANISATIONS | PLACES
        or " ".join(lows) in COUNTRIES
    ):
        return False
    inner_capital = any(c.isupper() for word in name.split() for c in word[2:]) and "Mc" not in name and "-" not in name
    return not inner_capital and not re.search(rf"\b(?:in|at|near)\s+(?:the\s+)?{re.escape(name)}", text)


def _terms(words: Sequence[Word], names: Sequence[Span]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for number, word in enumerate(words):
        low = word.lower
        if is_function_word(low) or not any(c.isalnum() for c in low) or any(_inside(word, span) for span in names):
            continue
        if (number == 0 and low in REQUESTS) or (low.isdigit() and _YEAR.fullmatch(low)):
            continue
        kept.setdefault(low, word.text)
    return tuple(kept.values())


def _years(text: str, as_of: date | None) -> tuple[int, ...]:
    years: set[int] = set()
    for match in _RANGE.finditer(text):
        years.update(_range(int(match.group(1)), int(match.group(2))))
    for match in _YEAR.finditer(text):
        first = int(match.group(1))
        if match.group(2):
            years.update(range(first, first + 10))
        elif match.group(3):
            years.update(_range(first, int(str(first)[: 4 - len(match.group(3))] + match.group(3))))
        else:
            years.add(first)
    if as_of is not None:
        low = text.casefold()
        years.update(as_of.year + shift for phrase, shift in _RELATIVE.items() if phrase in low)
    return tuple(sorted(years))


def _range(first: int, last: int) -> range | tuple[int, ...]:
    return range(first, last + 1) if first <= last <= first + _LONGEST_RANGE else (first, last)
