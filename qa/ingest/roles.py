"""What each block of an article is: body, headline, caption or junk. Structural and conservative.

Only a block that stands on its own line, is short, and has the shape of a headline, a caption or page furniture is
anything but body: a false headline costs nothing but a subheading, a lost paragraph costs an answer. Shapes of
lines are in ``qa.ingest.junk``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa.ingest.blocks import Block
from qa.ingest.captions import credit
from qa.ingest.junk import LONGEST_LINE, is_byline, is_junk
from qa.types import Role

_TOP = 8
_LONGEST_TITLE = 200
_LONGEST_HEADING = 90
_MOST_WORDS = 12
_WORDS = re.compile(r"[^\W_]+")
_MARKDOWN = re.compile(r"#{1,6}\s")
_UNDERLINE = re.compile(r"(?:=|-|~){3,}\Z")
_PROSE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\Z")
_NO_HEADING_END = ".,;:…。।-–—"
_NO_SUBHEADING_END = _NO_HEADING_END + ")]"
_FIGURES = re.compile(r": |[$€£|\t]")  # prices and table rows say something
_OPENING = "\"'“‘«(["


def roles(text: str, found: Sequence[Block], *, title: str = "") -> list[Role]:
    """One role for each of the blocks ``found`` in ``text``. ``title`` is the article's, as its metadata has it."""
    decided = [Role.BODY] * len(found)
    lines = [text[block.start : block.end] if block.end - block.start <= LONGEST_LINE else "" for block in found]
    _mark_furniture(found, lines, decided)
    _mark_twins(lines, decided)
    if title:
        _mark_title(lines, decided, title)
    _mark_headings(_Page(text, found, lines, decided))
    if Role.BODY not in decided and len(found) == 1:
        return [_lone(lines[0], decided[0])]
    return decided


def _lone(line: str, role: Role) -> Role:
    """A text of one block is what somebody wanted to keep, unless it has no words."""
    return Role.BODY if role is not Role.JUNK or _WORDS.search(line) else role


def _mark_furniture(found: Sequence[Block], lines: list[str], decided: list[Role]) -> None:
    for index, line in enumerate(lines):
        if not line:
            continue
        if is_junk(line) or (index < _TOP and is_byline(line)):
            decided[index] = Role.JUNK
        elif not found[index].item and credit(line) is not None:
            decided[index] = Role.CAPTION


def _mark_twins(lines: list[str], decided: list[Role]) -> None:
    """A line equal to a caption without its credit is that caption once more (a list of captions above an article)."""
    captions = set()
    for line, role in zip(lines, decided, strict=True):
        if role is Role.CAPTION:
            begin = credit(line)
            captions.add(_key(line[:begin] if begin else line))
    captions.discard("")
    if not captions:
        return
    for index, line in enumerate(lines):
        if line and decided[index] is Role.BODY and _key(line) in captions:
            decided[index] = Role.CAPTION


def _mark_title(lines: list[str], decided: list[Role], title: str) -> None:
    wanted = _key(title)
    for index, line in enumerate(lines[:_TOP]):
        if line and len(line) <= _LONGEST_TITLE and _same_title(_key(line), wanted):
            decided[index] = Role.HEADLINE


def _same_title(line: str, title: str) -> bool:
    """Equal, one with a site's name behind it, or nearly all words in common."""
    if not line or not title:
        return False
    if line == title:
        return True
    ours, theirs = line.split(), title.split()
    if min(len(ours), len(theirs)) >= 4 and (line.startswith(title + " ") or title.startswith(line + " ")):
        return abs(len(ours) - len(theirs)) <= 6
    common = len(set(ours) & set(theirs))
    return common >= 4 and common >= 0.85 * max(len(set(ours)), len(set(theirs)))


def _key(line: str) -> str:
    return " ".join(_WORDS.findall(line.casefold()))


class _Page(NamedTuple):
    """The blocks of a text with their lines (empty where too long to be one) and what is decided so far."""

    text: str
    found: Sequence[Block]
    lines: list[str]
    decided: list[Role]


def _mark_headings(page: _Page) -> None:
    top = True
    for index, line in enumerate(page.lines):
        if page.decided[index] is not Role.BODY:
            continue
        if line and _is_heading(page, index, top=top):
            page.decided[index] = Role.HEADLINE
        top = False


def _is_heading(page: _Page, index: int, *, top: bool) -> bool:
    """``top``: it is the first line that may be body."""
    line, block = page.lines[index], page.found[index]
    if _MARKDOWN.match(line):
        return len(line) <= _LONGEST_TITLE
    if block.item or block.lines > (2 if top else 1):
        return False
    follower = _next_body(page.decided, index)
    if follower is None:
        return False
    if _is_underlined(page, index):
        return len(line) <= _LONGEST_TITLE
    below = page.found[follower]
    if not _is_prose(page.text, below) or below.end - below.start <= len(line):
        return False
    if top:
        return _like_title(line) and (below.paragraph != block.paragraph or below.end - below.start > 2 * len(line))
    return _stands_alone(page, index, below) and _like_heading(line)


def _is_underlined(page: _Page, index: int) -> bool:
    below = index + 1
    if below >= len(page.lines) or page.found[below].paragraph != page.found[index].paragraph:
        return False
    return _UNDERLINE.match(page.lines[below]) is not None


def _stands_alone(page: _Page, index: int, below: Block) -> bool:
    """Blank lines on both sides, and not the last of a run of short lines (a list, a poem)."""
    block, above = page.found[index], page.found[index - 1]
    if page.decided[index - 1] is Role.BODY and not above.item and not _ends_prose(page.text, above):
        return False
    return above.paragraph != block.paragraph and below.paragraph != block.paragraph


def _next_body(decided: list[Role], index: int) -> int | None:
    for later in range(index + 1, min(index + 6, len(decided))):
        if decided[later] is Role.BODY:
            return later
    return None


def _is_prose(text: str, block: Block) -> bool:
    """Long enough and closed by an end mark."""
    return block.end - block.start >= 80 and _ends_prose(text, block)


def _ends_prose(text: str, block: Block) -> bool:
    return _PROSE_END.search(text, max(block.start, block.end - 4), block.end) is not None


def _like_title(line: str) -> bool:
    words = line.split()
    return (
        len(line) <= _LONGEST_TITLE
        and 2 <= len(words) <= 25
        and line[-1] not in _NO_HEADING_END
        and _starts_upright(line)
        and ". " not in line
    )


def _like_heading(line: str) -> bool:
    words = line.split()
    return (
        len(line) <= _LONGEST_HEADING
        and len(words) <= _MOST_WORDS
        and line[-1] not in _NO_SUBHEADING_END
        and not _PROSE_END.search(line)
        and _starts_upright(line)
        and not _FIGURES.search(line)
    )


def _starts_upright(line: str) -> bool:
    bare = line.lstrip(_OPENING + "*_ ")
    return bool(bare) and not bare[0].islower() and bare[0].isalnum()
