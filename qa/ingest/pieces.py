"""Pieces of a block made fit to be sentences: none without a word, none without end. No language here."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 600

_SPACE = re.compile(r"\s*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ZERO_WIDTH_JOINER = "\u200d"


def after_space(text: str, position: int, end: int) -> int:
    """The first position in ``[position, end]`` that isn't white space."""
    return _SPACE.match(text, position, end).end()  # type: ignore[union-attr]  # matches the empty string


def before_space(text: str, position: int, start: int) -> int:
    """``position`` moved back over white space, not below ``start``."""
    while position > start and text[position - 1].isspace():
        position -= 1
    return position


def combines(character: str) -> bool:
    """Whether ``character`` belongs to the one before it (accents, emoji modifiers, joiners)."""
    if character < "\u0300":
        return False
    return (
        character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def with_words(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A piece without letter or digit (``!!``, a lone quotation mark) joins the one before it, the first the next."""
    found: list[tuple[int, int]] = []
    for begin, stop in spans:
        if found and not text[begin].isalnum() and not _has_word(text, begin, stop):
            found[-1] = (found[-1][0], stop)
        elif len(found) == 1 and not text[found[0][0]].isalnum() and not _has_word(text, *found[0]):
            found[0] = (found[0][0], stop)
        else:
            found.append((begin, stop))
    return found


def _has_word(text: str, begin: int, stop: int) -> bool:
    return _LETTER_OR_DIGIT.search(text, begin, stop) is not None


def bounded(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """No piece longer than ``LONGEST`` but for an unbroken combining sequence."""
    if all(stop - begin <= LONGEST for begin, stop in spans):
        return spans
    found: list[tuple[int, int]] = []
    for begin, stop in spans:
        while stop - begin > LONGEST:
            soft = _soft_stop(text, begin, stop)
            found.append((begin, before_space(text, soft, begin)))
            begin = after_space(text, soft, stop)
        if begin < stop:
            found.append((begin, stop))
    return found


def _soft_stop(text: str, begin: int, stop: int) -> int:
    """The best place to cut a piece that is too long: after ``;``, ``,``, at white space, else where it is full."""
    half, full = begin + LONGEST // 2, begin + LONGEST
    for mark in ("; ", ", "):
        position = text.rfind(mark, half, full)
        if position >= 0:
            return position + 1
    for position in range(full, half, -1):
        if text[position].isspace():
            return position
    position = full
    while position < stop and (combines(text[position]) or text[position - 1] == _ZERO_WIDTH_JOINER):
        position += 1
    return position
