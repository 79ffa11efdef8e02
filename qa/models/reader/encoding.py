"""How a question and a passage become the tokens that the reader's network takes, in training and at run time alike.

``[CLS] question [SEP] head [SEP] text [SEP]``; the question is segment 0, all after it segment 1. What doesn't fit into
one reading becomes several windows that overlap, each with the question and the head in front.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.models.reader.passage import ReaderPassage

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENS = 320  # the longest reading; a passage of the default size has about 130
QUESTION, HEAD = 64, 48  # at most so many tokens of each
OVERLAP = 64  # tokens of text that two neighbouring windows share
PAD, UNKNOWN, CLS, SEP, MASK = 0, 100, 101, 102, 103
MARKERS = frozenset({PAD, CLS, SEP, MASK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One reading. ``ids`` and ``segments`` are for each token; text tokens are those from ``first`` on, without the
    last [SEP]. ``offsets`` are the text tokens' ranges [start, end) in the passage's text.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]

    def sentence_tokens(self, sentences: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """For each sentence the range [first, last) of its tokens among all of the window's; an empty range where it
        has none here.
        """
        return tuple(self._range(start, end) for start, end in sentences)

    def _range(self, start: int, end: int) -> tuple[int, int]:
        inside = [place for place, (begin, stop) in enumerate(self.offsets) if begin < end and stop > start]
        return (self.first + inside[0], self.first + inside[-1] + 1) if inside else (0, 0)


class Encoder:
    """Makes windows with one tokenizer, which must have neither padding nor truncation."""

    def __init__(self, tokenizer: Tokenizer, *, tokens: int = TOKENS) -> None:
        if tokens < QUESTION + HEAD + 3 + 2 * OVERLAP:
            raise ValueError(f"windows of {tokens} tokens have no room for a text")
        self._tokenizer = tokenizer
        self._tokens = tokens

    def windows(self, question: str, passage: ReaderPassage) -> Iterator[Window]:
        """The windows of a passage, in order; one with no text tokens where the text has no word."""
        front = [CLS, *self._plain(question)[0][:QUESTION], SEP]
        head = [*self._plain(passage.head)[0][:HEAD], SEP]
        ids, offsets = self._plain(passage.text)
        room = self._tokens - len(front) - len(head) - 1
        for begin in _begins(len(ids), room):
            inside = ids[begin : begin + room]
            whole = (*front, *head, *inside, SEP)
            yield Window(
                ids=whole,
                segments=(0,) * len(front) + (1,) * (len(whole) - len(front)),
                first=len(front) + len(head),
                offsets=tuple(offsets[begin : begin + room]),
            )

    def _plain(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Token ids and offsets in code points. A lone surrogate has no UTF-8; it's read as "?". And a text that spells
        out a marker ("[SEP]") doesn't make one: what documents say is data.
        """
        encoded = self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"), add_special_tokens=False)
        return [UNKNOWN if one in MARKERS else one for one in encoded.ids], encoded.offsets


def _begins(total: int, room: int) -> Iterator[int]:
    """Where windows of ``room`` tokens begin so that they overlap and the last one is full."""
    begin = 0
    while begin + room < total:
        yield begin
        begin = min(begin + room - OVERLAP, total - room)
    yield begin
