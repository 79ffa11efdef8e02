"""Consecutive body sentences put together to passages: what is embedded, found and shown to a reader.

A passage never spans a headline, a caption or junk; borders prefer those of paragraphs, and keep a quote with the
sentence that says who spoke. Sizes are in code points: a passage of all-MiniLM's 128 tokens has about 550.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.types import PassageSpan, Role, SentenceSpan

TARGET = 550

# "He also noted", "she said": without the sentence before, nobody knows who.
_LEANS_BACK = re.compile(r"(?:He|She|They|It|His|Her|Their|Its|This|That|These|Those|But|And|So|However|Such)\b")
_QUOTE_OPENS = '"“«„'
_QUOTE_ENDS = '"”»“'


class Sizes(NamedTuple):
    """In code points: the size aimed at, the smallest that stands alone, the largest of more than one sentence."""

    target: int
    smallest: int
    largest: int


def sizes(target: int) -> Sizes:
    """The bounds that go with ``target``; the largest is 900 for the default."""
    return Sizes(target=target, smallest=target * 2 // 5, largest=target + target * 7 // 11)


def passages(
    text: str, sentences: Sequence[SentenceSpan], paragraphs: Sequence[int], *, target: int = TARGET
) -> list[PassageSpan]:
    """Passages over the body sentences; each is in exactly one. ``paragraphs`` numbers each sentence's paragraph."""
    bounds = sizes(target)
    found: list[PassageSpan] = []
    for first, last in _runs(sentences):
        for begin, stop in _pack(text, sentences, paragraphs, first, last, bounds):
            found.append(PassageSpan(start=sentences[begin].start, end=sentences[stop - 1].end, first=begin, last=stop))
    return found


def _runs(sentences: Sequence[SentenceSpan]) -> Iterator[tuple[int, int]]:
    """Ranges ``[first, last)`` of consecutive body sentences."""
    first = None
    for index, sentence in enumerate(sentences):
        if sentence.role is Role.BODY:
            if first is None:
                first = index
        elif first is not None:
            yield first, index
            first = None
    if first is not None:
        yield first, len(sentences)


def _pack(
    text: str, sentences: Sequence[SentenceSpan], paragraphs: Sequence[int], first: int, last: int, bounds: Sizes
) -> Iterator[tuple[int, int]]:
    """The run ``[first, last)`` cut into ranges, front to back, each at the best border within reach."""
    end = sentences[last - 1].end
    while first < last:
        left = end - sentences[first].start
        if left <= bounds.target + bounds.smallest and left <= bounds.largest:
            stop = last
        else:
            stop = _best_border(text, sentences, paragraphs, first, last, bounds)
        yield first, stop
        first = stop


def _best_border(
    text: str, sentences: Sequence[SentenceSpan], paragraphs: Sequence[int], first: int, last: int, bounds: Sizes
) -> int:
    """Where the passage that begins with sentence ``first`` should end (exclusive)."""
    start, end = sentences[first].start, sentences[last - 1].end
    best, least = first + 1, float("inf")
    for stop in range(first + 1, last + 1):
        size = sentences[stop - 1].end - start
        if size > bounds.largest and stop > first + 1:
            break
        rest = end - sentences[stop].start if stop < last else bounds.target
        cost = abs(size - bounds.target) / bounds.target
        cost += 0.6 * (rest < bounds.smallest) + 0.6 * (size < bounds.smallest)
        if cost < least and stop < last:
            cost += _border_cost(text, sentences, paragraphs, stop)
        if cost < least:
            best, least = stop, cost
    return best


def _border_cost(text: str, sentences: Sequence[SentenceSpan], paragraphs: Sequence[int], stop: int) -> float:
    """How much is torn by a border before sentence ``stop``: 0 between paragraphs that stand alone."""
    following = sentences[stop]
    before = text[sentences[stop - 1].end - 1]
    cost = 0.0 if paragraphs[stop] != paragraphs[stop - 1] else 0.35
    if _LEANS_BACK.match(text, following.start) is not None:
        cost += 0.15
    if before in _QUOTE_ENDS and text[following.start] not in _QUOTE_OPENS:
        cost += 0.1
    return cost
