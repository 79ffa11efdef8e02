"""The words of a claim or a cited text: what is written in unusual characters reads as its plain form.

Full-width digits, typographic quotes and dashes, no-break spaces become plain; letters of another alphabet that only
look alike stay what they are, and match nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.answer.support.lexicon import root
from qa.answer.words import stem
from qa.retrieve.words import is_function_word
from qa.statements import vocabulary as v
from qa.statements.naming import fold
from qa.statements.vocabulary import MONTHS_AND_DAYS
from qa.text import normalise

_SPACE = re.compile(r"\s+")
_VULGAR = re.compile("([¼½¾⅐-⅞])")
_RAISED = re.compile("([⁰¹²³⁴-⁹₀-₉])")
_THIN = re.compile("(?<=\\d)[\u00a0\u2007\u2009\u202f](?=\\d{3}(?!\\d))")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<initials>(?:[^\W\d_]\.){2,8}(?!\w))|(?P<word>(?:[^\W_][\u0300-\u036f]*)+(?:'(?:[^\W_][\u0300-\u036f]*)+)*)|(?P<sign>\S)"
)
_CLITIC = re.compile(r"(n't|'(?:s|re|ve|ll|d|m))\Z")
_CLITICS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_SHORTENED = {"wo": "will", "ca": "can", "sha": "shall", "ai": "is"}
_BEFORE_YEARS = frozenset(("mid", "pre", "post", "early", "late", "non"))
_BESIDE = v.words("never not already just also always often")
_NO_PAST = v.words("need seed feed speed deed weed breed indeed proceed succeed exceed hundred sacred shed sled")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number, code ("A380") or sign of a sentence. ``low`` is folded, contractions are written out.

    ``content``: it says something of its own; ``telling``: it's that, or a number, or a code. ``glued``: it begins
    where the one before ends. ``start`` and ``end`` are in the sentence's text.
    """

    text: str
    low: str
    stem: str
    start: int
    end: int
    kind: str
    capital: bool
    glued: bool
    content: bool
    telling: bool


def plain(text: str) -> str:
    """``text`` with capitals kept and otherwise as ``qa.text.normalise`` has it; fractions and raised digits apart."""
    if text.isascii():
        return _SPACE.sub(" ", text).replace("`", "'").replace("''", '"').strip()
    text = _RAISED.sub(r" ^\1", _VULGAR.sub(r" \1", _THIN.sub("", text)))
    text = "".join(_digit(char) if char.isdigit() and not char.isascii() else char for char in text)
    whole = normalise(text)
    letters = zip(whole.text, whole.starts, strict=True)
    raised = (char.upper() if text[at].isupper() and len(char.upper()) == 1 else char for char, at in letters)
    return "".join(raised).replace("''", '"').strip()


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def words_of(text: str) -> list[Word]:
    """The words, numbers, codes and signs of a plain text, in order."""
    found: list[Word] = []
    end = -1
    for match in _TOKEN.finditer(text):
        kind, start = match.lastgroup or "sign", match.start()
        if kind == "number" and _is_code(found, start):
            start = found[-2].start
            glued = found[-2].glued
            found[-2:] = [_word(text[start : match.end()], start, "code", glued)]
        else:
            found.extend(_split(match.group(), start, kind, start == end))
        end = match.end()
    return [_had(found, at) if word.text.lower() == "'d" else word for at, word in enumerate(found)]


def _had(found: list[Word], at: int) -> Word:
    """ "'d" as it stands before a participle: "he'd packed", "they'd never been"."""
    after = [word.low for word in found[at + 1 : at + 3]]
    if after and (after[0].endswith("ly") or after[0] in _BESIDE):
        after = after[1:]
    had = after and (after[0] in ("been", "better") or is_past(after[0]))
    return replace(found[at], low="had", stem="had") if had else found[at]


def _is_code(found: list[Word], start: int) -> bool:
    """Whether a number that begins at ``start`` belongs to the word before its hyphen: "Covid-19", not "mid-2014"."""
    if len(found) < 2 or found[-1].low != "-" or not found[-1].glued or found[-1].end != start:
        return False
    word = found[-2]
    if word.kind not in ("word", "code") or word.low in _BEFORE_YEARS or word.low in MONTHS_AND_DAYS:
        return False
    return not (word.glued and len(found) > 2 and found[-3].kind == "number")


def _split(text: str, start: int, kind: str, glued: bool) -> Iterator[Word]:
    """The word at ``start``, its clitic split off and written out."""
    if text.lower() == "cannot":
        yield _word(text[:3], start, kind, glued)
        yield _word(text[3:], start + 3, kind, True)
        return
    clitic = _CLITIC.search(text.lower()) if kind == "word" and "'" in text else None
    if clitic is None or not clitic.start():
        if kind == "word" and "'" not in text and not all(c.isalpha() or unicodedata.combining(c) for c in text):
            kind = "code"
        yield _word(text, start, kind, glued)
        return
    body, ending = text[: clitic.start()], clitic.group()
    written = _SHORTENED.get(body.lower(), "") if ending == "n't" else ""
    yield _word(body, start, "word", glued, low=written)
    kind = "clitic" if ending == "'s" else "word"
    yield _word(text[clitic.start() :], start + len(body), kind, True, low=_CLITICS.get(ending, ending))


def _word(text: str, start: int, kind: str, glued: bool, *, low: str = "") -> Word:
    low, stem_, capital, content = _form(text, low, kind)
    kind = "word" if kind == "initials" else kind
    telling = content or kind in ("number", "code")
    return Word(text, low, stem_, start, start + len(text), kind, capital, glued, content, telling)


@lru_cache(maxsize=16_384)
def _form(text: str, low: str, kind: str) -> tuple[str, str, bool, bool]:
    """Of a word as written (``low`` where it's short for another): folded, its root, whether it has a capital, and
    whether it has content.
    """
    written = not low
    low = low or fold(text.replace(".", "") if kind == "initials" else text)
    is_word = kind in ("word", "initials")
    capital = written and kind in ("word", "code", "initials") and any(letter.isupper() for letter in text)
    content = is_word and len(low) > 1 and (not is_function_word(low) or low == "won")
    return low, root(low) if is_word else low, capital, content


@lru_cache(maxsize=8_192)
def is_past(low: str) -> bool:
    """Whether the word has the form of a past tense or participle, as far as its form tells ("put" doesn't)."""
    base = stem(low)
    if low.endswith("ed") and len(low) > 3:
        return low not in _NO_PAST
    if not low.startswith(base):  # "bought" is of "buy": only irregular verbs change inside
        return not low.endswith(("ies", "ied", "ation", "ations", "ization", "isation"))
    return base != low and low[len(base) :] in ("t", "n", "en", "ten", "den")
