"""A text's lines put together to blocks: the paragraphs, list items, headings and table rows that sentences never
cross.

A blank line always ends a block. A single line break ends one unless the lines are prose that was wrapped at a
fixed width: then the next line's first word wouldn't have fitted any more. What a block *is* (junk, headline) is
decided in ``qa.ingest.roles``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

# Every line break of Unicode; form feed and paragraph separator count as blank lines.
_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_HARD_BREAKS = ("\x0c", "\u2029")
_ITEM = re.compile(r"(?:[•▪●◦‣⁃∙■□➤►✓✔*+–—-]|\(?(?:\d{1,3}|[A-Za-z]|[ivxlc]{2,5})[.)])\s")
# Also how a line of wrapped prose may begin: an initial, a dash, a number.
_MAYBE_ITEM = re.compile(r"(?:[–—-]|(?:\d{1,3}|[A-Z])\.|\([A-Z]\))\s")
_HEADING = re.compile(r"#{1,6}\s")
_COLUMNS = re.compile(r"\t|\S {3,}\S|\S\s*\|\s*\S")

_STOPS = ".!?:"

# Widths at which people and programs wrap prose.
_NARROWEST, _WIDEST = 40, 120


class Block(NamedTuple):
    """``[start, end)`` without outer white space, of ``lines`` lines; ``paragraph`` counts groups between blanks."""

    start: int
    end: int
    paragraph: int
    lines: int
    item: bool


class _Line(NamedTuple):
    start: int
    end: int
    item: bool
    apart: bool  # a heading or table row, never joined with a neighbour


def blocks(text: str) -> list[Block]:
    """The blocks of ``text``, in order; together they cover everything but white space. Linear time."""
    groups = _groups(text)
    usual = _usual_width(groups)
    found: list[Block] = []
    for number, group in enumerate(groups):
        found.extend(_joined(text, group, number, usual))
    return found


def _groups(text: str) -> list[list[_Line]]:
    """Lines between blank lines."""
    groups: list[list[_Line]] = []
    previous_end = -1
    fresh = True
    for match in _LINE.finditer(text):
        raw = match.group()
        body = raw.strip()
        if not body:
            fresh = True
            continue
        begin = match.start()
        if begin - previous_end != 1 or text[begin - 1] in _HARD_BREAKS:
            fresh = True
        previous_end = match.end()
        line = _line(raw, body, begin)
        if fresh:
            groups.append([line])
            fresh = False
        else:
            groups[-1].append(line)
    return groups


def _line(raw: str, body: str, begin: int) -> _Line:
    start = begin + len(raw) - len(raw.lstrip())
    item = _ITEM.match(body) is not None
    apart = _HEADING.match(body) is not None or (len(body) <= 400 and _COLUMNS.search(body) is not None)
    return _Line(start, start + len(body), item, apart)


def _width(group: list[_Line]) -> int:
    return max(line.end - line.start for line in group)


def _usual_width(groups: list[list[_Line]]) -> int:
    """The width that the text is wrapped at, from its longer groups; 0 where it isn't."""
    widths = sorted(width for group in groups if len(group) > 2 and _NARROWEST <= (width := _width(group)) <= _WIDEST)
    return widths[len(widths) // 2] if widths else 0


def _joined(text: str, group: list[_Line], number: int, usual: int) -> list[Block]:
    first = group[0]
    if len(group) == 1:
        return [Block(first.start, first.end, number, 1, first.item)]
    width = _width(group) if len(group) > 2 or not usual else max(usual, _width(group))
    found: list[Block] = []
    start, lines, item = first.start, 1, first.item
    for line, after in pairwise(group):
        if _wrapped(text, line, after, width, listed=item):
            lines += 1
            continue
        found.append(Block(start, line.end, number, lines, item))
        start, lines, item = after.start, 1, after.item
    found.append(Block(start, group[-1].end, number, lines, item))
    return found


def _wrapped(text: str, line: _Line, after: _Line, width: int, *, listed: bool) -> bool:
    """Whether the break between two lines is only where the line was full; ``listed``: in an item of a list."""
    if line.apart or after.apart:
        return False
    if after.item and (listed or text[line.end - 1] in _STOPS or not _MAYBE_ITEM.match(text, after.start)):
        return False
    if _is_fragment(text, line) or _is_fragment(text, after):
        return True
    length = line.end - line.start
    if length < _NARROWEST or width > _WIDEST:
        return False
    opening = text[after.start : min(after.end, after.start + width)]
    word = opening.split(maxsplit=1)[0]
    full = length + 1 + len(word) > width
    return full or (opening[0].islower() and text[line.end - 1] not in _STOPS)


def _is_fragment(text: str, line: _Line) -> bool:
    """A mark or two on a line of their own: a formula that was torn. Rules (``***``) are longer."""
    return line.end - line.start <= 2 and not any(mark.isalnum() for mark in text[line.start : line.end])
