"""Strings compared: SQuAD's normalisation, and whether a wording occurs in a text on token boundaries.

SQuAD's is kept as published, quirks and all, so that its numbers are comparable. ``occurs`` is Unicode-aware: NFKC,
case-folded, and "5" stands neither in "15" nor in "5.5" nor in "1,500".
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

from qa.text import normalise
from qa.types import Span

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def squad_normal(text: str) -> str:
    """Lower case, ASCII punctuation deleted, a/an/the replaced by a space, white space collapsed (Rajpurkar et al.
    2016).
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def squad_golds(wordings: tuple[str, ...]) -> tuple[str, ...]:
    """The golds that a prediction is compared with: those with something left when normalised, else the empty one."""
    return tuple(wording for wording in wordings if squad_normal(wording)) or ("",)


# --- on token boundaries ----------------------------------------------------------------------------------------------

_SPACES = "\u00a0\u2007\u2009\u202f"
#: Thousands set apart by a thin or no-break space, or by commas: read as one number without them.
_SPACED = re.compile(rf"(?<!\d)\d{{1,3}}(?:[{_SPACES}]\d{{3}}){{1,8}}(?![{_SPACES}]?\d)")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,8}(?!,?\d)")
#: Between two digits these make one number, time or fraction.
_JOINTS = frozenset(".,:/\u2044")
#: Scripts that put no space between words: any of their characters may begin a token.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """``text`` as ``occurs`` compares it: NFKC, case-folded, plain quotes and dashes, single spaces, numbers without
    marks between their thousands.
    """
    plain = _SPACED.sub(lambda match: "".join(match[0].split()), text)
    return _GROUPED.sub(lambda match: match[0].replace(",", ""), normalise(plain).text).strip()


def occurs(wording: str, text: str) -> bool:
    """Whether ``wording`` stands in ``text``, beginning and ending where a token does."""
    return bool(occurrences(wording, fold(text)))


def occurrences(wording: str, folded: str) -> list[Span]:
    """Where ``wording`` stands on token boundaries in a text that is folded already; nowhere if it has no letter or
    digit.
    """
    wanted = fold(wording)
    if not any(char.isalnum() for char in wanted):
        return []
    spans = []
    at = folded.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _inside(folded, at) and not _inside(folded, end):
            spans.append(Span(at, end))
        at = folded.find(wanted, at + 1)
    return spans


def words(text: str) -> tuple[str, ...]:
    """The runs of letters, digits and their marks, as they stand."""
    return tuple("".join(char if _in_word(char) else " " for char in text).split())


def _inside(text: str, at: int) -> bool:
    """Whether a token of a folded text goes on across ``at``."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if _is_mark(right):
        return True
    if _in_word(left) and _in_word(right):
        return not (_UNSPACED.match(left) or _UNSPACED.match(right))
    before, after = text[at - 2 : at - 1], text[at + 1 : at + 2]
    if right in _JOINTS:
        return left.isdigit() and after.isdigit()
    if left in _JOINTS:
        return right.isdigit() and (before.isdigit() or (left == "." and before in ("", " ")))
    return right == "'" and left == "n" and after == "t"  # "won't" isn't "won"


def _in_word(char: str) -> bool:
    return char.isalnum() or _is_mark(char)


def _is_mark(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char)[0] == "M"
