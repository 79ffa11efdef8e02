"""Finds what stands between quotation marks in the body of an article: straight, curly, angled, low, and single
ones.

A quote never crosses a paragraph; one that opens and isn't closed before the paragraph ends runs to that end
(newspapers open every paragraph of a long quote and close only the last). Who said it is decided in ``speech``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.types import SentenceSpan

_DOUBLE = re.compile(r"[“”„«»\"「」]|''|``")
_OPENERS = frozenset("“„«「")
_CLOSERS = {"“": '”"', "„": '“”"', "«": "»", "「": "」", '"': '"”', "»": "«"}
_TYPED = ("''", "``")  # two single marks for a double one
_SINGLE_OPEN = re.compile(r"(?<![\w’'])[‘'](?=[^\s'’])")
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…])['’](?!\w)")


class Quote(NamedTuple):
    """``[start, end)`` with its marks; ``closed`` is false where the paragraph ended first."""

    start: int
    end: int
    closed: bool


def find_quotes(text: str, sentences: Sequence[SentenceSpan]) -> tuple[Quote, ...]:
    """The quotes of the text that these sentences cover, in order, not overlapping."""
    found: list[Quote] = []
    for start, end in _paragraphs(text, sentences):
        doubles = list(_doubles(text, start, end))
        found.extend(doubles or _singles(text, start, end))
    return tuple(found)


def _paragraphs(text: str, sentences: Sequence[SentenceSpan]) -> Iterator[tuple[int, int]]:
    """Runs of sentences with no paragraph break between: a blank line, or any line break where there are no blank
    lines.
    """
    if not sentences:
        return
    mark = "\n\n" if "\n\n" in text else "\n"
    start, end = sentences[0].start, sentences[0].end
    for sentence in sentences[1:]:
        if mark in text[end : sentence.start]:
            yield start, end
            start = sentence.start
        end = sentence.end
    yield start, end


def _doubles(text: str, start: int, end: int) -> Iterator[Quote]:
    opened, opener = -1, ""
    for match in _DOUBLE.finditer(text, start, end):
        mark, place = match.group(), match.start()
        mark = '"' if mark in _TYPED else mark
        if opened < 0:
            if mark in _OPENERS or (mark in '"»' and _may_open(text, place, match.end(), start, end)):
                opened, opener = place, mark
        elif mark in _CLOSERS[opener] and not (mark == '"' and _only_opens(text, place, match.end(), start, end)):
            yield Quote(opened, match.end(), True)
            opened = -1
        elif mark == opener:
            opened = place
    if opened >= 0 and (opened == start or text[opened + 1 : opened + 2].isupper()):
        yield Quote(opened, end, False)


def _may_open(text: str, place: int, after: int, start: int, end: int) -> bool:
    """A straight mark opens where no word stands before it and something stands after it."""
    if after >= end or text[after].isspace():
        return False
    return place == start or not (text[place - 1].isalnum() or text[place - 1] in ".,!?")


def _only_opens(text: str, place: int, after: int, start: int, end: int) -> bool:
    """Space before and a letter after: this straight mark can't close, so the earlier one was never closed."""
    return place > start and text[place - 1].isspace() and after < end and text[after].isalnum()


def _singles(text: str, start: int, end: int) -> Iterator[Quote]:
    """Single quotes, in paragraphs without double ones; apostrophes neither open nor close them."""
    closers = [match.end() for match in _SINGLE_CLOSE.finditer(text, start, end)]
    reached = start
    for match in _SINGLE_OPEN.finditer(text, start, end):
        if match.start() < reached:
            continue
        place = bisect_left(closers, match.end() + 1)
        if place == len(closers):
            return
        yield Quote(match.start(), closers[place], True)
        reached = closers[place]
