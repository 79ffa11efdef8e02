"""An article cut where gold spans and cited spans begin and end, and shortened to what stands around these.

Nothing here knows about items or pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from qa.types import Span

#: Code points kept on each side of an edge of a mark.
CONTEXT = 240
#: A stretch shorter than this isn't worth cutting out.
SHORTEST_GAP = 160
#: A longer stretch is counted, not carried along.
LONGEST_GAP = 20_000
#: An article shows at most so many pieces; the rest is counted.
MOST_PIECES = 60


class Mark(StrEnum):
    """What a character of an article is."""

    NONE = "none"
    GOLD = "gold"
    CITED = "cited"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Segment:
    """The characters ``[start, end)`` of an article, all of one mark."""

    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article as it is shown. A ``gap`` is folded away; its ``text`` is empty where it is too long to
    be carried along. ``size`` counts the article's characters.
    """

    text: str
    mark: Mark
    size: int
    gap: bool = False


_MARKS = {
    (False, False): Mark.NONE,
    (True, False): Mark.GOLD,
    (False, True): Mark.CITED,
    (True, True): Mark.BOTH,
}


def segments(length: int, gold: Iterable[Span], cited: Iterable[Span]) -> tuple[Segment, ...]:
    """``[0, length)`` in order, without a hole, no two neighbours of one mark; what lies outside is left out.

    Spans may overlap. Takes n log n time in the number of spans.
    """
    steps: dict[int, list[int]] = {0: [0, 0], length: [0, 0]}
    for which, spans in enumerate((gold, cited)):
        for span in spans:
            start, end = max(span.start, 0), min(span.end, length)
            if start < end:
                steps.setdefault(start, [0, 0])[which] += 1
                steps.setdefault(end, [0, 0])[which] -= 1
    found: list[Segment] = []
    depth = [0, 0]
    for start, end in pairwise(sorted(steps)):
        depth = [deep + step for deep, step in zip(depth, steps[start], strict=True)]
        mark = _MARKS[depth[0] > 0, depth[1] > 0]
        if found and found[-1].mark is mark:
            start = found.pop().start
        found.append(Segment(start, end, mark))
    return tuple(found)


def pieces(text: str, cut: Sequence[Segment], *, whole: bool = True) -> tuple[Piece, ...]:
    """``text``, cut into segments, with all that is far from an edge of a mark folded into gaps.

    The pieces' sizes add up to the text's length. Without ``whole`` no gap carries its text.
    """
    every = [piece for segment in cut for piece in _shortened(text, segment, whole=whole)]
    if len(every) <= MOST_PIECES:
        return tuple(every)
    rest = sum(piece.size for piece in every[MOST_PIECES:])
    return (*every[:MOST_PIECES], Piece("", Mark.NONE, rest, gap=True))


def _shortened(text: str, segment: Segment, *, whole: bool) -> Iterator[Piece]:
    marked = segment.mark is not Mark.NONE
    start = segment.start + CONTEXT if marked or segment.start > 0 else 0
    end = segment.end - CONTEXT if marked or segment.end < len(text) else len(text)
    if end - start < SHORTEST_GAP:
        yield _piece(text, segment.start, segment.end, segment.mark)
        return
    start, end = _at_word(text, start, -1), _at_word(text, end, 1)
    if segment.start < start:
        yield _piece(text, segment.start, start, segment.mark)
    carried = text[start:end] if whole and end - start <= LONGEST_GAP else ""
    yield Piece(carried, segment.mark, end - start, gap=True)
    if end < segment.end:
        yield _piece(text, end, segment.end, segment.mark)


def _piece(text: str, start: int, end: int, mark: Mark) -> Piece:
    return Piece(text[start:end], mark, end - start)


def _at_word(text: str, at: int, step: int) -> int:
    """Where the gap that begins (``step`` -1) or ends (1) at ``at`` meets the edge of a word, if that is near."""
    for here in range(at, at + 24 * step, step):
        if not 0 < here < len(text):
            return at
        kept, folded = (text[here - 1], text[here]) if step < 0 else (text[here], text[here - 1])
        if folded.isspace() and not kept.isspace():
            return here
    return at
